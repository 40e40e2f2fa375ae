"""`demo_pbx --play`: a recording told again over AMI arrives, through the product's own link, as it was."""

import asyncio
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from django.conf import settings

from telephony.ami.account import AmiAccount
from telephony.ami.link import AmiLink
from telephony.ami.resync import load_snapshot
from telephony.ami.wire import Message
from telephony.core.enums import LinkState
from telephony.core.recording import EventStep, Recording, parse
from telephony.core.reducer import WANTED_EVENTS
from telephony.core.snapshot import PbxSnapshot

PATH: Final = Path(__file__).parent.parent / "core/recordings/22/xfer_blind_by_callee.jsonl"
PATIENCE: Final = 60
Fields = dict[str, str]


def _recording() -> Recording:
    with PATH.open(encoding="utf-8") as lines:
        return parse(lines)


def _wanted(recording: Recording) -> list[Fields]:
    return [s.event for s in recording.steps if isinstance(s, EventStep) and s.event["Event"] in WANTED_EVENTS]


def _without_ids(events: Iterable[Fields]) -> list[Fields]:
    return [{key: value for key, value in event.items() if key != "ActionID"} for event in events]


async def test_a_recording_played_over_the_wire_is_the_recording() -> None:
    recording = _recording()
    expected = _wanted(recording)
    heard: list[Fields] = []
    snapshots: list[PbxSnapshot] = []
    complete = asyncio.Event()

    def on_event(message: Message, _: float) -> None:
        heard.append(dict(message))
        if len(heard) == len(expected):
            complete.set()

    async def resync(link: AmiLink) -> None:
        snapshots.append(await load_snapshot(link))

    manage = str(settings.BASE_DIR / "manage.py")
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, manage, "demo_pbx", "--port", "0", "--play", str(PATH), "--speed", "0"),
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    line = (await asyncio.wait_for(process.stdout.readline(), PATIENCE)).decode()
    port = int(line.partition(",")[0].rpartition(":")[2])
    link = AmiLink(
        AmiAccount("127.0.0.1", "demo", "demo", port), on_event=on_event, resync=resync, wanted=WANTED_EVENTS
    )
    work = asyncio.create_task(link.run())
    await asyncio.wait_for(complete.wait(), PATIENCE)
    assert link.status.state is LinkState.UP
    await link.close()
    await work
    process.terminate()
    assert await asyncio.wait_for(process.wait(), PATIENCE) == 0
    assert heard == expected
    told = recording.header.snapshot
    assert _without_ids(snapshots[0].hints) == _without_ids(told.hints)
    assert _without_ids(snapshots[0].queues) == _without_ids(told.queues)
