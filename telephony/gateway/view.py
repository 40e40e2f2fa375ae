"""Which values of the live protocol are due, and rendering them into the outbox once per batch."""

import logging
from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any, Final

from telephony.core import views
from telephony.core.changes import (
    CallChanged,
    CallEnded,
    CallMerged,
    CallStarted,
    Change,
    ExtensionChanged,
    ParkedCallChanged,
    QueueChanged,
)
from telephony.core.state import PbxState
from telephony.gateway.outbox import Outbox

log = logging.getLogger(__name__)
OFFICE: Final = "office"
BOARD: Final = "board"
LINK: Final = ("link", "")

Mark = tuple[str, str]  # kind and rest of a key: ("ext", "101"), ("park", "default:801"), LINK
Value = dict[str, Any]
ContactOf = Callable[[str, Hashable], Value | None]


class View:
    """The marks that are due. A call that leaves an extension, a colleague who is gone: their keys become null."""

    def __init__(self, state: Callable[[], PbxState], link: Callable[[], Value], contact_of: ContactOf) -> None:
        self.errors = 0
        self._state = state
        self._link = link
        self._contact_of = contact_of
        self._due: dict[Mark, None] = {}
        self._audiences: dict[str, tuple[str, ...]] = {}  # of each call as it was published last
        self._journal: dict[str, Value] = {}  # by extension
        self._everything = True

    def changes(self, changes: Iterable[Change]) -> None:
        """Mark what the changes touch."""
        due = self._due
        for change in changes:
            match change:
                case ExtensionChanged(number):
                    due["ext", number] = due["talk", number] = None
                case CallChanged(call_id) | CallStarted(call_id) | CallEnded(call_id):
                    due["call", call_id] = None
                case CallMerged(call_id, into):
                    due["call", call_id] = due["call", into] = None
                case QueueChanged(name):
                    due["queue", name] = None
                case ParkedCallChanged(lot, space):
                    due["park", f"{lot}:{space}"] = None

    def mark(self, marks: Iterable[Hashable]) -> None:
        """Mark these; the argument is what `contact_of` was given."""
        for mark in marks:
            if isinstance(mark, tuple):
                self._due[mark] = None

    def people(self) -> None:
        """The directory has changed: mark everything that shows names of it."""
        keys = views.keys(self._state())
        for kind in ("call", "talk", "queue", "park"):
            for key in keys[kind]:
                self._due[kind, key] = None

    def recorded(self, latest: Mapping[str, str], at: float) -> None:
        """Since `at` the records of finished calls are in the database: extension → linkedid of its newest one."""
        for number, linkedid in latest.items():
            self._journal[number] = {"call": linkedid, "written": at}
            self._due["journal", number] = None

    def everything(self) -> None:
        """After a login or an error: compare every key."""
        self._everything = True

    def refresh(self, outbox: Outbox) -> None:
        """Put what is due into the outbox."""
        if self._everything:
            self._everything = False
            self._mark_everything(outbox)
        due, self._due = self._due, {}
        for call_id in [key for kind, key in due if kind == "call"]:
            for number in self._talkers(call_id):
                due["talk", number] = None
        for mark in due:
            try:
                self._render(outbox, mark)
            except Exception:
                self.errors += 1
                log.exception("a value of the live view could not be made: %s", mark[0])

    def _render(self, outbox: Outbox, mark: Mark) -> None:
        kind, key = mark
        state = self._state()

        def contact_of(number: str) -> Value | None:
            return self._contact_of(number, mark)

        match kind:
            case "ext":
                outbox.put(OFFICE, f"ext:{key}", views.extension(state, key))
            case "talk":
                outbox.put(BOARD, f"talk:{key}", views.talk(state, key, contact_of))
            case "queue":
                outbox.put(BOARD, f"queue:{key}", views.queue(state, key, contact_of))
            case "park":
                lot, _, space = key.rpartition(":")
                outbox.put(OFFICE, f"park:{key}", views.parked(state, lot, space, contact_of))
            case "journal":
                outbox.put(f"ext/{key}", "journal", self._journal[key])
            case "call":
                self._render_call(outbox, key, views.call(state, key, contact_of))
            case "link":
                outbox.put(OFFICE, "link", self._link())

    def _render_call(self, outbox: Outbox, call_id: str, value: Value | None) -> None:
        now = () if value is None else tuple(views.audiences_of_call(self._state(), call_id))
        before = self._audiences.pop(call_id, ())
        if now:
            self._audiences[call_id] = now
        for audience in before:
            if audience not in now:
                outbox.put(audience, f"call:{call_id}", None)
        for audience in now:
            outbox.put(audience, f"call:{call_id}", value)

    def _talkers(self, call_id: str) -> list[str]:
        before = [name.removeprefix("ext/") for name in self._audiences.get(call_id, ()) if name.startswith("ext/")]
        return [*before, *views.extensions_of_call(self._state(), call_id)]

    def _mark_everything(self, outbox: Outbox) -> None:
        self._due[LINK] = None
        for kind, keys in views.keys(self._state()).items():
            for key in keys:
                self._due[kind, key] = None
        for audience in (OFFICE, BOARD):
            for name in outbox.keys_of(audience):
                kind, _, key = name.partition(":")
                self._due[kind, key] = None
        for call_id in self._audiences:
            self._due["call", call_id] = None
