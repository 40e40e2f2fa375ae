"""A recorded session as a readable table: every visible change in its order, then what is known of each call.

Calls are numbered in the order in which they appeared. A row is printed only if it says something new. Times are
seconds since the recording began.
"""

from collections.abc import Iterator
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
from telephony.core.recording import EventStep, LinkDownStep, LoginStep, NoteStep, ReconcileStep, Recording
from telephony.core.reducer import Reducer
from telephony.core.summaries import summary_of
from telephony.core.summary import CallSummary, LegSummary, ParticipantSummary

Row = tuple[str, ...]

HEAD: Final[Row] = ("t", "change", "what", "direction", "state", "who", "legs")


def _no_contact(number: str) -> dict[str, Any] | None:
    return None


def _party(value: dict[str, Any]) -> str:
    number, name = str(value["number"]), str(value["name"])
    return f"{number} {name}".strip() if name != number else number


def _and(text: str, more: str) -> str:
    return f"{text}/{more}" if more else text


class Replay:
    """Runs a recording through a reducer and keeps the rows."""

    def __init__(self, recording: Recording) -> None:
        self.recording = recording
        self.reducer = Reducer()
        self.rows: list[Row] = []
        self.ended: dict[str, CallSummary] = {}
        self._numbers: dict[str, str] = {}  # call id → #n
        self._shown: dict[str, Row] = {}

    def run(self) -> "Replay":
        """Play everything; returns itself."""
        self.reducer.load(self.recording.header.snapshot, self.recording.header.at)
        for number in sorted(self.reducer.state.extensions):
            self._shown[f"phone {number}"] = self._phone(number)
        for name in self.reducer.state.queues:
            self._shown[f"queue {name}"] = self._queue(name)
        for call_id in self.reducer.state.calls:
            self._call(self.recording.header.at, "found", call_id)
        for step in self.recording.steps:
            match step:
                case EventStep(at, event):
                    self._changes(at, self.reducer.apply(event, at))
                case NoteStep(at, text):
                    self._row(at, "--", text)
                case LinkDownStep(at):
                    self._row(at, "--", "link down")
                case LoginStep(at, snapshot):
                    self._row(at, "--", "login")
                    self._changes(at, self.reducer.load(snapshot, at))
                case ReconcileStep(at, snapshot):
                    changes, drift = self.reducer.reconcile(snapshot, at)
                    self._row(at, "--", f"reconcile, drift {drift}")
                    self._changes(at, changes)
        return self

    def _row(self, at: float, *cells: str) -> None:
        self.rows.append((f"{at - self.recording.header.at:.2f}", *cells))

    def _show(self, at: float, key: str, change: str, row: Row) -> None:
        if self._shown.get(key) != row or change != "changed":
            self._shown[key] = row
            self._row(at, change, *row)

    def _changes(self, at: float, changes: list[Change]) -> None:
        for change in changes:
            match change:
                case ExtensionChanged(number):
                    self._show(at, f"phone {number}", "changed", self._phone(number))
                case CallStarted(call_id):
                    self._call(at, "started", call_id)
                case CallChanged(call_id):
                    self._call(at, "changed", call_id)
                case CallMerged(call_id, into):
                    self._row(at, "merged", self._name(call_id), "", "", f"into {self._name(into)}")
                case CallEnded(call_id, summary):
                    self.ended[call_id] = summary
                    outcome = f"{summary.disposition.value}/{summary.hangup_reason.value}"
                    self._row(at, "ended", self._name(call_id), summary.direction.value, outcome)
                case QueueChanged(name):
                    self._show(at, f"queue {name}", "changed", self._queue(name))
                case ParkedCallChanged(lot, space):
                    self._show(at, f"park {lot} {space}", "changed", self._parked(lot, space))

    def _name(self, call_id: str) -> str:
        return self._numbers.setdefault(call_id, f"#{len(self._numbers) + 1}")

    def _phone(self, number: str) -> Row:
        value = views.extension(self.reducer.state, number)
        state = "gone" if value is None else _and(value["state"], value["detail"])
        talk = views.talk(self.reducer.state, number, _no_contact)
        peers = "" if talk is None else "with " + (", ".join(map(_party, talk["peers"])) or "the PBX")
        return (f"phone {number}", "", state, peers)

    def _call(self, at: float, change: str, call_id: str) -> None:
        value = views.call(self.reducer.state, call_id, _no_contact)
        if value is None:
            return
        queue = f" [{value['queue']}]" if value["queue"] else ""
        line = f" line {value['line']}" if value["line"] else ""
        who = f"{_party(value['caller'])} -> {_party(value['called'])}{queue}{line}"
        legs = ", ".join(f"{leg['number'] or '?'} {leg['state']}" for leg in value["legs"])
        self._show(at, call_id, change, (self._name(call_id), value["direction"], value["state"], who, legs))
        for number in views.extensions_of_call(self.reducer.state, call_id):
            self._show(at, f"phone {number}", "changed", self._phone(number))

    def _queue(self, name: str) -> Row:
        value = views.queue(self.reducer.state, name, _no_contact)
        if value is None:
            return (f"queue {name}", "", "gone")
        waiting = ", ".join(f"{one['position']}: {_party(one['party'])}" for one in value["waiting"]) or "nobody"
        members = ", ".join(_and(m["number"], "paused" if m["paused"] else "") for m in value["members"])
        return (f"queue {name}", "", "", f"waiting {waiting}", members)

    def _parked(self, lot: str, space: str) -> Row:
        value = views.parked(self.reducer.state, lot, space, _no_contact)
        what = f"park {lot} {space}"
        if value is None:
            return (what, "", "free")
        return (what, "", "taken", f"{_party(value)} by {value['by']}, call {self._name(value['call'])}")

    def text(self) -> str:
        """The whole table."""
        header = self.recording.header
        parts = [f"{header.name}, Asterisk {header.asterisk.partition('+')[0]}", header.story, ""]
        parts.extend(_aligned([HEAD, *self.rows]))
        for call_id, name in self._numbers.items():
            summary = self.ended.get(call_id)
            live = self.reducer.state.calls.get(call_id)
            if summary is None and live is not None:
                summary = summary_of(live)
            if summary is not None:
                parts.append("")
                parts.extend(self._summary(name, summary))
        return "\n".join(parts) + "\n"

    def _time(self, at: float | None) -> str:
        return "-" if at is None else f"{at - self.recording.header.at:.2f}"

    def _summary(self, name: str, summary: CallSummary) -> Iterator[str]:
        caller = f"{summary.caller_number} {summary.caller_name}".strip()
        queue = f" queue {summary.queue}" if summary.queue else ""
        yield (
            f"call {name}: {summary.direction.value} {caller} -> {summary.called_number}{queue}, "
            f"{summary.disposition.value}/{summary.hangup_reason.value}"
        )
        yield (
            f"  started {self._time(summary.started)} answered {self._time(summary.answered)} "
            f"ended {self._time(summary.ended)} wait {summary.wait_seconds:.2f} talk {summary.talk_seconds:.2f} "
            f"chain {len(summary.linkedids)}"
        )
        yield from _aligned([self._person(person) for person in summary.participants], indent="  ")
        yield from _aligned([self._leg(leg) for leg in summary.legs], indent="  ")

    def _person(self, person: ParticipantSummary) -> Row:
        kind = "extension" if person.is_extension else "outside"
        rang = "rang" if person.rang else "-"
        talked = f"{self._time(person.joined)}..{self._time(person.left)} talk {person.talk_seconds:.2f}"
        return (person.role.value, person.number or "?", person.name, kind, rang, talked if person.joined else "-")

    def _leg(self, leg: LegSummary) -> Row:
        times = f"{self._time(leg.started)} answered {self._time(leg.answered)} ended {self._time(leg.ended)}"
        return ("leg", leg.channel, leg.number or "?", times, f"cause {leg.cause}")


def _aligned(rows: list[Row], indent: str = "") -> Iterator[str]:
    """Columns as wide as their widest cell; notes run over the columns."""
    widths: dict[int, int] = {}
    for row in rows:
        if len(row) > 1 and row[1] != "--":
            for index, cell in enumerate(row):
                widths[index] = max(widths.get(index, 0), len(cell))
    widths[0] = max((len(row[0]) for row in rows), default=0)
    for row in rows:
        first = row[0].rjust(widths[0]) if not indent else row[0].ljust(widths[0])
        if len(row) > 1 and row[1] == "--":
            yield f"{indent}{first}  -- {row[2]}".rstrip()
        else:
            rest = "  ".join(cell.ljust(widths.get(index, 0)) for index, cell in enumerate(row[1:], start=1))
            yield f"{indent}{first}  {rest}".rstrip()


def table(recording: Recording) -> str:
    """Recording in, table out."""
    return Replay(recording).run().text()
