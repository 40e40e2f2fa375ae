"""Devices, their states, and the hints that are made of them (devicestate.c, pbx.c)."""

from dataclasses import dataclass, field
from typing import Final, Protocol

from telephony.demo.engine.channel import Channel, Party
from telephony.demo.engine.events import DOWN, RINGING

DEVICE_STATES: Final = (
    "UNKNOWN", "NOT_INUSE", "INUSE", "BUSY", "INVALID", "UNAVAILABLE", "RINGING", "RINGINUSE", "ONHOLD",
)  # fmt: skip
"""In Asterisk's order: QueueMember tells the position."""
PRECEDENCE: Final = {
    "INVALID": 0, "UNKNOWN": 1, "UNAVAILABLE": 2, "NOT_INUSE": 3, "ONHOLD": 4, "RINGING": 5, "INUSE": 6, "BUSY": 7,
    "RINGINUSE": 8,
}  # fmt: skip
EXTENSION_STATUS: Final = {
    "UNKNOWN": (0, "Idle"),
    "NOT_INUSE": (0, "Idle"),
    "INUSE": (1, "InUse"),
    "BUSY": (2, "Busy"),
    "INVALID": (4, "Unavailable"),
    "UNAVAILABLE": (4, "Unavailable"),
    "RINGING": (8, "Ringing"),
    "RINGINUSE": (9, "InUse&Ringing"),
    "ONHOLD": (16, "Hold"),
}


class Phone(Protocol):
    """The person and the telephone behind a device."""

    def incoming(self, leg: Channel) -> None:
        """A leg has begun to ring at this device."""


@dataclass(slots=True, eq=False)
class Device:
    """An endpoint of chan_pjsip. `trunk` = the way to the outside: dialled with any number."""

    name: str  # PJSIP/101
    party: Party
    context: str = "internal"
    contacts: list[str] = field(default_factory=list)  # registered addresses; empty: the phone is off
    channels: list[Channel] = field(default_factory=list)
    phone: Phone | None = None
    trunk: bool = False
    user_agent: str = ""
    told: str = ""  # the state last published

    @property
    def number(self) -> str:
        """101 of PJSIP/101."""
        return self.name.partition("/")[2]

    def state(self) -> str:
        """Computed from the contacts and the live channels, as chan_pjsip does."""
        if not self.contacts:
            return "UNAVAILABLE"
        states = [
            "RINGING" if c.state == RINGING else "ONHOLD" if c.held else "INUSE"
            for c in self.channels
            if c.state != DOWN
        ]
        return aggregate([*states, "NOT_INUSE"])


def aggregate(states: list[str]) -> str:
    """Several states as one (ast_devstate_aggregate_add)."""
    if "RINGING" in states and not {"INUSE", "ONHOLD", "BUSY"}.isdisjoint(states):
        return "RINGINUSE"
    return max(states, key=PRECEDENCE.__getitem__)
