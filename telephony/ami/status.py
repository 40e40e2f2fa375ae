"""How a link stands, as one value: what the gateway publishes under `link`."""

from dataclasses import dataclass

from telephony.ami.reasons import Reason
from telephony.core.enums import LinkState


@dataclass(frozen=True, slots=True)
class LinkCounters:
    """Since the link was made, over all its connections."""

    bytes: int = 0
    messages: int = 0  # events and responses handed on
    skipped: int = 0  # events nobody wants, dropped before decoding
    garbage: int = 0  # blocks that are no AMI message, and lines without a colon
    oversized: int = 0  # messages over the limit, dropped
    decode_errors: int = 0  # messages with bytes that are not UTF-8 (replaced by U+FFFD)
    orphans: int = 0  # answers nobody waits for: late, twice, or not ours
    callback_errors: int = 0  # exceptions of on_event/on_status, caught and logged
    attempts: int = 0  # to connect
    logins: int = 0
    drops: int = 0  # of logged-in connections


@dataclass(frozen=True, slots=True)
class LinkStatus:
    """Times are seconds since the epoch. `reason` stays until the link is up again: a page shows it while we retry."""

    state: LinkState
    reason: Reason = Reason.NONE
    since: float = 0.0  # of this state
    data_at: float | None = None  # of the last byte from the PBX, over all connections
    version: str = ""  # Asterisk's own, "22.10.1"; empty if the account may not ask
    ami_version: str = ""  # of the greeting, "11.0.0"
    missing: tuple[str, ...] = ()  # features this account has no right to: codes of `rights.FEATURES`
    counters: LinkCounters = LinkCounters()
