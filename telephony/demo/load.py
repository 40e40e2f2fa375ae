"""A crowd: thousands of extensions, hundreds of calls at once, new ones at a given rate. For measuring."""

from collections import deque
from random import Random

from telephony.demo.building import Building, empty_building
from telephony.demo.engine.channel import Channel
from telephony.demo.engine.clock import Clock

FIRST = 10_000  # numbers of five digits: room for a small town
RINGS = 2.0  # seconds until an answer, on average


class Crowd:
    """Keeps `calls` conversations alive; each ends after as long as the rate allows."""

    def __init__(self, clock: Clock, *, extensions: int, calls: int, rate: float, seed: int = 1) -> None:
        if calls * 2 > extensions:
            raise ValueError(f"{calls} calls need at least {calls * 2} extensions")
        self.building: Building = empty_building(clock)
        self.pbx = self.building.pbx
        self.random = Random(seed)
        self.calls, self.rate = calls, rate
        self.started = self.answered = self.ended = 0
        numbers = [str(FIRST + place) for place in range(extensions)]
        for number in numbers:
            phone = self.building.add_phone(number, f"Абонент {number}")
            phone.on_ring = self._rings
        self.random.shuffle(numbers)
        self._idle = deque(numbers)

    def begin(self) -> None:
        """Calls start at the rate until there are enough; then each that ends makes room for one."""
        self.pbx.later(0, self._tick)

    def _tick(self) -> None:
        self.pbx.later(1 / self.rate, self._tick)
        if len(self._idle) >= 2 and self.started - self.ended < self.calls:
            self._start()

    def _start(self) -> None:
        caller, called = self._idle.popleft(), self._idle.popleft()
        self.started += 1
        channel = self.building.phones[caller].call(called)
        assert channel is not None  # noqa: S101 - every number of the crowd exists

        def over(_: object) -> None:
            self.ended += 1
            self._idle.extend((caller, called))

        channel.gone.then(over)
        talk = self.calls / self.rate
        self.pbx.later(RINGS + talk * self.random.uniform(0.8, 1.2), lambda: self._hang_up(caller, channel))

    def _hang_up(self, number: str, channel: Channel) -> None:
        if not channel.ending:
            self.building.phones[number].hang_up(channel)

    def _rings(self, leg: Channel) -> None:
        assert leg.device is not None  # noqa: S101 - only devices ring
        phone = self.building.phones[leg.device.number]
        self.pbx.later(self.random.uniform(0.5, 2 * RINGS - 0.5), lambda: self._lift(phone.device.number, leg))

    def _lift(self, number: str, leg: Channel) -> None:
        self.answered += 1
        self.building.phones[number].answer(leg)
