"""What an administrator types as the PBX's address → where to connect and how. Pure.

Understood: `pbx.example`, `pbx.example:5039`, `192.0.2.7`, `[2001:db8::7]:5038`, `https://pbx.example:8089/asterisk`,
an address copied from a browser (`http://pbx:8088/asterisk/rawman`), and `ami://` or `amis://`.
"""

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import SplitResult, unquote, urlsplit

from telephony.ami.account import Transport

AMI, AMI_TLS, AJAM, AJAM_TLS = 5038, 5039, 8088, 8089  # ports by convention
_BY_SCHEME: Final[dict[str, tuple[Transport, bool, int]]] = {
    "ami": ("ami", False, AMI),
    "amis": ("ami", True, AMI_TLS),
    "http": ("ajam", False, AJAM),
    "https": ("ajam", True, AJAM_TLS),
}
_BY_PORT: Final[dict[int, tuple[Transport, bool]]] = {
    AMI: ("ami", False),
    AMI_TLS: ("ami", True),
    AJAM: ("ajam", False),
    AJAM_TLS: ("ajam", True),
}
_PAGE: Final = re.compile(r"/a?(rawman|manager|mxml)$")  # of AJAM, behind the prefix
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")
_NOT_IN_A_HOST: Final = re.compile(r"[\s/\\@?#<>\"'`%]")
_NOT_IN_A_PREFIX: Final = re.compile(r"[\s\x00-\x1f\x7f?#\\]|//|/\.\.?(/|$)")  # a prefix may have been %-encoded


@dataclass(frozen=True, slots=True)
class Address:
    """Fields of a Pbx row and of an AmiAccount, by the same names."""

    host: str
    port: int
    transport: Transport
    tls: bool
    http_prefix: str  # "" or "/asterisk"


class AddressError(ValueError):
    """It cannot be understood. `code`: empty, scheme, host, port, credentials, query."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def parse_address(text: str, port: int | None = None) -> Address:
    """`port` is that of a field of its own; one that stands in the text counts more. Raises AddressError.

    Without a scheme the port decides: 5038 AMI, 5039 AMI over TLS, 8088 AJAM, 8089 AJAM over HTTPS; any other port is
    AMI over TCP, or AJAM if the text has a path.
    """
    text = text.strip()
    if not text:
        raise AddressError("empty")
    if _CONTROL.search(text):  # urlsplit would leave some of them out in silence
        raise AddressError("host")
    given = _split(text)
    prefix = _prefix(given.path)
    host = _host(given)
    own = _port(given)
    port = port if own is None else own
    if port is not None and not 1 <= port <= 65535:
        raise AddressError("port")
    if given.scheme:
        transport, tls, default = _BY_SCHEME[given.scheme]
        return Address(host, port or default, transport, tls, prefix if transport == "ajam" else "")
    port = port or (AJAM if prefix else AMI)
    transport, tls = _BY_PORT.get(port, ("ajam" if prefix else "ami", False))
    return Address(host, port, transport, tls, prefix if transport == "ajam" else "")


def _split(text: str) -> SplitResult:
    if "://" not in text:
        bare_ipv6 = text.count(":") > 1 and not text.startswith("[")
        text = f"//[{text}]" if bare_ipv6 else f"//{text}"
    try:
        given = urlsplit(text)
    except ValueError:  # a bracket without its other half
        raise AddressError("host") from None
    if given.scheme and given.scheme not in _BY_SCHEME:
        raise AddressError("scheme")
    if "@" in given.netloc:
        raise AddressError("credentials")
    if given.query or given.fragment:
        raise AddressError("query")
    return given


def _prefix(path: str) -> str:
    path = unquote(path).rstrip("/")
    prefix = _PAGE.sub("", path).rstrip("/")
    if _NOT_IN_A_PREFIX.search(prefix):
        raise AddressError("host")
    return prefix


def _host(given: SplitResult) -> str:
    host = given.hostname or ""
    if not host or _NOT_IN_A_HOST.search(host):
        raise AddressError("host")
    return host


def _port(given: SplitResult) -> int | None:
    try:
        return given.port
    except ValueError:
        raise AddressError("port") from None
