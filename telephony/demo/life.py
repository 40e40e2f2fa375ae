"""A working day: people call each other, clients call in, somebody goes home."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from random import Random
from typing import Final

from telephony.demo.building import Building
from telephony.demo.colleague import Manners, Person
from telephony.demo.engine.channel import Channel, Party
from telephony.demo.people import CLIENTS, EMPLOYEES, OFFICE_NUMBER, Client, Employee, direct_line

OUTSIDE: Final = Manners(
    answers=0.75, rejects=0.12, holds=0, transfers=0, consults=0, parks=0, ring_high=10, one_at_a_time=False
)
OFFICE: Final = Manners()
STRANGERS: Final = "+7999003"  # and four digits more; no client has such a number
FIRST_STRANGER: Final = 3.0  # seconds
ONE_RING: Final = 1.8  # seconds: whoever is called is slower


@dataclass(frozen=True, slots=True)
class Pace:
    """Mean seconds between two happenings of a kind."""

    internal: float = 26
    to_queue: float = 17
    to_person: float = 45
    outbound: float = 34
    strangers: float = 60
    comings_and_goings: float = 75
    parking: float = 12


class Life:
    """Goes on until the process ends. `heard`: whether somebody is connected who would know of a call."""

    def __init__(
        self,
        building: Building,
        *,
        pace: Pace | None = None,
        seed: int | None = None,
        heard: Callable[[], bool] = lambda: True,
    ) -> None:
        self.building, self.pbx = building, building.pbx
        self.pace = pace or Pace()
        self.heard = heard
        self.random = Random(seed)
        self.people = {number: Person(building, phone, OUTSIDE if number == "trunk" else OFFICE, self.random)
                       for number, phone in building.phones.items()}  # fmt: skip
        self._staff = {who.number: who for who in EMPLOYEES}
        self._home = [who.number for who in EMPLOYEES if who.state == "off"]
        for person in self.people.values():
            person.free_colleague = self.free

    def begin(self) -> None:
        """The first calls at once, then each kind at its own pace."""
        for seconds, act in ((0.5, self.client_calls_queue), (1.5, self.internal), (3, self.client_calls_queue),
                             (5, self.outbound), (7, self.client_calls_person), (9, self.internal)):  # fmt: skip
            self.pbx.later(seconds, act)
        self._first_stranger()
        pace = self.pace
        for mean, act in (
            (pace.internal, self.internal),
            (pace.to_queue, self.client_calls_queue),
            (pace.to_person, self.client_calls_person),
            (pace.outbound, self.outbound),
            (pace.strangers, self.stranger_calls),
            (pace.comings_and_goings, self.come_and_go),
            (pace.parking, self.look_after_the_parked),
        ):
            self._again_and_again(mean, act)

    def _again_and_again(self, mean: float, act: Callable[[], None]) -> None:
        def once() -> None:
            act()
            self._again_and_again(mean, act)

        self.pbx.later(min(self.random.expovariate(1 / mean), mean * 3), once)

    # --- Who --------------------------------------------------------------------------------------------------------
    def free(self) -> str:
        """A number whose phone is on and idle; empty if everybody is busy."""
        idle = [n for n, who in self._staff.items() if not who.login and self._is_free(n)]
        return self.random.choice(idle) if idle else ""

    def _is_free(self, number: str) -> bool:
        device = self.building.phones[number].device
        return device.state() == "NOT_INUSE" and f"DB(DND/{number})" not in self.pbx.variables

    def client(self) -> Client | None:
        """Somebody outside who is not on the line now."""
        on_the_line = {channel.caller.number for channel in self.building.trunk.calls()}
        idle = [client for client in CLIENTS if client.number not in on_the_line]
        return self.random.choice(idle) if idle else None

    # --- What -------------------------------------------------------------------------------------------------------
    def internal(self) -> None:
        """One calls another; sometimes one who is not there."""
        caller = self.free()
        others: list[Employee] = [who for who in EMPLOYEES if who.number != caller and not who.login]
        if caller:
            self.people[caller].call(self.random.choice(others).number)

    def client_calls_queue(self) -> None:
        """To the office number."""
        self._client_calls(OFFICE_NUMBER, low=25, high=60)

    def client_calls_person(self) -> None:
        """To a direct number."""
        self._client_calls(direct_line(self.random.choice(EMPLOYEES)), low=12, high=25)

    def _client_calls(self, line: str, *, low: float, high: float) -> None:
        if client := self.client():
            self._calls_in(Party(client.number, client.caller_name), line, self.random.uniform(low, high))

    def _calls_in(self, caller: Party, line: str, patience: float) -> None:
        trunk = self.people["trunk"]
        channel = trunk.phone.call(line, caller)
        if channel:
            trunk.after(patience, lambda: trunk.give_up(channel))

    def stranger_calls(self) -> None:
        """A number that nobody knows, to one of those whom a newcomer logs in as."""
        who = self.random.choice([who for who in EMPLOYEES if who.login])
        self._calls_in(self._stranger(), direct_line(who), self.random.uniform(12, 25))

    def _stranger(self) -> Party:
        return Party(f"{STRANGERS}{self.random.randrange(10_000):04d}")

    def _first_stranger(self) -> None:
        """Soon after the portal is there: the operator's history begins with a missed call of an unknown number."""
        if not self.heard():
            self.pbx.later(0.5, self._first_stranger)
            return
        line = next(direct_line(who) for who in EMPLOYEES if who.login == "operator")
        self.pbx.later(FIRST_STRANGER, lambda: self._calls_in(self._stranger(), line, ONE_RING))

    def outbound(self) -> None:
        """An employee calls a client."""
        caller, client = self.free(), self.client()
        if caller and client:
            self.people[caller].call(client.number)

    def come_and_go(self) -> None:
        """Of those who are often away, one comes or goes."""
        number = self.random.choice(self._home)
        phone = self.building.phones[number]
        if not phone.device.contacts:
            phone.register()
        elif not phone.calls():
            phone.unregister()

    def look_after_the_parked(self) -> None:
        """Take back who has waited for half a minute; if nobody is parked, park one who talks."""
        lot = self.building.plan.numbers.lots[0]
        for parked in list(lot.parked.values()):
            if self.pbx.clock.now() - parked.since > 30 and (number := self.free()):
                channel = self.people[number].phone.call(str(parked.space))
                if channel:
                    self.people[number].after(self.random.uniform(10, 30), partial(self._hang_up, channel))
                return
        if not lot.parked:
            self._park_one()

    def _hang_up(self, channel: Channel) -> None:
        if not channel.ending and channel.device:
            self.building.phones[channel.device.number].hang_up(channel)

    def _park_one(self) -> None:
        for channel in self.building.trunk.calls():
            if channel.bridge and channel.bridge.kind == "basic" and not channel.outgoing:
                (other,) = channel.bridge.others(channel) or (channel,)
                if other.device and other is not channel and self.pbx.clock.now() - other.created > 15:
                    self.building.plan.numbers.lots[0].park(channel, other.device.name)
                    return
