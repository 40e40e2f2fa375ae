"""The PBX itself: its channels, from their first event to their last."""

import itertools
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, Protocol

from telephony.demo.engine.bridge import Bridge
from telephony.demo.engine.bridging import leave
from telephony.demo.engine.channel import NOBODY, Channel, Party
from telephony.demo.engine.clock import Clock
from telephony.demo.engine.device import Device
from telephony.demo.engine.events import CAUSES, DOWN, RING, UP, Event, Headers
from telephony.demo.engine.states import States
from telephony.demo.engine.tasks import Scheduler, Steps, Task

if TYPE_CHECKING:
    from telephony.demo.engine.parking import ParkingLot

VERSION: Final = "22.10.1"
EXPLICIT: Final = 32  # AST_SOFTHANGUP_EXPLICIT: what SoftHangupRequest tells of an AMI Hangup
APP_UNLOAD: Final = 16  # AST_SOFTHANGUP_APPUNLOAD: the dialplan has ended

Dialplan = Callable[["Pbx", Channel], Steps]


class Extensions(Protocol):
    """extensions.conf."""

    def __call__(self, pbx: "Pbx", channel: Channel) -> Steps:
        """What the channel executes at its `exten`."""

    def knows(self, pbx: "Pbx", context: str, exten: str) -> bool:
        """Whether there is such an extension."""

    def parks_at(self, exten: str) -> "ParkingLot | None":
        """The lot whose `parkext` it is: who is transferred there is parked."""


