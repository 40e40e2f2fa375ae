"""The eye that writes recordings: an AMI log-in with the rights of the shipped listen account."""

import threading
import time
from typing import Final

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
from tests.pbx.ami import Ami, Event
from tests.pbx.asterisk import Asterisk

NOISE: Final = frozenset({"MusicOnHoldStart", "MusicOnHoldStop", "MixMonitorMute", "ChallengeSent", "Reload"})
SETTLE_SECONDS: Final = 20.0
STILL_SECONDS: Final = 0.25  # without an event: the PBX has said all it had to say
BUSY_BITS: Final = 1 | 8 | 16  # of an ExtensionStatus: in use, ringing, on hold


def matches(event: Event, name: str, match: dict[str, str]) -> bool:
    """An event of that name whose headers are equal; a value that ends in `*` matches by its beginning."""
    if event.get("Event") != name:
        return False
    return all(
        event.get(key, "").startswith(value[:-1]) if value.endswith("*") else event.get(key) == value
        for key, value in match.items()
    )


class Recorder:
    """Steps of one scenario, in the order in which they were read."""

    def __init__(self, pbx: Asterisk) -> None:
        self._pbx = pbx
        self._steps: list[Step] = []
        self._first: tuple[float, PbxSnapshot] | None = None
        self._ami: Ami | None = None
        self._lost: list[tuple[str, dict[str, str]]] = []
        self._live: set[str] = set()
        self._hints: dict[str, int] = {}
        self._news = threading.Condition()

    def connect(self) -> None:
        """Log in, read the lists, then take what comes."""
        self._ami = self._pbx.ami("astpanel-listen")
        self._ami.listen(self._take)
        self._begin(self._snapshot())

    def _begin(self, snapshot: PbxSnapshot) -> None:
        with self._news:
            self._live = {event["Uniqueid"] for event in snapshot.channels}
            self._hints = {event["Exten"]: int(event["Status"]) for event in snapshot.hints}
            if self._first is None:
                self._first = (time.time(), snapshot)
                self._steps.clear()  # what came while the lists were read is in them
            else:
                self._steps.append(LoginStep(time.time(), snapshot))

    def disconnect(self) -> None:
        """The link breaks."""
        if self._ami is not None:
            self._ami.close()
            with self._news:
                self._steps.append(LinkDownStep(self._ami.closed_at or time.time()))
            self._ami = None

    def pbx_lost(self) -> None:
        """The PBX ended the link."""
        self.disconnect()

    def reconcile(self) -> None:
        """Ask the list actions again."""
        snapshot = self._snapshot()
        with self._news:
            self._steps.append(ReconcileStep(time.time(), snapshot))

    def note(self, text: str) -> None:
        """A remark at this moment."""
        with self._news:
            self._steps.append(NoteStep(time.time(), text))

    def lose(self, name: str, match: dict[str, str]) -> None:
        """Leave out the next event that matches."""
        self._lost.append((name, match))

    def quiet(self) -> None:
        """Until each channel's Hangup was seen, no hint says that a phone is busy, and nothing more comes."""
        with self._news:
            end = time.monotonic() + SETTLE_SECONDS
            while time.monotonic() < end:
                if not self._news.wait(STILL_SECONDS) and self._is_quiet():
                    return
            raise TimeoutError(f"still live: {self._live}, hints {self._hints}")

    def recording(self, name: str, story: str, asterisk: str) -> Recording:
        """All of it, after the end."""
        if self._first is None:
            raise RuntimeError("never connected")
        at, snapshot = self._first
        header = Header(name=name, asterisk=asterisk, story=story, at=at, snapshot=snapshot)
        return Recording(header, tuple(self._steps))

    def close(self) -> None:
        """Log out for good."""
        if self._ami is not None:
            self._ami.close()

    def _is_quiet(self) -> bool:
        return not self._live and not any(status > 0 and status & BUSY_BITS for status in self._hints.values())

    def _snapshot(self) -> PbxSnapshot:
        if self._ami is None:
            raise RuntimeError("not connected")
        ask = self._ami.list_action
        return PbxSnapshot(
            hints=tuple(ask("ExtensionStateList")),
            channels=tuple(ask("CoreShowChannels")),
            bridges=tuple(ask("BridgeList")),
            queues=tuple(ask("QueueStatus")),
            parked=tuple(ask("ParkedCalls")),
            devices=tuple(ask("DeviceStateList")),
        )

    def _take(self, at: float, event: Event) -> None:
        if self._ami is not None and event.get("ActionID", "").startswith(self._ami.prefix):
            return  # a line of one of our own lists
        with self._news:
            match event["Event"]:
                case "Newchannel":
                    self._live.add(event["Uniqueid"])
                case "Hangup":
                    self._live.discard(event["Uniqueid"])
                case "ExtensionStatus":
                    self._hints[event["Exten"]] = int(event["Status"])
            if event["Event"] not in NOISE and not self._loses(event):
                self._steps.append(EventStep(round(at, 6), event))
            self._news.notify_all()

    def _loses(self, event: Event) -> bool:
        for rule in self._lost:
            if matches(event, *rule):
                self._lost.remove(rule)
                return True
        return False
