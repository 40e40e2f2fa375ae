"""The recorder: whatever the database does, every fact is in it at the end, once."""

import asyncio
import logging
import signal
import sqlite3
import time
from collections.abc import AsyncIterator, Callable
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path
from typing import TypeVar
from uuid import UUID

import pytest
import pytest_asyncio

from astpanel.accounts.models import PanelUser
from telephony.core.enums import Disposition
from telephony.core.summary import CallSummary
from telephony.gateway.database import DatabaseThread
from telephony.gateway.facts import Fact, Folded, decode, encode
from telephony.gateway.lease import Lease, take
from telephony.gateway.recorder import Recorder
from telephony.gateway.spool import Spool
from telephony.models import ActionLog, CallRecord, GatewayLease, Pbx
from telephony.services import ActionFact
from tests.databases import PrivateDatabase
from tests.gateway.summaries import T0, answered_call, rows, running_call
from tests.gateway.waiting import until

T = TypeVar("T")
POSTGRESQL = pytest.mark.parametrize(
    "private_database", [pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True
)
SQLITE = pytest.mark.parametrize("private_database", ["sqlite"], indirect=True)
ANSWERED = (
    "1763800000.1 inbound answered 84951112233→101 +74951112233 0/5/15 5+10 "
    "[+74951112233:10 101:10] [1763800000.1:16 1763800000.2:16]"
)
RUNNING = "1763800000.1 inbound in_progress 84951112233→101 +74951112233 0/-/- 0+0 [+74951112233:0] [1763800000.1:0]"


class Bench:
    """Recorders on a private database, and a second thread to look into it."""

    def __init__(self, pbx: Pbx, folder: Path) -> None:
        self.pbx = pbx
        self.folder = folder
        self.reader = DatabaseThread("reader")
        self._running: list[tuple[Recorder, DatabaseThread, asyncio.Task[None]]] = []

    async def read(self, function: Callable[[], T]) -> T:
        return await self.reader.run(function, patience=60)

    async def lease(self) -> Lease:
        lease = await self.read(lambda: take(self.pbx.pk, "a:1:x", ttl=3600))
        assert lease is not None
        return lease

    def recorder(self, owner: str = "x", lease: Lease | None = None) -> Recorder:
        database = DatabaseThread("writer")
        recorder = Recorder(self.pbx.pk, database, Spool(self.folder, self.pbx.pk, owner), spool_after=0.2)
        recorder.lease = lease
        self._running.append((recorder, database, asyncio.create_task(recorder.run())))
        return recorder

    async def end(self, recorder: Recorder, patience: float = 60) -> None:
        """As a gateway stops."""
        entry = next(entry for entry in self._running if entry[0] is recorder)
        self._running.remove(entry)
        entry[2].cancel()
        with suppress(asyncio.CancelledError):
            await entry[2]
        await recorder.stop(patience)
        await entry[1].close()

    async def close(self) -> None:
        for recorder, _, _ in list(self._running):
            await self.end(recorder, patience=0)
        await self.reader.close()


@pytest_asyncio.fixture
async def bench(pbx: Pbx, tmp_path: Path) -> AsyncIterator[Bench]:
    bench = Bench(pbx, tmp_path / "spool")
    yield bench
    await bench.close()


async def test_a_call_from_start_to_end(bench: Bench) -> None:
    recorder = bench.recorder(lease=await bench.lease())
    live = {"1763800000.1": running_call()}
    recorder.summarise = live.get
    recorder.running("1763800000.1")
    await until(lambda: recorder.idle, "the running call to be written")
    assert await bench.read(rows) == [RUNNING]
    recorder.ended(answered_call())
    await until(lambda: not recorder.buffered, "the ended call to be written")
    assert await bench.read(rows) == [ANSWERED]


async def test_it_tells_whose_call_was_recorded(bench: Bench) -> None:
    """Not before it is in the database, and of calls that are over only."""
    recorder = bench.recorder(lease=await bench.lease())
    told: list[tuple[dict[str, str], int]] = []
    recorder.on_recorded = lambda latest: told.append((dict(latest), recorder.buffered))
    unseen = replace(answered_call("1763800009.1", T0 + 9), ended=None, disposition=Disposition.IN_PROGRESS)
    recorder.summarise = {"1763800009.1": unseen}.get
    recorder.running("1763800009.1")
    await until(lambda: recorder.idle, "the running call to be written")
    assert told == []
    recorder.ended(answered_call("1763800003.1", T0 + 3))
    recorder.ended(answered_call("1763800005.1", T0 + 5))
    await until(lambda: recorder.idle, "the ended calls to be written")
    recorder.logged_in((), T0 + 60)
    await until(lambda: recorder.idle, "the login to be written")
    assert told == [({"101": "1763800005.1"}, 0), ({"101": "1763800009.1"}, 0)]


async def test_what_changes_while_a_row_is_written_is_written_next(bench: Bench) -> None:
    recorder = bench.recorder(lease=await bench.lease())
    answered = replace(running_call(), answered=T0 + 5)
    versions = [running_call(), answered]

    def summarise(linkedid: str) -> CallSummary:
        if len(versions) > 1:
            recorder.running(linkedid)  # the answer comes while the first row is on its way
            return versions.pop(0)
        return versions[0]

    recorder.summarise = summarise
    recorder.running("1763800000.1")
    await until(lambda: recorder.idle and versions == [answered], "both to be written")
    assert await bench.read(lambda: CallRecord.objects.get().answered is not None)


async def test_fold_removes_the_row_and_login_interrupts_what_is_gone(bench: Bench) -> None:
    recorder = bench.recorder(lease=await bench.lease())
    live: dict[str, CallSummary] = {f"1763800000.{n}": running_call(f"1763800000.{n}") for n in (1, 5, 9)}
    recorder.summarise = live.get
    for linkedid in live:
        recorder.running(linkedid)
    await until(lambda: recorder.idle, "the running calls to be written")
    recorder.folded("1763800000.5")
    recorder.logged_in((live["1763800000.1"],), T0 + 60)
    await until(lambda: recorder.idle, "the login to be written")
    assert await bench.read(rows) == [
        RUNNING,
        "1763800000.9 inbound interrupted 84951112233→101 +74951112233 0/-/60 0+0 [+74951112233:0] [1763800000.9:0]",
    ]


@POSTGRESQL
async def test_postgresql_restarts_in_the_middle(bench: Bench, private_database: PrivateDatabase) -> None:
    server = private_database.server
    assert server
    recorder = bench.recorder(lease=await bench.lease())
    calls = [answered_call(f"1763801{n:03}.1") for n in range(200)]
    for call in calls[:50]:
        recorder.ended(call)
    await until(lambda: not recorder.buffered, "the first calls to be written")
    server.stop(signal.SIGQUIT)  # as a crash: connections break
    try:
        for call in calls[50:]:
            recorder.ended(call)
        await until(lambda: recorder.counters.retries >= 3, "three tries against a stopped server")
        assert recorder.buffered == 150
        await until(lambda: any(bench.folder.glob("*.jsonl")), "the buffer to be kept on disk")
    finally:
        server.start()
    await until(lambda: not recorder.buffered, "the buffered calls to be written")
    assert await bench.read(lambda: sorted(CallRecord.objects.values_list("linkedid", flat=True))) == [
        call.linkedid for call in calls
    ]
    await until(lambda: not list(bench.folder.iterdir()), "the spool to be removed")


@POSTGRESQL
async def test_frozen_postgresql_stalls_nothing_else(bench: Bench, private_database: PrivateDatabase) -> None:
    server = private_database.server
    assert server
    database = DatabaseThread("writer")
    recorder = Recorder(bench.pbx.pk, database, Spool(bench.folder, bench.pbx.pk, "x"))
    recorder.lease = await bench.lease()
    assert await recorder.write_once()  # connects
    server.freeze()
    try:
        recorder.ended(answered_call())
        before = time.monotonic()
        assert not await recorder.write_once(patience=0.3)
        assert not await recorder.write_once(patience=30)  # at once: the statement before hangs
        await recorder.stop(patience=0.3)
        await database.close(patience=0.2)
        assert time.monotonic() - before < 20
    finally:
        server.thaw()
    assert [path.name for path in bench.folder.iterdir()] == [f"calls-{bench.pbx.pk}-x.jsonl"]
    successor = bench.recorder("y", lease=recorder.lease)
    await successor.load_spool()
    await until(lambda: not successor.buffered, "the spool to be written")
    assert await bench.read(rows) == [ANSWERED]
    await until(lambda: not list(bench.folder.iterdir()), "the spool to be removed")


@SQLITE
async def test_locked_sqlite_is_tried_again(bench: Bench, private_database: PrivateDatabase) -> None:
    recorder = bench.recorder(lease=await bench.lease())
    with closing(sqlite3.connect(private_database.url.removeprefix("sqlite:///"), isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        recorder.ended(answered_call())
        assert not await recorder.write_once(patience=0.3)
        other.execute("ROLLBACK")
    await until(lambda: not recorder.buffered, "the call to be written")
    assert await bench.read(rows) == [ANSWERED]


async def test_replaced_gateway_writes_no_running_call_but_delivers_what_only_it_saw(bench: Bench) -> None:
    old = bench.recorder("old", lease=await bench.lease())
    lost = asyncio.Event()
    old.on_lease_lost = lost.set
    await bench.read(lambda: GatewayLease.objects.update(holder="b:2:y", epoch=9))
    old.summarise = {"1763800000.1": running_call()}.get
    old.running("1763800000.1")
    await asyncio.wait_for(lost.wait(), 60)
    assert await bench.read(rows) == []
    old.ended(answered_call())
    await until(lambda: not old.buffered, "the ended call to be delivered")
    assert await bench.read(rows) == [ANSWERED]
    other_truth = replace(answered_call(), ended=T0 + 99, caller_name="changed")
    old.ended(other_truth)
    await until(lambda: not old.buffered, "the second telling to be written")
    assert await bench.read(rows) == [ANSWERED]


async def test_acts_are_journalled_once(bench: Bench) -> None:
    user = await bench.read(lambda: PanelUser.objects.create_user("operator"))
    recorder = bench.recorder()
    act = ActionFact(UUID(int=1), user.pk, "originate", {"number": "102"}, "done", "own_phone_rings", "", 0.5)
    for _ in range(2):
        recorder.acted(act)
        await until(lambda: not recorder.buffered, "the act to be written")
    fields = ("command_id", "user", "name", "args", "outcome", "reason", "seconds")
    assert await bench.read(lambda: list(ActionLog.objects.values_list(*fields))) == [
        (UUID(int=1), user.pk, "originate", {"number": "102"}, "done", "own_phone_rings", 0.5)
    ]


async def test_an_act_of_a_user_who_is_gone_is_kept(bench: Bench) -> None:
    recorder = bench.recorder()
    recorder.acted(ActionFact(UUID(int=2), 424242, "hangup", {}, "refused", "user_off", "", 0.0))
    await until(lambda: not recorder.buffered, "the act to be written")
    act = await bench.read(ActionLog.objects.get)
    assert (act.user, act.reason) == (None, "user_off")


async def test_a_fact_the_database_refuses_is_set_aside_and_stops_nobody(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    recorder = bench.recorder(lease=await bench.lease())
    bad = replace(answered_call("1763800500.1"), started=1e30)  # no calendar has that year
    good = [answered_call(f"1763801{n:03}.1") for n in range(120)]
    with caplog.at_level(logging.ERROR):
        for call in [*good[:60], bad, *good[60:]]:
            recorder.ended(call)
        await until(lambda: not recorder.buffered, "all calls to be dealt with")
    assert await bench.read(CallRecord.objects.count) == 120
    assert recorder.counters.rejected == 1
    kept = (bench.folder / f"rejected-{bench.pbx.pk}.jsonl").read_text().splitlines()
    assert [decode(line) for line in kept[1:]] == [bad]
    assert "the database refuses a record" in caplog.text


async def test_twenty_calls_a_second_and_more(bench: Bench) -> None:
    recorder = bench.recorder(lease=await bench.lease())
    calls = [answered_call(f"1763801{n:03}.1") for n in range(600)]
    began = time.monotonic()
    for call in calls:
        recorder.ended(call)
    await until(lambda: not recorder.buffered, "600 calls to be written")
    assert 600 / (time.monotonic() - began) > 20


FACTS: list[Fact] = [
    answered_call(),
    Folded("1763800000.5"),
    replace(running_call("1763800000.9"), caller_name="\0\ud800<script>\u202e\n"),
    ActionFact(UUID(int=7), 3, "hangup", {"call": "1.1"}, "failed", "pbx_refused", "No such channel", 0.1),
]


@pytest.mark.parametrize("fact", FACTS)
def test_spool_line_is_the_fact(fact: Fact) -> None:
    assert decode(encode(fact)) == fact


def test_damaged_spool_is_set_aside_and_its_good_lines_are_read(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    Spool(tmp_path, 1, "a").append(FACTS)
    path = tmp_path / "calls-1-a.jsonl"
    lines = path.read_bytes().split(b"\n")
    path.write_bytes(b"\n".join([*lines[:2], b"\xff{garbage", b'{"call": {}}', b"[]", *lines[2:]]))
    with caplog.at_level(logging.ERROR):
        spooled = Spool(tmp_path, 1, "b").load()
    assert (spooled.facts, spooled.paths) == (tuple(FACTS), ())
    assert [path.name for path in tmp_path.iterdir()] == ["calls-1-a.damaged"]
    assert "is damaged (line 3:" in caplog.text


@pytest.mark.parametrize("content", [b"", b"\0" * 5000, b"[1, 2]\n", b"{}\n{}\n"])
def test_a_file_that_is_no_spool_is_set_aside(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "calls-1-a.jsonl").write_bytes(content)
    assert Spool(tmp_path, 1, "b").load().facts == ()
    assert [path.name for path in tmp_path.iterdir()] == ["calls-1-a.damaged"]


def test_a_torn_last_line_is_no_damage(tmp_path: Path) -> None:
    """The process was killed while it appended: what was acknowledged is whole."""
    Spool(tmp_path, 1, "a").append(FACTS)
    with (tmp_path / "calls-1-a.jsonl").open("ab") as file:
        file.write(b'{"call": {"linke')
    spooled = Spool(tmp_path, 1, "b").load()
    assert (spooled.facts, [path.name for path in spooled.paths]) == (tuple(FACTS), ["calls-1-a.jsonl"])


def test_spool_of_another_pbx_is_left_alone_and_only_the_owner_reads(tmp_path: Path) -> None:
    Spool(tmp_path, 2, "a").append(FACTS)
    assert Spool(tmp_path, 1, "b").load().facts == ()
    assert (tmp_path / "calls-2-a.jsonl").stat().st_mode & 0o777 == 0o600
