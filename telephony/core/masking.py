"""Hide outside numbers and names in a recording, always the same way, so that the calls stay the same calls."""

import re
from dataclasses import replace
from typing import Final

from telephony.core.recording import EventStep, Header, LoginStep, ReconcileStep, Step
from telephony.core.snapshot import Event, PbxSnapshot

SUBSCRIBER_DIGITS: Final = 10  # the rest in front is a country code or an outside-line prefix and stays
UNKNOWN_NAMES: Final = frozenset({"", "<unknown>", "unknown", "anonymous"})

_ID_KEY = re.compile(r"(uniqueid|linkedid|actionid|uniqueid\d|channelid)$", re.IGNORECASE)
_TIME_KEY = re.compile(r"(logintime|lastcall|lastpause|roundtripusec)$", re.IGNORECASE)  # ten digits and no number
_NAME_KEY = re.compile(r"(calleridname|connectedlinename|membername)$", re.IGNORECASE)
# Not inside an id: `1763800000.12` (uniqueid), `-0000001f` (channel suffix), a UUID's groups.
_NUMBER = re.compile(r"(?<![0-9A-Za-z.])(?<!-(?=[0-9a-f]{8}(?![0-9a-f])))(\d{6,})(?![0-9A-Za-z]|\.\d)")


class Mask:
    """Consistent stand-ins. Runs of six digits and more are outside numbers; shorter ones are internal and stay.

    The last ten digits decide, so `+7 495…`, `7495…` and `8495…` of one subscriber get the same stand-in.
    `keep` names numbers that may stay readable (the office's own lines).
    """

    def __init__(self, keep: frozenset[str] = frozenset()) -> None:
        self._keep = keep
        self._numbers: dict[str, str] = {}
        self._names: dict[str, str] = {}

    def _number(self, digits: str) -> str:
        if digits in self._keep:
            return digits
        head, tail = digits[:-SUBSCRIBER_DIGITS], digits[-SUBSCRIBER_DIGITS:]
        known = self._numbers.get(tail)
        if known is None:
            known = "5" + str(len(self._numbers) + 1).zfill(len(tail) - 1)
            self._numbers[tail] = known
        return head + known

    def text(self, text: str) -> str:
        """Numbers within any text: dial strings, channel names, application data."""
        return _NUMBER.sub(lambda found: self._number(found[1]), text)

    def name(self, name: str) -> str:
        """A person's or company's name as the PBX shows it."""
        if name.lower() in UNKNOWN_NAMES:
            return name
        if name.lstrip("+").isdigit():
            return self.text(name)
        return self._names.setdefault(name, f"Name {len(self._names) + 1}")

    def event(self, event: Event) -> Event:
        """One AMI message; ids stay as they are."""
        masked: Event = {}
        for key, value in event.items():
            if _ID_KEY.search(key) or _TIME_KEY.search(key):
                masked[key] = value
            elif _NAME_KEY.search(key):
                masked[key] = self.name(value)
            else:
                masked[key] = self.text(value)
        return masked

    def snapshot(self, snapshot: PbxSnapshot) -> PbxSnapshot:
        """All list answers."""
        return PbxSnapshot(
            hints=tuple(map(self.event, snapshot.hints)),
            channels=tuple(map(self.event, snapshot.channels)),
            bridges=tuple(map(self.event, snapshot.bridges)),
            queues=tuple(map(self.event, snapshot.queues)),
            parked=tuple(map(self.event, snapshot.parked)),
            devices=tuple(map(self.event, snapshot.devices)),
            missing=snapshot.missing,
        )

    def header(self, header: Header) -> Header:
        """The header with its snapshot; the story is the recorder's own text and only loses numbers."""
        return replace(header, story=self.text(header.story), snapshot=self.snapshot(header.snapshot), masked=True)

    def step(self, step: Step) -> Step:
        """Any step."""
        match step:
            case EventStep(at, event):
                return EventStep(at, self.event(event))
            case LoginStep(at, snapshot):
                return LoginStep(at, self.snapshot(snapshot))
            case ReconcileStep(at, snapshot):
                return ReconcileStep(at, self.snapshot(snapshot))
            case _:
                return step
