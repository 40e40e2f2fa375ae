"""The portal's own address, for the `permit` line."""

import socket
from typing import Final

UNKNOWN: Final = ""


def towards(host: str, port: int) -> str:
    """The address this machine uses towards the host, as the PBX sees it unless a NAT lies between. Sends nothing."""
    try:
        family, kind, protocol, _name, where = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.connect(where)
            return str(probe.getsockname()[0])
    except (OSError, UnicodeError):
        return UNKNOWN
