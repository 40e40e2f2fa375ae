"""What of a recording must be alike on the demo and on the real PBX: everything but times, ids and names of bridges."""

from collections import defaultdict
from collections.abc import Iterable

from telephony.core import views
from telephony.core.changes import CallEnded, Change, ExtensionChanged
from telephony.core.recording import EventStep, LoginStep, ReconcileStep, Recording
from telephony.core.reducer import Reducer
from telephony.core.summary import CallSummary

Likeness = tuple[list[object], dict[str, list[str]]]


def likeness(recording: Recording) -> Likeness:
    """All calls in a fixed order, and for each phone the states it went through."""
    reducer = Reducer()
    ended: list[CallSummary] = []
    states: defaultdict[str, list[str]] = defaultdict(list)

    def take(changes: Iterable[Change]) -> None:
        for change in changes:
            if isinstance(change, CallEnded):
                ended.append(change.summary)
            if isinstance(change, ExtensionChanged):
                value = views.extension(reducer.state, change.number)
                state = f"{value['state']} {value['detail']}".strip() if value else "gone"
                if states[change.number][-1:] != [state]:
                    states[change.number].append(state)

    take(reducer.load(recording.header.snapshot, recording.header.at))
    for step in recording.steps:
        match step:
            case EventStep(at, event):
                take(reducer.apply(event, at))
            case LoginStep(at, snapshot):
                take(reducer.load(snapshot, at))
            case ReconcileStep(at, snapshot):
                take(reducer.reconcile(snapshot, at)[0])
    return sorted((_call(summary) for summary in ended), key=repr), dict(states)


def _call(call: CallSummary) -> object:
    people = sorted((p.role, p.number, p.is_extension, p.rang, p.joined is not None) for p in call.participants)
    legs = sorted((leg.channel.partition("-")[0], leg.number, leg.answered is not None, leg.cause) for leg in call.legs)
    return (
        call.direction,
        call.disposition,
        call.hangup_reason,
        (call.caller_number, call.caller_name, call.called_number, call.queue),
        call.answered is not None,
        people,
        legs,
    )
