"""Where an Asterisk is and how to log in, and how patient to be with it."""

from dataclasses import dataclass, field
from typing import Literal

Transport = Literal["ami", "ajam"]  # AMI over TCP, or the same manager interface over HTTP (docs/adr/0008)


@dataclass(frozen=True, slots=True)
class AmiAccount:
    """One section of manager.conf, seen from outside."""

    host: str
    username: str
    secret: str = field(repr=False)
    port: int = 5038  # 5039 by convention for TLS; 8088 and 8089 (TLS) for AJAM
    transport: Transport = "ami"
    http_prefix: str = ""  # of AJAM: `prefix` of http.conf, "/asterisk"
    tls: bool = False  # for AJAM: https
    tls_ca_file: str = ""  # PEM file of the CA; empty = the machine's own
    tls_verify: bool = True  # False accepts any certificate: only against a self-signed PBX on a trusted network
    tls_hostname: str = ""  # the name in the certificate, when it differs from `host`
    challenge: bool = False  # log in with the MD5 challenge, so that the secret never crosses a plain link


@dataclass(frozen=True, slots=True)
class LinkTimings:
    """All in seconds."""

    connect: float = 10.0  # TCP and TLS handshake together
    greeting: float = 5.0  # for the line `Asterisk Call Manager/x`
    login: float = 10.0
    action: float = 10.0  # deadline of an action when the caller gives none
    collect: float = 30.0  # deadline of a list action when the caller gives none
    resync: float = 60.0  # for the whole hook
    ping_interval: float = 10.0  # also how long one WaitEvent of AJAM waits at most
    ping_deadline: float = 5.0
    backoff_first: float = 1.0
    backoff_max: float = 30.0
    goodbye: float = 1.0  # for the answer to Logoff
    steady: float = 10.0  # a link that was up for so long starts again from `backoff_first`
