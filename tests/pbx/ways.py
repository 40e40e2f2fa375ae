"""The four ways to a PBX's manager interface."""

from typing import Any, Final

from telephony.ami.account import AmiAccount
from tests.pbx.asterisk import Asterisk

WAYS: Final = ("ami", "ami-tls", "ajam-http", "ajam-https")


def way(asterisk: Asterisk, name: str) -> dict[str, Any]:
    """What an account says to come this way."""
    ports, trust = asterisk.ports, {"tls": True, "tls_ca_file": str(asterisk.inside / "keys/ca.crt")}
    ways: dict[str, dict[str, Any]] = {
        "ami": {"port": ports.ami},
        "ami-tls": {"port": ports.ami_tls, **trust},
        "ajam-http": {"port": ports.http, "transport": "ajam"},
        "ajam-https": {"port": ports.https, "transport": "ajam", **trust},
    }
    return ways[name]


def account(asterisk: Asterisk, by: str, username: str) -> AmiAccount:
    """One of the bed's accounts: full, astpanel, astpanel-listen, -control, -phone."""
    return AmiAccount(host=asterisk.host, username=username, secret=asterisk.secret, **way(asterisk, by))
