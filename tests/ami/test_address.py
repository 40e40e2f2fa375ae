"""What people type as the address of a PBX."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony.ami.address import Address, AddressError, parse_address


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("pbx.example", Address("pbx.example", 5038, "ami", False, "")),
        (" 192.0.2.7 ", Address("192.0.2.7", 5038, "ami", False, "")),
        ("pbx.example:5039", Address("pbx.example", 5039, "ami", True, "")),
        ("pbx.example:7777", Address("pbx.example", 7777, "ami", False, "")),
        ("PBX.Example:8088", Address("pbx.example", 8088, "ajam", False, "")),
        ("pbx.example:8089", Address("pbx.example", 8089, "ajam", True, "")),
        ("pbx.example/asterisk", Address("pbx.example", 8088, "ajam", False, "/asterisk")),
        ("pbx.example:80/asterisk/", Address("pbx.example", 80, "ajam", False, "/asterisk")),
        ("http://pbx.example", Address("pbx.example", 8088, "ajam", False, "")),
        ("https://pbx.example:8089/asterisk", Address("pbx.example", 8089, "ajam", True, "/asterisk")),
        ("HTTPS://pbx.example", Address("pbx.example", 8089, "ajam", True, "")),
        ("https://pbx.example:443/a/b/rawman", Address("pbx.example", 443, "ajam", True, "/a/b")),
        ("http://pbx.example:8088/amxml", Address("pbx.example", 8088, "ajam", False, "")),
        ("http://pbx.example:5038", Address("pbx.example", 5038, "ajam", False, "")),  # said so; the check will tell
        ("ami://pbx.example:8088", Address("pbx.example", 8088, "ami", False, "")),
        ("amis://pbx.example", Address("pbx.example", 5039, "ami", True, "")),
        ("[2001:db8::7]:5039", Address("2001:db8::7", 5039, "ami", True, "")),
        ("2001:db8::7", Address("2001:db8::7", 5038, "ami", False, "")),
        ("https://[2001:db8::7]/asterisk", Address("2001:db8::7", 8089, "ajam", True, "/asterisk")),
        ("атс.пример", Address("атс.пример", 5038, "ami", False, "")),
    ],
)
def test_addresses(text: str, address: Address) -> None:
    assert parse_address(text) == address


@pytest.mark.parametrize(
    ("text", "port", "address"),
    [
        ("pbx.example", 8088, Address("pbx.example", 8088, "ajam", False, "")),
        ("pbx.example", 8089, Address("pbx.example", 8089, "ajam", True, "")),
        ("pbx.example", 5039, Address("pbx.example", 5039, "ami", True, "")),
        ("pbx.example:5038", 8088, Address("pbx.example", 5038, "ami", False, "")),
        ("http://pbx.example/asterisk", 80, Address("pbx.example", 80, "ajam", False, "/asterisk")),
    ],
)
def test_a_port_from_its_own_field(text: str, port: int, address: Address) -> None:
    assert parse_address(text, port) == address


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        ("  ", "empty"),
        ("ftp://pbx.example", "scheme"),
        ("javascript://pbx.example", "scheme"),
        ("pbx.example:99999", "port"),
        ("pbx.example:x", "port"),
        ("pbx.example:0", "port"),
        ("http://", "host"),
        ("[2001:db8::7", "host"),
        ("pbx example", "host"),
        ("pbx\nexample", "host"),
        ("pbx\\example", "host"),
        ("http://pbx/a b", "host"),
        ("http://pbx/../etc", "host"),
        ("http://pbx/%0d%0aHost:x", "host"),
        ("http://admin:secret@pbx.example", "credentials"),
        ("http://pbx.example/rawman?action=ping", "query"),
        ("http://pbx.example/#x", "query"),
    ],
)
def test_what_is_not_understood(text: str, code: str) -> None:
    with pytest.raises(AddressError) as caught:
        parse_address(text)
    assert caught.value.code == code


@given(st.text(), st.none() | st.integers())
def test_nothing_else_is_raised(text: str, port: int | None) -> None:
    try:
        address = parse_address(text, port)
    except AddressError:
        return
    assert 1 <= address.port <= 65535
    assert not set(address.host) & set(" \t\r\n/@?#")
    assert not set(address.http_prefix) & set(" \t\r\n?#")
