"""Large files: a worker that dies, workers beside each other, rights that are gone meanwhile."""

import signal
import threading
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from astpanel.accounts.models import PanelUser
from astpanel.jobs import tasks
from astpanel.jobs.models import Job
from astpanel.jobs.services import STALE, resume_stale
from crm.exchange.chunks import CHUNK
from crm.exchange.exporting import start_export
from crm.exchange.services import begin_import, check, take_file
from crm.models import ContactInfo, Counterparty, DirectoryImport
from tests.crm.exchange.files import csv_file
from tests.databases import PrivateDatabase, on_postgresql
from tests.factories import CounterpartyFactory, PanelUserFactory
from tests.jobs.clusters import cluster
from tests.jobs.locks import locked, somebody_waits
from tests.servers import wait_until

ROWS = 6 * CHUNK


def large_file(rows: int = ROWS) -> bytes:
    """Longer than a page reads at once."""
    return csv_file(*(f"Компания {n};К-{n};;+7 495 {n:07d}{' ' * 60}" for n in range(rows)), "Без номера;;;доб. 1")


def taken(by: PanelUser, data: bytes) -> DirectoryImport:
    """Checked; its writing is asked for."""
    made = take_file(data=data, name="большой.csv", by=by)
    if made.state == DirectoryImport.State.CHECKING:
        check(made)
    return begin_import(made=made, by=by, only_valid=True, with_duplicates=False)


@on_postgresql
def test_a_worker_is_killed_in_the_middle_of_a_chunk(private_database: PrivateDatabase, tmp_path: Path) -> None:
    by = PanelUser.objects.create(username="root", is_superuser=True)
    stuck = Counterparty.objects.create(name="Старое имя", external_ref=f"К-{3 * CHUNK + 5}")
    made = taken(by, large_file())
    whole = 3 * CHUNK

    def at_the_lock() -> bool:
        return DirectoryImport.objects.get(pk=made.pk).position == whole and somebody_waits()

    with cluster(private_database.url, tmp_path, "first") as first:
        with locked(Counterparty, pk=stuck.pk):
            wait_until(at_the_lock, "the worker to reach the row that is held", 180)
            first.send(signal.SIGKILL)
        assert first.process.wait(60) == -signal.SIGKILL
    made.refresh_from_db()
    job_id = made.job_id or 0
    wait_until(lambda: not somebody_waits(), "the dead worker's connection to end")
    assert (Counterparty.objects.count(), ContactInfo.objects.count()) == (1 + whole, whole)
    assert resume_stale(now=timezone.now() + STALE * 2) == [job_id]
    with cluster(private_database.url, tmp_path, "second"):
        wait_until(lambda: Job.objects.filter(pk=job_id, finished__isnull=False).exists(), "the import's end", 180)
    made.refresh_from_db()
    job = Job.objects.get(pk=job_id)
    counts = {"new": ROWS - 1, "changed": 1, "same": 0, "duplicate": 0, "error": 1}
    assert (job.state, job.attempts, job.result) == ("done", 2, counts)
    assert (made.state, made.position, made.counts, bytes(made.content)) == ("done", ROWS + 1, counts, b"")
    assert (Counterparty.objects.count(), ContactInfo.objects.count(), made.faults.count()) == (ROWS, ROWS, 1)
    stuck.refresh_from_db()
    assert stuck.name == f"Компания {3 * CHUNK + 5}"


def test_two_imports_at_once_double_nobody(private_database: PrivateDatabase) -> None:
    by = PanelUser.objects.create(username="root", is_superuser=True)
    made = [taken(by, large_file(2 * CHUNK)) for _ in range(2)]
    together, failed = threading.Barrier(2), list[BaseException]()

    def work(job_id: int) -> None:
        try:
            together.wait(60)
            tasks.run(job_id)
        except BaseException as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=[one.job_id]) for one in made]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    states = Job.objects.filter(pk__in=[one.job_id for one in made]).values_list("state", "message")
    assert (failed, list(states)) == ([], [("done", "")] * 2)
    assert (Counterparty.objects.count(), ContactInfo.objects.count()) == (2 * CHUNK, 2 * CHUNK)
    counts = [DirectoryImport.objects.get(pk=one.pk).counts for one in made]
    assert sum(one["new"] for one in counts) == 2 * CHUNK
    assert sum(one["same"] for one in counts) == 2 * CHUNK


@pytest.mark.django_db
def test_a_file_that_breaks_off_behind_its_headers_says_so() -> None:
    by = PanelUserFactory(admin=True)
    data = csv_file(*("Луч;;;" for _ in range(200_001)))
    made = take_file(data=data, name="слишком.csv", by=by)
    assert (tasks.run(made.job_id or 0), made.state) == ("failed", "checking")
    made.refresh_from_db()
    job = Job.objects.get(pk=made.job_id or 0)
    text = "В файле строк больше, чем 200000: разделите его."
    assert (made.state, made.problem, job.message, bytes(made.content)) == ("failed", text, text, b"")


@pytest.mark.django_db
@pytest.mark.parametrize("lost", [{"is_active": False}, {"is_superuser": False}])
def test_whoever_lost_the_right_meanwhile_imports_and_exports_nothing(lost: dict[str, Any]) -> None:
    by = PanelUserFactory(admin=True)
    CounterpartyFactory(name="Луч")
    jobs = [taken(by, large_file()).job_id, start_export(ids=None, kind="csv", by=by).job_id]
    PanelUser.objects.filter(pk=by.pk).update(**lost)
    assert [tasks.run(job or 0) for job in jobs] == ["failed", "failed"]
    assert list(Counterparty.objects.values_list("name", flat=True)) == ["Луч"]
