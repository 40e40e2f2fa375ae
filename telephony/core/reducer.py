"""AMI events in, changes out: the only place where the state of a PBX changes.

Nothing here raises for what an event holds or lacks: what cannot be understood changes nothing, what was missed is made
good by the next event or the next reconciliation.
"""

from collections.abc import Callable
from typing import Final

from telephony.core import channels, hints, membership, parking, queues, sync, transfers
from telephony.core.changes import Change
from telephony.core.snapshot import Event, PbxSnapshot
from telephony.core.state import PbxState

Handler = Callable[[PbxState, Event, float, list[Change]], None]

HANDLERS: Final[dict[str, Handler]] = {
    "Newchannel": channels.newchannel,
    "Newstate": channels.newstate,
    "NewCallerid": channels.newcallerid,
    "NewConnectedLine": channels.newconnectedline,
    "DialBegin": channels.dialbegin,
    "HangupRequest": channels.hanguprequest,
    "Hangup": channels.hangup,
    "Hold": channels.hold,
    "Unhold": channels.unhold,
    "LocalBridge": channels.localbridge,
    "Rename": channels.rename,
    "BridgeEnter": membership.bridgeenter,
    "BridgeLeave": membership.bridgeleave,
    "BridgeDestroy": membership.bridgedestroy,
    "BlindTransfer": transfers.blindtransfer,
    "AttendedTransfer": transfers.attendedtransfer,
    "Pickup": transfers.pickup,
    "ChanSpyStart": transfers.chanspystart,
    "ChanSpyStop": transfers.chanspystop,
    "ParkedCall": parking.parkedcall,
    "ParkedCallSwap": parking.parkedcall,
    "UnParkedCall": parking.left,
    "ParkedCallTimeOut": parking.left,
    "ParkedCallGiveUp": parking.left,
    "ExtensionStatus": hints.extensionstatus,
    "DeviceStateChange": hints.devicestatechange,
    "QueueCallerJoin": queues.callerjoin,
    "QueueCallerLeave": queues.callerleave,
    "QueueCallerAbandon": queues.callerabandon,
    "QueueMemberAdded": queues.set_member,
    "QueueMemberStatus": queues.set_member,
    "QueueMemberPause": queues.set_member,
    "QueueMemberPenalty": queues.set_member,
    "QueueMemberRemoved": queues.memberremoved,
}

WANTED_EVENTS: Final = frozenset(HANDLERS)
"""All events the reducer understands; the wire skips the others unread."""


class Reducer:
    """Holds the state of one PBX. Times are seconds since the epoch and come from the caller."""

    __slots__ = ("state",)

    def __init__(self) -> None:
        self.state = PbxState()

    def apply(self, event: Event, at: float) -> list[Change]:
        """One event. An unknown one gives no change."""
        handler = HANDLERS.get(event.get("Event", ""))
        if handler is None:
            return []
        out: list[Change] = []
        handler(self.state, event, at, out)
        return out

    def load(self, snapshot: PbxSnapshot, at: float) -> list[Change]:
        """After a login: the snapshot is the truth. Calls that vanished meanwhile end as interrupted, others go on."""
        out: list[Change] = []
        sync.load(self.state, snapshot, at, out)
        return out

    def reconcile(self, snapshot: PbxSnapshot, at: float) -> tuple[list[Change], int]:
        """Compare with the list actions while live; the second value counts what had to be mended.

        A channel the PBX does not list is only suspected the first time, since its Hangup may be on the way; it is a
        ghost if it is missing again `sync.GRACE` or more seconds later. So ask twice.
        """
        out: list[Change] = []
        return out, sync.reconcile(self.state, snapshot, at, out)

    @property
    def suspects(self) -> int:
        """Channels the last reconciliation did not find: worth asking again after `sync.GRACE` seconds."""
        return sum(1 for channel in self.state.channels.values() if channel.suspect_since is not None)
