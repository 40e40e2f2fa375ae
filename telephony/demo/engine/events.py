"""An AMI message as the demo PBX makes it, and the words Asterisk uses in it."""

from dataclasses import dataclass, field
from typing import Final

Headers = list[tuple[str, str]]

CHANNEL_STATES: Final = {
    0: "Down", 1: "Rsrvd", 2: "OffHook", 3: "Dialing", 4: "Ring", 5: "Ringing", 6: "Up", 7: "Busy",
}  # fmt: skip
CAUSES: Final = {
    0: "Unknown",
    1: "Unallocated (unassigned) number",
    3: "No route to destination",
    16: "Normal Clearing",
    17: "User busy",
    18: "No user responding",
    19: "User alerting, no answer",
    20: "Subscriber absent",
    21: "Call Rejected",
    26: "Answered elsewhere",
    34: "Circuit/channel congestion",
    38: "Network out of order",
    127: "Interworking, unspecified",
}
UNKNOWN: Final = "<unknown>"

DOWN, RING, RINGING, UP = 0, 4, 5, 6


@dataclass(slots=True)
class Event:
    """One event. `privilege` is the class an account must read to get it."""

    name: str
    privilege: str
    headers: Headers
    _bytes: bytes = field(default=b"", repr=False)

    def encode(self) -> bytes:
        """The bytes that every session gets; made once."""
        if not self._bytes:
            self._bytes = encode([("Event", self.name), ("Privilege", f"{self.privilege},all"), *self.headers])
        return self._bytes

    def fields(self) -> dict[str, str]:
        """As the product's wire reads it: of a repeated key the first value."""
        found = {"Event": self.name, "Privilege": f"{self.privilege},all"}
        for key, value in self.headers:
            found.setdefault(key, value)
        return found


def encode(headers: Headers) -> bytes:
    """`Key: value` lines and an empty line."""
    return ("".join(f"{key}: {value}\r\n" for key, value in headers) + "\r\n").encode()
