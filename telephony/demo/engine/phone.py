"""A telephone and the hands that use it: calls, answers, refuses, holds, transfers."""

from collections.abc import Callable

from telephony.demo.engine.bridging import hold
from telephony.demo.engine.channel import Channel, Party
from telephony.demo.engine.device import Device
from telephony.demo.engine.events import RINGING, UP
from telephony.demo.engine.pbx import Pbx
from telephony.demo.engine.transfer import attended_transfer, blind_transfer

CAUSE_OF_CODE = {486: 17, 603: 21, 480: 20, 404: 1, 503: 34, 487: 127, 600: 17}
"""SIP code → Q.850 cause, as chan_pjsip translates it."""


class SipPhone:
    """The phone of one device. `on_ring` is told of each leg that begins to ring; the rest is done by its owner."""

    def __init__(self, pbx: Pbx, device: Device) -> None:
        self.pbx, self.device = pbx, device
        self.on_ring: Callable[[Channel], None] | None = None
        device.phone = self

    def incoming(self, leg: Channel) -> None:
        """See device.Phone."""
        if self.on_ring:
            self.on_ring(leg)

    def register(self, address: str = "") -> None:
        """Log in: a contact more."""
        address = address or f"sip:{self.device.number}@127.0.0.1:5060"
        if address not in self.device.contacts:
            self.device.contacts.append(address)
            self._contact(address, "NonQualified")
            if len(self.device.contacts) == 1:
                self._peer("Reachable")
        self.pbx.states.device_changed(self.device)

    def unregister(self) -> None:
        """Log out: all contacts gone. Calls that live go on."""
        for address in list(self.device.contacts):
            self.device.contacts.remove(address)
            self._contact(address, "Removed")
        self._peer("Unreachable")
        self.pbx.states.device_changed(self.device)

    def _contact(self, address: str, status: str) -> None:
        aor = self.device.number
        about = [
            ("URI", address),
            ("ContactStatus", status),
            ("AOR", aor),
            ("EndpointName", aor),
            ("RoundtripUsec", "0"),
        ]
        self.pbx.emit("ContactStatus", about, "system")

    def _peer(self, status: str) -> None:
        about = [("ChannelType", "PJSIP"), ("Peer", self.device.name), ("PeerStatus", status)]
        self.pbx.emit("PeerStatus", about, "system")

    def call(self, to: str, caller: Party | None = None, contact: str = "") -> Channel | None:
        """Dial; `caller` is what the trunk shows. None: there is no such number."""
        channel = self.pbx.incoming(self.device, to, caller)
        if channel:
            channel.contact = contact
        return channel

    def calls(self) -> list[Channel]:
        """Live channels, oldest first."""
        return [channel for channel in self.device.channels if not channel.ending]

    def ringing(self) -> list[Channel]:
        """What could be answered."""
        return [channel for channel in self.calls() if channel.state == RINGING]

    def answer(self, leg: Channel) -> None:
        """Lift. Nothing happens if it has stopped ringing."""
        if leg.state == RINGING and not leg.ending and leg.outcome and not leg.outcome.fired:
            self.pbx.post(lambda: self._lift(leg))

    def _lift(self, leg: Channel) -> None:
        if leg.outcome and not leg.outcome.fired and not leg.ending:
            self.pbx.set_state(leg, UP)
            leg.outcome.fire("answer")

    def reject(self, leg: Channel, code: int = 486) -> None:
        """Refuse with a SIP code."""
        self.pbx.post(lambda: self.pbx.request_hangup(leg, CAUSE_OF_CODE.get(code, 21), code))

    def hang_up(self, channel: Channel) -> None:
        """End one call. Before the answer that is a CANCEL, alone with the PBX a plain BYE."""
        if channel.state == RINGING:
            self.reject(channel, 603)
        elif channel.state != UP:
            self.pbx.post(lambda: self.pbx.request_hangup(channel, 127, 487))
        else:
            self.pbx.post(lambda: self.pbx.request_hangup(channel, 16 if channel.bridge else 0))

    def hold(self, channel: Channel, on: bool = True) -> None:
        """Hold key."""
        self.pbx.post(lambda: hold(self.pbx, channel, on))

    def blind_transfer(self, channel: Channel, to: str) -> None:
        """REFER."""
        self.pbx.post(lambda: blind_transfer(self.pbx, channel, self.device.context, to))

    def attended_transfer(self, call: Channel, consultation: Channel) -> None:
        """REFER with Replaces."""
        self.pbx.post(lambda: attended_transfer(self.pbx, call, consultation))