class Pbx(Scheduler):
    """Channels live here. Who listens gets every event, in order."""

    def __init__(self, clock: Clock, dialplan: Extensions) -> None:
        super().__init__(clock)
        self.dialplan = dialplan
        self.started = clock.now()
        self.channels: dict[str, Channel] = {}
        self.by_uniqueid: dict[str, Channel] = {}
        self.states = States(self.emit)
        self.variables: dict[str, str] = {}
        self.listeners: list[Callable[[Event], None]] = []
        self.processed_calls = 0
        self._ids = itertools.count(1)
        self._names = itertools.count(0)

    # --- Events -----------------------------------------------------------------------------------------------------
    def emit(self, name: str, headers: Headers, privilege: str = "call") -> None:
        """Tell everybody."""
        if self.listeners:
            event = Event(name, privilege, headers)
            for listener in self.listeners:
                listener(event)

    def tell(self, name: str, channel: Channel, *more: tuple[str, str]) -> None:
        """An event about a channel: its snapshot and what else there is."""
        self.emit(name, [*channel.headers(), *more])

    # --- Birth ------------------------------------------------------------------------------------------------------
    def unique_id(self) -> str:
        """Seconds and a running number, as Asterisk makes them."""
        return f"{int(self.clock.now())}.{next(self._ids)}"

    def new_channel(  # noqa: PLR0913 - all by name
        self,
        *,
        name: str = "",
        device: Device | None = None,
        caller: Party = NOBODY,
        state: int = DOWN,
        context: str = "",
        exten: str = "s",
        linkedid: str = "",
        uniqueid: str = "",
        outgoing: bool = False,
    ) -> Channel:
        """Newchannel. With a device the name is made from it and its state changes.

        `linkedid` empty: a call of its own.
        """
        uniqueid = uniqueid or self.unique_id()
        if device:
            name = f"{device.name}-{next(self._names):08x}"
            context = context or device.context
        channel = Channel(
            name=name,
            uniqueid=uniqueid,
            linkedid=linkedid or uniqueid,
            created=self.clock.now(),
            gone=self.signal(),
            device=device,
            state=state,
            caller=caller,
            context=context,
            exten=exten,
            outgoing=outgoing,
        )
        self.channels[name] = self.by_uniqueid[uniqueid] = channel
        self.processed_calls += not linkedid
        self.tell("Newchannel", channel)
        if device:
            device.channels.append(channel)
            self.states.device_changed(device)
        return channel

    def incoming(self, device: Device, exten: str, caller: Party | None = None) -> Channel | None:
        """A phone (or the trunk) calls: the channel runs the dialplan at `exten`.

        None: the dialplan does not know the number at all; chan_pjsip says 404 before there is a channel.
        """
        if not self.dialplan.knows(self, device.context, exten):
            return None
        channel = self.new_channel(device=device, caller=caller or device.party, state=RING, exten=exten)
        self.run(channel, self.dialplan(self, channel))
        return channel

    # --- Life -------------------------------------------------------------------------------------------------------
    def run(self, channel: Channel, steps: Steps) -> None:
        """Let the channel execute `steps` instead of what it did; when they end, it is hung up."""
        if channel.task:
            channel.task.stop()
        task = channel.task = Task(self, steps)
        task.owner = channel
        task.done.then(lambda _: self._ran_out(task))
        task.start()

    def _ran_out(self, task: Task) -> None:
        owner = task.owner
        if isinstance(owner, Channel) and owner.task is task:
            self.end(owner, owner.cause or 16)

    def goto(self, channel: Channel, context: str, exten: str, priority: int = 1) -> None:
        """Run the dialplan elsewhere."""
        channel.context, channel.exten, channel.priority = context, exten, priority
        self.run(channel, self.dialplan(self, channel))

    def set_state(self, channel: Channel, state: int) -> None:
        """Newstate, and what it means for the device."""
        if channel.state == state or channel.ending:
            return
        channel.state = state
        self.tell("Newstate", channel)
        self.device_of(channel)
        one = channel.peer
        if state == UP and one and one.outcome and not one.outcome.fired:  # the other half of a Local/ hears the answer
            self.set_state(one, UP)
            one.outcome.fire("answer")

    def answer(self, channel: Channel) -> None:
        """Answer() of the dialplan, or a dialled phone that was lifted."""
        self.set_state(channel, UP)

    def set_caller(self, channel: Channel, party: Party) -> None:
        """NewCallerid, if it is news."""
        if channel.caller != party:
            channel.caller = party
            self.tell("NewCallerid", channel, ("CID-CallingPres", "0 (Presentation Allowed, Not Screened)"))

    def set_connected(self, channel: Channel, party: Party) -> None:
        """NewConnectedLine, if it is news."""
        if channel.connected != party:
            channel.connected = party
            self.tell("NewConnectedLine", channel)

    def device_of(self, channel: Channel) -> None:
        """The channel's device may look different now."""
        if channel.device:
            self.states.device_changed(channel.device)

    def rename(self, channel: Channel, name: str) -> None:
        """Rename: what a masquerade leaves behind."""
        del self.channels[channel.name]
        self.emit("Rename", [("Channel", channel.name), ("Newname", name), ("Uniqueid", channel.uniqueid)])
        channel.name = name
        self.channels[name] = channel

    # --- End --------------------------------------------------------------------------------------------------------
    def request_hangup(self, channel: Channel, cause: int = 16, tech_cause: int = 0) -> None:
        """The device has hung up or refused (cause 0: with a plain BYE and nobody to talk to)."""
        if channel.ending:
            return
        channel.tech_cause = tech_cause
        tech = [("TechCause", str(tech_cause))] if tech_cause else []
        why = [("Cause", str(cause))] if cause else []
        self.tell("HangupRequest", channel, *why, *tech)
        if channel.outcome and not channel.outcome.fired:
            channel.cause = cause
            channel.outcome.fire((cause, tech_cause))
        else:
            self.end(channel, cause)

    def command_hangup(self, channel: Channel, cause: int = 16) -> None:
        """Action Hangup."""
        self.tell("SoftHangupRequest", channel, ("Cause", str(EXPLICIT)))
        if channel.outcome and not channel.outcome.fired:
            channel.cause = cause
            channel.outcome.fire((cause, 0))
        else:
            self.end(channel, cause)

    def end(self, channel: Channel, cause: int = 16) -> None:
        """Take it out of its bridge, stop what it executes, and let it go."""
        if channel.ending:
            return
        channel.ending = True
        channel.cause = cause
        if channel.on_end:
            channel.on_end()
        leave(self, channel)
        if channel.task:
            channel.task.stop()
        self.post(lambda: self.post(lambda: self._finish(channel)))  # after the legs it was ringing

    def _finish(self, channel: Channel) -> None:
        tech = [("TechCause", str(channel.tech_cause))] if channel.tech_cause else []
        if channel.task:
            self.tell("SoftHangupRequest", channel, ("Cause", str(APP_UNLOAD)), *tech)
        del self.channels[channel.name], self.by_uniqueid[channel.uniqueid]
        text = CAUSES.get(channel.cause, "Unknown")
        self.tell("Hangup", channel, ("Cause", str(channel.cause)), ("Cause-txt", text), *tech)
        if channel.device:
            channel.device.channels.remove(channel)
            self.states.device_changed(channel.device)
        channel.gone.fire(channel.cause)
        if channel.peer and not channel.peer.ending:
            self.tell("HangupRequest", channel.peer, ("Cause", str(channel.cause or 16)))
            self.end(channel.peer, channel.cause or 16)

    # --- Looking around ---------------------------------------------------------------------------------------------
    def find(self, name: str) -> Channel | None:
        """By name or uniqueid, as AMI's Channel header allows."""
        return self.channels.get(name) or self.by_uniqueid.get(name)

    def bridges(self) -> list[Bridge]:
        """Every bridge in use, oldest member's first."""
        return list(dict.fromkeys(channel.bridge for channel in self.channels.values() if channel.bridge))
