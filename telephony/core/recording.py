"""A recorded AMI session as text: JSON lines, one object a line, so that a recorder can append and a reviewer can read.

First line, the header:

    {"format": "astpanel-recording", "version": 1, "name": "xfer_blind", "asterisk": "22.10.1", "masked": false,
     "story": "102 talks with 101 and transfers blindly to 103, who answers.", "at": 1763800000.123,
     "snapshot": {"hints": [{…}], "channels": [], "bridges": [], "queues": [], "parked": [], "devices": []}}

Each further line is one step; `at` is seconds since the epoch when the recorder read it:

    {"at": 1763800001.5, "event": {"Event": "Newchannel", "Channel": "PJSIP/101-00000001", …}}
    {"at": 1763800002.0, "note": "102 answers"}               what the people did, for the reader of the table
    {"at": 1763800003.0, "link": "down"}                      the connection broke; what follows was not seen
    {"at": 1763800009.0, "login": {"hints": […], …}}          logged in again: the snapshot replaces the state
    {"at": 1763800039.0, "reconcile": {"hints": […], …}}      the periodic comparison with the list actions

The snapshots have the fields of `snapshot.PbxSnapshot`; a missing field is empty.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from telephony.core.snapshot import Event, PbxSnapshot

FORMAT: Final = "astpanel-recording"
VERSION: Final = 1
LISTS: Final = ("hints", "channels", "bridges", "queues", "parked", "devices")


class RecordingError(ValueError):
    """The text is no recording; the message names the line."""


@dataclass(frozen=True, slots=True)
class Header:
    """Where a recording comes from and what truly happened in it."""

    name: str
    asterisk: str  # version as CoreSettings gives it
    story: str  # what happened, in plain words: the table is reviewed against it
    at: float  # when the snapshot was complete
    snapshot: PbxSnapshot = field(default_factory=PbxSnapshot)
    masked: bool = False


@dataclass(frozen=True, slots=True)
class EventStep:
    """One AMI event."""

    at: float
    event: Event


@dataclass(frozen=True, slots=True)
class NoteStep:
    """A remark of the recorder, printed in the table."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class LinkDownStep:
    """The connection to the PBX broke."""

    at: float


@dataclass(frozen=True, slots=True)
class LoginStep:
    """Logged in again: `Reducer.load`."""

    at: float
    snapshot: PbxSnapshot


@dataclass(frozen=True, slots=True)
class ReconcileStep:
    """The list actions were asked again: `Reducer.reconcile`."""

    at: float
    snapshot: PbxSnapshot


Step = EventStep | NoteStep | LinkDownStep | LoginStep | ReconcileStep


@dataclass(frozen=True, slots=True)
class Recording:
    """A whole session."""

    header: Header
    steps: tuple[Step, ...]


def _dump(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(", ", ": "))


def _snapshot_value(snapshot: PbxSnapshot) -> dict[str, Any]:
    return {name: list(values) for name, values in asdict(snapshot).items() if values}


def format_header(header: Header) -> str:
    """The first line, without the line feed."""
    return _dump(
        {
            "format": FORMAT,
            "version": VERSION,
            "name": header.name,
            "asterisk": header.asterisk,
            "masked": header.masked,
            "story": header.story,
            "at": header.at,
            "snapshot": _snapshot_value(header.snapshot),
        }
    )


def format_step(step: Step) -> str:
    """One further line, without the line feed."""
    match step:
        case EventStep(at, event):
            return _dump({"at": at, "event": event})
        case NoteStep(at, text):
            return _dump({"at": at, "note": text})
        case LinkDownStep(at):
            return _dump({"at": at, "link": "down"})
        case LoginStep(at, snapshot):
            return _dump({"at": at, "login": _snapshot_value(snapshot)})
        case ReconcileStep(at, snapshot):
            return _dump({"at": at, "reconcile": _snapshot_value(snapshot)})


def _event(value: object) -> Event:
    if not isinstance(value, dict) or not all(isinstance(k, str) and isinstance(v, str) for k, v in value.items()):
        raise RecordingError("an event must map texts to texts")
    return value


def _snapshot(value: object) -> PbxSnapshot:
    if not isinstance(value, dict) or not set(value) <= {*LISTS, "missing"}:
        raise RecordingError("a snapshot has only the fields " + ", ".join((*LISTS, "missing")))
    lists = {name: tuple(_event(e) for e in value.get(name, ())) for name in LISTS}
    return PbxSnapshot(missing=tuple(map(str, value.get("missing", ()))), **lists)


def _step(line: dict[str, Any]) -> Step:
    at = float(line["at"])
    if "event" in line:
        return EventStep(at, _event(line["event"]))
    if "note" in line:
        return NoteStep(at, str(line["note"]))
    if "link" in line:
        return LinkDownStep(at)
    if "login" in line:
        return LoginStep(at, _snapshot(line["login"]))
    if "reconcile" in line:
        return ReconcileStep(at, _snapshot(line["reconcile"]))
    raise RecordingError("neither event, note, link, login nor reconcile")


def _header(line: dict[str, Any]) -> Header:
    if line.get("format") != FORMAT or line.get("version") != VERSION:
        raise RecordingError(f"not {FORMAT} version {VERSION}")
    return Header(
        name=str(line["name"]),
        asterisk=str(line["asterisk"]),
        story=str(line["story"]),
        at=float(line["at"]),
        snapshot=_snapshot(line["snapshot"]),
        masked=bool(line.get("masked", False)),
    )


def parse(lines: Iterable[str]) -> Recording:
    """Read a recording; raises RecordingError naming the first bad line."""
    header: Header | None = None
    steps: list[Step] = []
    for number, text in enumerate(lines, start=1):
        if not text.strip():
            continue
        try:
            value = json.loads(text)
            if not isinstance(value, dict):
                raise RecordingError("not an object")
            if header is None:
                header = _header(value)
            else:
                steps.append(_step(value))
        except (KeyError, TypeError, ValueError) as error:
            raise RecordingError(f"line {number}: {error}") from error
    if header is None:
        raise RecordingError("empty recording")
    return Recording(header, tuple(steps))


def format_recording(recording: Recording) -> str:
    """The whole text, each line ended by a line feed."""
    return "".join(line + "\n" for line in (format_header(recording.header), *map(format_step, recording.steps)))
