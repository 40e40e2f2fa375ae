"""The worker that reads the source is killed or frozen: the next one leaves exactly what an undisturbed one leaves."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from astpanel.jobs.models import Job
from astpanel.jobs.services import STALE, resume_stale
from crm.models import Counterparty, SourceImport, SourceRow
from crm.sources.importing.reading import AT_ONCE
from crm.sources.importing.services import start_reading
from crm.sources.importing.work import CHUNK
from tests.crm.sources import family_rows as rows
from tests.crm.sources.families import MOBILE_KIND, PART, PARTNER_PERSONS, PARTNERS, PHONE_KIND, USER, base
from tests.crm.sources.importing import directory, read, source_of
from tests.crm.sources.onec import Fault, OneCServer, serve
from tests.crm.sources.onec_base import ref
from tests.crm.sources.snapshot import forget_everything, snapshot
from tests.databases import PrivateDatabase, on_postgresql
from tests.factories import PanelUserFactory
from tests.jobs.clusters import cluster
from tests.jobs.locks import locked, somebody_waits
from tests.servers import wait_until

SMALL, LARGE = 200, CHUNK + 40  # customers: applied at once, in two chunks
RENAMED = range(20, 20 + AT_ONCE)
GONE = (3, 4, 5)
PATIENCE = 180.0
pytestmark = pytest.mark.usefixtures("people")


def last(size: int) -> int:
    """The number of the customer that is applied last."""
    return max((number for number in range(size) if not rows.is_deleted(number)), key=lambda one: ref(PARTNERS, one))


@contextmanager
def office(size: int) -> Iterator[OneCServer]:
    """Everything is read already; then people work in 1C for an hour."""
    forget_everything()
    with serve(base("ut11", size)) as onec:
        source_of(onec)
        assert read().state == "done"
        for number in (*RENAMED, last(size)):  # one more than is asked for at once
            phone = rows.phone_line(number + 500_000, rows.CITY, MOBILE_KIND if number % 2 else PHONE_KIND)
            onec.base.change(PARTNERS, ref(PARTNERS, number), Description=f"ООО «Новое» {number}", **{PART: [phone]})
        for number in GONE:
            onec.base.change(PARTNERS, ref(PARTNERS, number), DeletionMark=True)
        onec.base.change(PARTNER_PERSONS, ref(PARTNER_PERSONS, 6), DeletionMark=True)
        onec.base.change(PARTNER_PERSONS, ref(PARTNER_PERSONS, 8), ДолжностьПоВизитке="директор")
        onec.base.change(USER, ref(USER, 1), Description="Орлова Анна Сергеевна")
        onec.requests.clear()
        yield onec


@pytest.fixture
def people(private_database: PrivateDatabase) -> None:
    """One user of 1C is theirs before and another afterwards."""
    PanelUserFactory(email="", last_name="Петрова", first_name="Анна", patronymic="Сергеевна")
    PanelUserFactory(email="", last_name="Сидоров", first_name="Олег", patronymic="")
    PanelUserFactory(email="", last_name="Орлова", first_name="Анна", patronymic="Сергеевна")


def undisturbed(mode: str, size: int) -> dict[str, Any]:
    with office(size):
        return snapshot(read(mode))


def asked_to_wait(onec: OneCServer, entity: str, after: int) -> Callable[[], bool]:
    """1C falls silent at a request for these → whether that has come."""
    fault = Fault("deaf", entity=entity, after=after)
    onec.faults.append(fault)
    return lambda: not fault.times


def resumed(run: SourceImport) -> None:
    assert resume_stale(now=timezone.now()) == []  # it may still be alive
    assert resume_stale(now=timezone.now() + STALE + timedelta(seconds=1)) == [run.job_id]


def ended(run: SourceImport) -> dict[str, Any]:
    """What the run left when its second worker was ready."""
    jobs = Job.objects.filter(pk=run.job_id or 0)
    wait_until(lambda: jobs.filter(finished__isnull=False).exists(), "the reading's end", PATIENCE)
    assert jobs.get().attempts == 2
    return snapshot(SourceImport.objects.select_related("job").get(pk=run.pk))


@dataclass(frozen=True)
class Moment:
    """`after`: so many requests for `entity` are answered before; `known`: customers that are read by then."""

    mode: str
    entity: str
    after: int
    known: int


ALIVE = SMALL - len(GONE) - sum(rows.is_deleted(number) for number in range(SMALL))
MOMENTS = (
    pytest.param("sqlite", Moment("full", PARTNER_PERSONS, after=1, known=ALIVE), id="full-sqlite"),  # their number
    pytest.param(  # their number; references and versions; the first rows
        "postgresql",
        Moment("changes", PARTNERS, after=3, known=AT_ONCE),
        id="changes-postgresql",
        marks=pytest.mark.postgresql,
    ),
)


@pytest.mark.parametrize(("private_database", "at"), MOMENTS, indirect=["private_database"])
def test_killed_while_it_reads(private_database: PrivateDatabase, tmp_path: Path, at: Moment) -> None:
    expected = undisturbed(at.mode, SMALL)
    with office(SMALL) as onec, cluster(private_database.url, tmp_path, "worker") as worker:
        before = directory()
        waits = asked_to_wait(onec, at.entity, at.after)
        run = start_reading(mode=at.mode, by=None)
        wait_until(waits, "the worker to ask for more", PATIENCE)
        os.kill(worker.worker(), signal.SIGKILL)
        seen = SourceRow.objects.filter(role="customer", run=run.pk, dirty=True)
        assert (seen.count(), directory()) == (at.known, before)
        assert not SourceRow.objects.filter(gone=True).exists()
        resumed(run)
        assert ended(run) == expected


@on_postgresql
def test_killed_while_it_applies(private_database: PrivateDatabase, tmp_path: Path) -> None:
    expected = undisturbed("full", LARGE)
    with office(LARGE), cluster(private_database.url, tmp_path, "worker") as worker:
        stuck = ref(PARTNERS, last(LARGE))
        applied = SourceRow.objects.filter(role="customer", dirty=False)
        with locked(Counterparty, external_ref=stuck):
            run = start_reading(mode="full", by=None)
            wait_until(lambda: applied.count() == CHUNK and somebody_waits(), "the second chunk", PATIENCE)
            os.kill(worker.worker(), signal.SIGKILL)
        wait_until(lambda: not somebody_waits(), "the database to notice")
        assert Counterparty.objects.get(external_ref=stuck).name == rows.company(last(LARGE))
        resumed(run)
        found = ended(run)
    assert found == expected


@on_postgresql
def test_frozen_and_replaced(private_database: PrivateDatabase, tmp_path: Path) -> None:
    """A worker that wakes up when another has done its reading writes nothing any more."""
    expected = undisturbed("changes", SMALL)
    with office(SMALL) as onec, cluster(private_database.url, tmp_path, "first") as first:
        waits = asked_to_wait(onec, PARTNERS, 0)
        run = start_reading(mode="changes", by=None)
        wait_until(waits, "the worker to ask for the number of customers", PATIENCE)
        first.send(signal.SIGSTOP)
        resumed(run)
        with cluster(private_database.url, tmp_path, "second"):
            assert ended(run) == expected
        onec.ended.set()  # the answer that the first one waits for breaks off: it asks again, and gets it
        first.send(signal.SIGCONT)
        wait_until(lambda: "another worker has it" in first.log(), "the first one to notice", PATIENCE)
        assert ended(run) == expected
