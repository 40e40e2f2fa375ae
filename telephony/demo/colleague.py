"""What people do with a phone: let it ring a while, answer or not, talk, hold, pass the call on, hang up."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from random import Random

from telephony.demo.building import Building
from telephony.demo.engine.bridge import Bridge
from telephony.demo.engine.channel import Channel
from telephony.demo.engine.events import UP
from telephony.demo.engine.phone import SipPhone


@dataclass(frozen=True, slots=True)
class Manners:
    """Chances between 0 and 1, times in seconds. Patience = how long a caller waits."""

    answers: float = 0.85
    rejects: float = 0.05
    holds: float = 0.12
    transfers: float = 0.08
    consults: float = 0.06
    parks: float = 0.05
    ring_low: float = 2.0
    ring_high: float = 8.0
    talk_mean: float = 40.0
    talk_least: float = 6.0
    one_at_a_time: bool = True  # who talks refuses a second call
    patience_low: float = 15.0
    patience_high: float = 40.0


class Person:
    """The hands of one phone."""

    def __init__(self, building: Building, phone: SipPhone, manners: Manners, random: Random) -> None:
        self.building, self.phone, self.manners, self.random = building, phone, manners, random
        self.pbx = building.pbx
        self.free_colleague: Callable[[], str] = lambda: ""
        phone.on_ring = self.rings

    def after(self, seconds: float, act: Callable[[], None]) -> None:
        """Do it later."""
        self.pbx.later(seconds, act)

    # --- Being called -----------------------------------------------------------------------------------------------
    def rings(self, leg: Channel) -> None:
        """The own click-to-dial is lifted at once; a second call while talking is refused; else as the mood is."""
        manners, random = self.manners, self.random
        if leg.uniqueid == leg.linkedid:
            self.after(random.uniform(0.8, 1.6), lambda: self.phone.answer(leg))
            return
        if manners.one_at_a_time and self._talks():
            self.after(random.uniform(1, 3), lambda: self.phone.reject(leg, 486))
            return
        mood = random.random()
        wait = random.uniform(manners.ring_low, manners.ring_high)
        if mood < manners.answers:
            self.after(wait, lambda: self._lift(leg))
        elif mood < manners.answers + manners.rejects:
            self.after(wait, lambda: self._refuse(leg))

    def _talks(self) -> bool:
        return any(channel.state == UP for channel in self.phone.calls())

    def _refuse(self, leg: Channel) -> None:
        if leg in self.phone.ringing():
            self.phone.reject(leg, 603)

    def _lift(self, leg: Channel) -> None:
        if leg not in self.phone.ringing():
            return
        if self.manners.one_at_a_time and self._talks():
            self.phone.reject(leg, 486)
            return
        self.phone.answer(leg)
        self.pbx.post(lambda: self.talk(leg))

    # --- Calling ----------------------------------------------------------------------------------------------------
    def call(self, to: str) -> Channel | None:
        """Dial; give up after a while if nobody talks."""
        channel = self.phone.call(to)
        if channel is None:
            return None
        patience = self.random.uniform(self.manners.patience_low, self.manners.patience_high)
        self.after(patience, lambda: self.give_up(channel))
        return channel

    def give_up(self, channel: Channel) -> None:
        """Hang up unless somebody has answered (a queue's music is no answer)."""
        if not channel.ending and channel.bridge is None:
            self.phone.hang_up(channel)

    # --- Talking ----------------------------------------------------------------------------------------------------
    def talk(self, leg: Channel) -> None:
        """Talk for a while; sometimes something happens in the middle."""
        if leg.ending:
            return
        manners, random = self.manners, self.random
        seconds = manners.talk_least + random.expovariate(1 / manners.talk_mean)
        middle, chance = seconds * random.uniform(0.3, 0.6), random.random()
        for share, act in (
            (manners.transfers, self._transfer),
            (manners.consults, self._consult),
            (manners.parks, self._park),
            (manners.holds, self._hold),
        ):
            if chance < share:
                self.after(middle, partial(self._if_talking, leg, act))
                break
            chance -= share
        self.after(seconds, lambda: self._part(leg))

    def _if_talking(self, leg: Channel, act: Callable[[Channel, Bridge], None]) -> None:
        if not leg.ending and leg.bridge and len(leg.bridge.channels) == 2:
            act(leg, leg.bridge)

    def _part(self, leg: Channel) -> None:
        """One of the two hangs up."""
        if leg.ending or leg.bridge is None:
            return
        who = self.random.choice(leg.bridge.channels)
        if who.device and isinstance(who.device.phone, SipPhone):
            who.device.phone.hang_up(who)

    def _hold(self, leg: Channel, _: Bridge) -> None:
        self.phone.hold(leg)
        self.after(self.random.uniform(4, 12), lambda: None if leg.ending else self.phone.hold(leg, on=False))

    def _transfer(self, leg: Channel, _: Bridge) -> None:
        if to := self.free_colleague():
            self.phone.blind_transfer(leg, to)

    def _consult(self, leg: Channel, _: Bridge) -> None:
        to = self.free_colleague()
        if not to:
            return
        self.phone.hold(leg)
        second = self.phone.call(to)
        if second:
            self.after(self.random.uniform(10, 14), lambda: self._join(leg, second))

    def _join(self, leg: Channel, second: Channel) -> None:
        if not leg.ending and leg.bridge and not second.ending and second.bridge:
            self.phone.attended_transfer(leg, second)
            return
        if not second.ending:
            self.phone.hang_up(second)
        if not leg.ending:
            self.phone.hold(leg, on=False)

    def _park(self, leg: Channel, bridge: Bridge) -> None:
        (other,) = bridge.others(leg)
        if other.device is self.building.trunk.device:
            self.building.plan.numbers.lots[0].park(other, self.phone.device.name)
