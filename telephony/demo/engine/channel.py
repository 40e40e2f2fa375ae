"""One leg of a call inside the PBX."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

from telephony.demo.engine.events import CHANNEL_STATES, UNKNOWN, Headers
from telephony.demo.engine.tasks import Signal, Task

if TYPE_CHECKING:
    from telephony.demo.engine.bridge import Bridge
    from telephony.demo.engine.device import Device
    from telephony.demo.engine.dial import Attempt


class Party(NamedTuple):
    """Number and name as caller id carries them; empty is told as <unknown>."""

    number: str = ""
    name: str = ""


NOBODY: Final = Party()


@dataclass(slots=True, eq=False)
class Channel:
    """Names and numbers as Asterisk tells them.

    Asterisk shows `exten` of a dialled leg as what the caller dialled until it is bridged, then as nothing.
    """

    name: str
    uniqueid: str
    linkedid: str
    created: float
    gone: Signal  # fires when the channel has left the PBX
    device: "Device | None" = None
    state: int = 0
    caller: Party = NOBODY
    connected: Party = NOBODY
    context: str = ""
    exten: str = ""
    priority: int = 1
    application: str = ""
    data: str = ""
    outgoing: bool = False  # the PBX dialled it
    held: bool = False  # the other side has put it on hold
    holding: bool = False  # this side has put the other one on hold
    bridge: "Bridge | None" = None
    bridged: Signal | None = None  # fires when it leaves its present bridge
    outcome: Signal | None = None  # of a dialled leg: "answer", or (cause, SIP code)
    task: Task | None = None
    variables: dict[str, str] = field(default_factory=dict)
    cause: int = 0
    tech_cause: int = 0
    ending: bool = False
    peer: "Channel | None" = None  # the other half of a Local/ pair
    on_ringing: Callable[[], None] | None = None
    keys: Signal | None = None  # somebody waits for the keys pressed on its phone
    on_end: Callable[[], None] | None = None  # called once, before it leaves its bridge for good
    attempt: "Attempt | None" = None  # the Dial() or queue round that it leads
    contact: str = ""  # which of the device's addresses it belongs to
    optimise: bool = False  # a half of a Local/ pair that is to vanish once both ends talk

    def headers(self, prefix: str = "") -> Headers:
        """The snapshot that Asterisk puts into every event about the channel."""
        return [
            (prefix + "Channel", self.name),
            (prefix + "ChannelState", str(self.state)),
            (prefix + "ChannelStateDesc", CHANNEL_STATES[self.state]),
            (prefix + "CallerIDNum", self.caller.number or UNKNOWN),
            (prefix + "CallerIDName", self.caller.name or UNKNOWN),
            (prefix + "ConnectedLineNum", self.connected.number or UNKNOWN),
            (prefix + "ConnectedLineName", self.connected.name or UNKNOWN),
            (prefix + "Language", "ru"),
            (prefix + "AccountCode", ""),
            (prefix + "Context", self.context),
            (prefix + "Exten", self.exten),
            (prefix + "Priority", str(self.priority)),
            (prefix + "Uniqueid", self.uniqueid),
            (prefix + "Linkedid", self.linkedid),
        ]
