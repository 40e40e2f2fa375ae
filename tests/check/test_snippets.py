"""Lines by version, kind and address; what they do to a real Asterisk is shown in tests/pbx."""

import pytest

from telephony.check import snippets
from telephony.check.facts import Duty

LISTENER = """\
[listen]
secret = CHANGE-ME
deny = 0.0.0.0/0.0.0.0
permit = 192.0.2.10/255.255.255.255
read = call,agent,user,system
write = reporting
writetimeout = 5000
"""
OLD_FILTERS = "".join(f"eventfilter = !Event: {name}\n" for name in snippets.FILTERED)
NEW_FILTERS = "".join(f"eventfilter(action(exclude),name({name})) =\n" for name in snippets.FILTERED)


@pytest.mark.parametrize(
    ("version", "filters"),
    [
        ("", OLD_FILTERS),
        ("16.28.0", OLD_FILTERS),
        ("18.25.0", OLD_FILTERS),
        ("18.26.0", NEW_FILTERS),
        ("20.11.1", NEW_FILTERS),
        ("21.6.0", NEW_FILTERS),
        ("22.0.0", OLD_FILTERS),
        ("22.1.0", NEW_FILTERS),
        ("23.0.0", NEW_FILTERS),
    ],
)
def test_an_account(version: str, filters: str) -> None:
    made = snippets.account("asterisk", Duty.LISTEN, "listen", address="192.0.2.10", version=version)
    assert (made.file, made.text, made.command) == ("manager.conf", LISTENER + filters, "manager reload")


@pytest.mark.parametrize(
    ("address", "lines"),
    [
        ("127.0.0.1", ["deny = 0.0.0.0/0.0.0.0", "permit = 127.0.0.1/255.255.255.255"]),
        ("2001:db8::7", ["deny = 0.0.0.0/0.0.0.0", "deny = ::/0", "permit = 2001:db8::7/128"]),
        ("", ["deny = 0.0.0.0/0.0.0.0", "permit = ADDRESS-OF-THE-PORTAL/255.255.255.255"]),
        ("x\npermit = 0.0.0.0/0", ["deny = 0.0.0.0/0.0.0.0", "permit = ADDRESS-OF-THE-PORTAL/255.255.255.255"]),
    ],
)
def test_only_from_the_portal(address: str, lines: list[str]) -> None:
    assert snippets.permit(address) == lines


@pytest.mark.parametrize(
    ("kind", "files"),
    [
        ("asterisk", ["manager.conf", "extensions.conf", "http.conf", "ari.conf", "modules.conf"]),
        (
            "freepbx",
            [
                *("manager_custom.conf", "extensions_custom.conf", "http_custom.conf"),
                *("ari_additional_custom.conf", "modules.conf"),
            ],
        ),
        ("mikopbx", ["manager.conf", "extensions.conf", "http.conf", "ari.conf", "modules.conf"]),
    ],
)
def test_files_by_kind(kind: str, files: list[str]) -> None:
    made = [
        snippets.ajam_on(kind),
        snippets.hints(kind, "hints", [("101", "PJSIP/101")]),
        snippets.http_on(kind, section=True),
        *snippets.ari_on(kind, section=True),
    ]
    assert [one.file for one in made] == files


def test_hints() -> None:
    made = snippets.hints("asterisk", "hints", [("101", "PJSIP/101"), ("102", "SIP/102")])
    first, second = "exten => 101,hint,PJSIP/101&Custom:DND101", "exten => 102,hint,SIP/102&Custom:DND102"
    assert made.text == f"[hints]\n{first}\n{second}\n"


def test_the_web_server_keeps_its_address() -> None:
    assert snippets.http_on("asterisk", section=True, address_set=True, port_set=True).text == (
        "[general](+)\nenabled = yes\n"
    )
    assert snippets.http_on("asterisk", section=False).text == (
        "[general]\nenabled = yes\nbindaddr = 0.0.0.0\nbindport = 8088\n"
    )
