"""Parking lots (res_parking): a parked caller waits in a holding bridge until somebody takes it or the time is over."""

from dataclasses import dataclass, field

from telephony.demo.engine.bridge import Bridge
from telephony.demo.engine.bridging import enter, leave, move_out, new_bridge
from telephony.demo.engine.channel import Channel
from telephony.demo.engine.clock import Timer
from telephony.demo.engine.dial import DialSteps, dial
from telephony.demo.engine.events import UP, Headers
from telephony.demo.engine.pbx import Pbx
from telephony.demo.engine.tasks import Steps


@dataclass(slots=True, eq=False)
class Parked:
    """Who is parked where, since when (seconds since the epoch), for how long (seconds)."""

    channel: Channel
    lot: "ParkingLot"
    space: int
    parker: str  # PJSIP/101: who is rung when the time is over
    since: float
    timeout: float
    timer: Timer | None = None

    def headers(self) -> Headers:
        """As ParkedCall tells it."""
        passed = int(self.lot.pbx.clock.now() - self.since)
        return [
            *self.channel.headers("Parkee"),
            ("ParkerDialString", self.parker),
            ("Parkinglot", self.lot.name),
            ("ParkingSpace", str(self.space)),
            ("ParkingTimeout", str(int(self.timeout) - passed)),
            ("ParkingDuration", str(passed)),
        ]


@dataclass(slots=True, eq=False)
class ParkingLot:
    """`parkpos => 801-820`, `parkingtime => 60`."""

    pbx: Pbx
    name: str = "default"
    first: int = 801
    last: int = 820
    timeout: float = 60
    context: str = "parkedcalls"
    parked: dict[int, Parked] = field(default_factory=dict)
    bridge: Bridge | None = None

    def park(self, channel: Channel, parker: str, timeout: float = 0) -> Parked | None:
        """Put a channel into the lowest free space. None: the lot is full."""
        space = next((n for n in range(self.first, self.last + 1) if n not in self.parked), None)
        if space is None:
            return None
        self.bridge = self.bridge or new_bridge(self.pbx, "parking", "holding_bridge", "Parking", self.name)
        self.pbx.set_state(channel, UP)
        seconds = timeout or self.timeout
        parked = Parked(channel, self, space, parker, self.pbx.clock.now(), seconds)
        self.parked[space] = parked
        peer = channel.bridge
        move_out(self.pbx, channel)
        self.pbx.emit("ParkedCall", parked.headers())
        self.pbx.states.announce(f"park:{space}@{self.context}", "INUSE")
        enter(self.pbx, self.bridge, channel, join_ids=False)
        self.pbx.run(channel, self._wait(parked))
        if peer and len(peer.channels) == 1:
            self._announce(peer.channels[0], peer)
        return parked

    def _announce(self, parker: Channel, bridge: Bridge) -> None:
        """The parker hears the number of the space, then is hung up."""
        self.pbx.later(2.5, lambda: self.pbx.end(parker) if parker.bridge is bridge else None)

    def _wait(self, parked: Parked) -> Steps:
        channel = parked.channel
        over = self.pbx.sleep(parked.timeout)
        assert channel.bridged is not None  # noqa: S101 - it has just entered
        channel.bridged.then(lambda _: over.fire("taken"))
        try:
            if (yield over) == "timeout":
                self._free(parked)
                self.pbx.emit("ParkedCallTimeOut", parked.headers())
                leave(self.pbx, channel)
                channel.context, channel.exten = "park-dial", parked.parker.replace("/", "_")
                yield from dial(self.pbx, channel, [parked.parker], 30)
                return
            yield channel.gone
        finally:
            if self.parked.get(parked.space) is parked:
                self._free(parked)
                self.pbx.emit("ParkedCallGiveUp", parked.headers())

    def _free(self, parked: Parked) -> None:
        del self.parked[parked.space]
        self.pbx.states.announce(f"park:{parked.space}@{self.context}", "NOT_INUSE")

    def retrieve(self, retriever: Channel, space: int) -> DialSteps:
        """ParkedCall(): the retriever talks to who is parked there. Returns SUCCESS or NOTFOUND."""
        retriever.application, retriever.data = "ParkedCall", f"{self.name},{space}"
        parked = self.parked.get(space)
        if parked is None:
            return "NOTFOUND"
        channel = parked.channel
        self.pbx.set_state(retriever, UP)
        bridge = new_bridge(self.pbx)
        self._free(parked)
        self.pbx.emit("UnParkedCall", [*parked.headers(), *retriever.headers("Retriever")])
        if channel.task:
            channel.task.stop()
            channel.task = None
        move_out(self.pbx, channel)
        enter(self.pbx, bridge, channel)
        signal = enter(self.pbx, bridge, retriever)
        self.pbx.set_connected(channel, retriever.caller)
        self.pbx.set_connected(retriever, channel.caller)
        yield signal
        return "SUCCESS"
