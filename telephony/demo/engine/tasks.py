"""What a channel executes: a generator that waits for signals, as a dialplan waits for an answer.

Asterisk runs one thread per channel. Here a dialplan is a generator: it yields a Signal and goes on when somebody
fires it. All steps go through one queue, so an event is finished before the next begins.
"""

from collections import deque
from collections.abc import Callable, Generator
from typing import Any

from telephony.demo.engine.clock import Act, Clock, Timer

Steps = Generator["Signal", Any, Any]  # a dialplan: yields signals, is given what they were fired with


class Scheduler:
    """Runs acts one after the other; an act that posts another one is finished first."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self._acts: deque[Callable[[], object]] = deque()
        self._busy = False

    def post(self, act: Callable[[], object]) -> None:
        """Do `act` now, or after what is being done now."""
        self._acts.append(act)
        if self._busy:
            return
        self._busy = True
        try:
            while self._acts:
                self._acts.popleft()()
        finally:
            self._busy = False

    def later(self, seconds: float, act: Act) -> Timer:
        """Post `act` after so many seconds."""
        return self.clock.later(seconds, lambda: self.post(act))

    def signal(self) -> "Signal":
        """A new signal."""
        return Signal(self)

    def sleep(self, seconds: float) -> "Signal":
        """A signal that fires with "timeout" after so many seconds."""
        signal = Signal(self)
        self.later(seconds, lambda: signal.fire("timeout"))
        return signal


class Signal:
    """Something that happens once. Whoever fires it first decides its value."""

    __slots__ = ("_scheduler", "_waiters", "fired", "value")

    def __init__(self, scheduler: Scheduler) -> None:
        self._scheduler = scheduler
        self._waiters: list[Callable[[Any], object]] = []
        self.fired = False
        self.value: Any = None

    def fire(self, value: Any = None) -> None:
        """It happened."""
        if self.fired:
            return
        self.fired, self.value = True, value
        for waiter in self._waiters:
            self._tell(waiter)

    def then(self, waiter: Callable[[Any], object]) -> None:
        """Call `waiter` with the value when it happens, or soon if it has happened."""
        if self.fired:
            self._tell(waiter)
        else:
            self._waiters.append(waiter)

    def _tell(self, waiter: Callable[[Any], object]) -> None:
        self._scheduler.post(lambda: waiter(self.value))


class Task:
    """A generator to be run. `done` fires with what it returned; a stopped one never fires it."""

    def __init__(self, scheduler: Scheduler, steps: Steps) -> None:
        self.done = scheduler.signal()
        self._scheduler = scheduler
        self._steps = steps
        self._stopped = False
        self.owner: object = None  # the channel that executes it; another one may take it over

    def start(self) -> None:
        """The first step."""
        self._scheduler.post(lambda: self._step(None))

    def _step(self, value: Any) -> None:
        if self._stopped:
            return
        try:
            signal = self._steps.send(value)
        except StopIteration as end:
            self._stopped = True
            self.done.fire(end.value)
        else:
            signal.then(self._step)

    def stop(self) -> None:
        """Leave it where it waits; its `finally` clauses tidy up."""
        if not self._stopped:
            self._stopped = True
            self._scheduler.post(self._steps.close)
