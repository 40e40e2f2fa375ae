"""Looks at the demo PBX as tests/pbx/recorder.py looks at a real one, and makes the same kind of recording."""

from telephony.core.recording import (
    EventStep,
    Header,
    LinkDownStep,
    LoginStep,
    NoteStep,
    ReconcileStep,
    Recording,
    Step,
)
from telephony.core.snapshot import PbxSnapshot
from telephony.demo.building import Building
from telephony.demo.engine.events import Event
from telephony.demo.engine.pbx import VERSION
from telephony.demo.face import lists, queueing
from tests.pbx.recorder import matches


class DemoEye:
    """Steps of one scenario. `said` is everything, seen or not."""

    def __init__(self, building: Building) -> None:
        self.building = building
        self.clock = building.pbx.clock
        self.said: list[dict[str, str]] = []
        self._steps: list[Step] = []
        self._first: tuple[float, PbxSnapshot] | None = None
        self._connected = False
        self._lost: list[tuple[str, dict[str, str]]] = []
        building.pbx.listeners.append(self._take)

    def connect(self) -> None:
        """Read the lists, then take what comes."""
        self._connected = True
        if self._first is None:
            self._first = (self.clock.now(), self.snapshot())
            self._steps.clear()
        else:
            self._steps.append(LoginStep(self.clock.now(), self.snapshot()))

    def disconnect(self) -> None:
        """The link breaks."""
        self._connected = False
        self._steps.append(LinkDownStep(self.clock.now()))

    def reconcile(self) -> None:
        """Ask the lists again."""
        self._steps.append(ReconcileStep(self.clock.now(), self.snapshot()))

    def note(self, text: str) -> None:
        """A remark."""
        self._steps.append(NoteStep(self.clock.now(), text))

    def lose(self, event: str, match: dict[str, str]) -> None:
        """Leave out the next event that matches."""
        self._lost.append((event, match))

    def recording(self, name: str, story: str) -> Recording:
        """All of it."""
        assert self._first is not None
        at, snapshot = self._first
        return Recording(Header(name=name, asterisk=VERSION, story=story, at=at, snapshot=snapshot), tuple(self._steps))

    def snapshot(self) -> PbxSnapshot:
        """All lists at this moment."""
        pbx, numbers = self.building.pbx, self.building.plan.numbers
        queues = list(dict.fromkeys(numbers.queues.values()))

        def told(items: lists.Items) -> tuple[dict[str, str], ...]:
            return tuple({"Event": name, **dict(headers)} for name, headers in items)

        return PbxSnapshot(
            hints=told(lists.hints(pbx)),
            channels=told(lists.channels(pbx)),
            bridges=told(lists.bridges(pbx)),
            queues=told(queueing.queue_items(queues)),
            parked=told(lists.parked_items(numbers.lots)),
            devices=told(lists.devices(pbx)),
        )

    def _take(self, event: Event) -> None:
        fields = event.fields()
        self.said.append(fields)
        for rule in self._lost:
            if matches(fields, *rule):
                self._lost.remove(rule)
                return
        if self._connected:
            self._steps.append(EventStep(self.clock.now(), fields))
