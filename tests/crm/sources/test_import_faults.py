"""Readings that break off, that are taken up again, that find too few, and that meet another one."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone, translation
from django_q.models import Schedule

from astpanel.jobs.models import Job
from astpanel.jobs.schedules import ensure
from astpanel.jobs.services import resume_stale
from astpanel.jobs.tasks import run as run_job
from crm.models import ContactInfo, Counterparty, CustomerSource, SourceImport, SourceRow
from crm.sources.importing import clock, reading, work
from crm.sources.importing.customers import apply_customers
from crm.sources.importing.mirrored import mirrored
from crm.sources.importing.services import start_by_the_clock, start_reading
from crm.sources.importing.users import read_users as users_of_the_source
from tests.crm.sources.families import CUSTOMERS, PARTNER_PERSONS, PARTNERS, REGISTER, USER, base
from tests.crm.sources.importing import counts, directory, read
from tests.crm.sources.onec import OneCServer, serve
from tests.crm.sources.onec_base import ref

pytestmark = pytest.mark.django_db
FAULTS = [
    ("401", "denied"),
    ("403", "forbidden"),
    ("404", "not_published"),
    ("500", "server_error"),
    ("503", "server_error"),
    ("odata", "server_error"),
    ("json", "bad_json"),
    ("html", "not_odata"),
    ("no_list", "not_odata"),
]


@pytest.mark.parametrize("mode", ["full", "changes"])
@pytest.mark.parametrize(("kind", "problem"), FAULTS)
def test_a_fault_in_the_middle_leaves_the_directory_as_it_was(
    ut11: OneCServer, kind: str, problem: str, mode: str
) -> None:
    read()
    before = directory()
    ut11.base.change(PARTNERS, ref(PARTNERS, 1), Description="ООО «Заря»")
    ut11.base.change(PARTNERS, ref(PARTNERS, 2), DeletionMark=True)
    ut11.fault(kind, entity=PARTNER_PERSONS, after=1, times=5)  # customers are read already
    run = read(mode)
    assert (run.state, run.problem, directory()) == ("failed", problem, before)
    assert run.job is not None
    assert (run.job.state, PARTNER_PERSONS in run.job.message) == ("failed", True)
    ut11.faults.clear()
    after = read("changes")
    waiting = {"same": 27} if mode == "full" else {}  # what a full reading has read is still to be applied
    assert dict(counts(after, "customers")) == {"changed": 1, "gone": 1, **waiting}


def test_an_object_that_is_not_published(ut11: OneCServer) -> None:
    read()
    before = directory()
    kept = ut11.base.tables.pop(PARTNER_PERSONS)
    run = read("changes")
    assert (run.state, run.problem, directory()) == ("failed", "not_selected", before)
    run = read()
    assert (run.state, run.problem, directory()) == ("failed", "map", before)
    assert run.position["missing"] == [["no_entity", PARTNER_PERSONS]]
    ut11.base.tables[PARTNER_PERSONS] = kept
    assert read().state == "done"


def test_users_that_cannot_be_read_change_nobody(ut11: OneCServer) -> None:
    ut11.base.may_read = {PARTNERS, CUSTOMERS, PARTNER_PERSONS}
    run = read()
    assert (run.state, run.problem, directory()) == ("failed", "forbidden", {})
    assert run.job is not None
    assert USER in run.job.message


def test_half_an_answer_is_asked_for_again_and_then_given_up(ut11: OneCServer) -> None:
    ut11.fault("half", entity=PARTNERS, times=1)
    assert read().state == "done"
    before = directory()
    ut11.fault("half", entity=PARTNERS, times=4)
    assert (read().problem, directory()) == ("lost", before)


def test_a_base_that_shows_nothing_archives_nobody(ut11: OneCServer) -> None:
    with serve(base("ut11", 200)) as onec:
        CustomerSource.objects.update(url=onec.connection.url)
        read()
        before = directory()
        alive = sum(not one["archived"] for one in before.values() if "kind" in one)
        for name in (PARTNERS, PARTNER_PERSONS, CUSTOMERS):
            onec.base.tables[name].size = 0
        run = read()
        assert (run.state, directory()) == ("done", before)
        assert run.position["held"] == {"customers": alive, "persons": 96, "numbers": ContactInfo.objects.count()}
        assert counts(run, "customers") == {"held": alive}
        assert directory() == before
        assert counts(read("changes"), "customers") == {"held": alive}
        run = read(confirmed=True)
        assert counts(run, "customers") == {"gone": alive}
        assert set(Counterparty.objects.values_list("archived", flat=True)) == {True}
        assert directory().keys() == before.keys()


def test_numbers_do_not_vanish_with_the_right_to_see_them(ut103: OneCServer) -> None:
    read()
    before = directory()
    ut103.base.tables[REGISTER].size = 0
    run = read("changes")
    assert (run.state, directory()) == ("done", before)
    assert set(run.position["held"]) == {"numbers"}
    read("changes", confirmed=True)
    assert ContactInfo.objects.count() == 0


def test_a_register_that_moved_while_it_was_read(ut103: OneCServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between two pages a record in front is deleted: the one that moved into its place was not seen."""
    read()
    before = directory()
    monkeypatch.setattr(reading, "SLIM_PAGE", 20)
    table = ut103.base.tables[REGISTER]
    asked: list[Any] = []
    page = sorted(range(table.size), key=lambda index: _order(table.at(index)))[:20]
    known = set(ContactInfo.objects.values_list("value", flat=True))
    values = {index: _row(table, index)["Представление"] for index in page}
    first, value = next(one for one in values.items() if one[1] in known)

    def moved(request: Any, real: Any = ut103.next_fault) -> Any:
        if request.entity == REGISTER and request.options.get("$skip") == "20" and not asked:
            asked.append(request)
            table.put(first, None)
        return real(request)

    monkeypatch.setattr(ut103, "next_fault", moved)
    run = read("changes")
    assert (run.state, run.position["incomplete"], len(asked)) == ("done", [REGISTER], 1)
    assert directory() == before
    read("changes")
    assert set(ContactInfo.objects.values_list("value", flat=True)) == known - {value}


def test_settings_that_change_meanwhile(ut11: OneCServer, monkeypatch: pytest.MonkeyPatch) -> None:
    run = start_reading(mode="full", by=None)
    real = users_of_the_source

    def users(*args: Any) -> Any:
        CustomerSource.objects.update(username="Другой")
        return real(*args)

    monkeypatch.setattr("crm.sources.importing.work.read_users", users)
    assert run.job is not None
    run_job(run.job.pk)
    run.refresh_from_db()
    assert (run.state, run.problem, directory()) == ("failed", "changed_here", {})


def _row(table: Any, index: int) -> Any:
    return table.at(index)


def _order(row: Any) -> tuple[bool, str]:
    """The e-mails of users are not asked for here."""
    return row["Объект_Type"].endswith(USER), row["Объект"]


class Killed(BaseException):
    """What a worker's death looks like from inside: nothing of its own code runs any more."""


@pytest.mark.parametrize("name", ["pages", "apply"])
def test_a_killed_worker_is_taken_over(ut11: OneCServer, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    with serve(base("ut11", 60)) as onec:
        CustomerSource.objects.update(url=onec.connection.url)
        monkeypatch.setattr(reading, "PAGE", 20)
        monkeypatch.setattr(work, "CHUNK", 20)
        run = start_reading(mode="full", by=None)
        assert run.job is not None
        calls = []
        real: Any = apply_customers if name == "apply" else mirrored

        def dying(*args: Any) -> Any:
            calls.append(1)
            if len(calls) > (1 if name == "apply" else 45):
                raise Killed
            return real(*args)

        with monkeypatch.context() as patch:
            place = "work.apply_customers" if name == "apply" else "reading.mirrored"
            patch.setattr(f"crm.sources.importing.{place}", dying)
            with pytest.raises(Killed):
                run_job(run.job.pk)
        run.refresh_from_db()
        assert run.state == "running"
        done = Counterparty.objects.count()
        assert done == (20 if name == "apply" else 0)
        assert SourceRow.objects.filter(role="customer").count() == (58 if name == "apply" else 40)
        asked = len(onec.asked("GET"))
        Job.objects.update(heartbeat=timezone.now() - timedelta(minutes=5))
        assert resume_stale(now=timezone.now()) == [run.job.pk]
        run_job(run.job.pk)
        run.refresh_from_db()
        assert (run.state, counts(run, "customers")) == ("done", {"created": 58})
        again = onec.asked("GET")[asked:]
        assert again.count(PARTNERS) == (0 if name == "apply" else 1)  # from the third page on
        whole = directory()
        SourceRow.objects.all().delete()
        assert (read().state, directory()) == ("done", whole)


@pytest.mark.parametrize(("fault", "state", "said"), [("", "done", ""), ("401", "failed", "password")])
def test_a_worker_that_died_between_the_end_of_the_reading_and_of_its_job(
    ut11: OneCServer, fault: str, state: str, said: str
) -> None:
    read()
    ut11.base.change(PARTNERS, ref(PARTNERS, 1), DeletionMark=True)
    if fault:
        ut11.fault(fault, times=9)
    with translation.override("en"):
        run = read()
    ut11.faults.clear()
    assert run.job is not None
    ended = (run.state, run.problem, run.counts, run.position, run.finished)
    half = SourceRow.objects.filter(external_ref=ref(PARTNERS, 2))
    half.update(dirty=True, gone=True)  # the next reading has begun meanwhile
    ut11.requests.clear()
    jobs = Job.objects.filter(pk=run.job.pk)
    jobs.update(state="running", finished=None, result={}, message="", heartbeat=timezone.now() - timedelta(minutes=5))
    assert resume_stale(now=timezone.now()) == [run.job.pk]
    assert run_job(run.job.pk) == state
    job = jobs.get()
    run.refresh_from_db()
    assert (run.state, run.problem, run.counts, run.position, run.finished) == ended
    assert (job.result, said in job.message) == (run.counts if state == "done" else {}, True)
    assert (ut11.requests, half.get().dirty) == ([], True)
    assert not Counterparty.objects.get(external_ref=ref(PARTNERS, 2)).archived


def test_two_readings_never_run_at_once(ut11: OneCServer) -> None:
    first = start_reading(mode="full", by=None)
    assert start_reading(mode="changes", by=None) == first
    assert (SourceImport.objects.count(), Job.objects.count()) == (1, 1)
    Job.objects.update(state="failed")  # it ended without a word
    second = start_reading(mode="changes", by=None)
    first.refresh_from_db()
    assert (second != first, first.state, first.problem) == (True, "failed", "broken")


def test_what_breaks_is_said(ut11: OneCServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crm.sources.importing.work.apply_customers", lambda *_: 1 / 0)
    run = read()
    assert (run.state, run.problem, directory()) == ("failed", "broken", {})


def test_nothing_is_read_before_it_may_be(ut11: OneCServer) -> None:
    assert start_by_the_clock(mode="full") is not None
    for change in ({"map_confirmed": None}, {"url": ""}):
        SourceImport.objects.all().delete()
        CustomerSource.objects.update(**change)
        with pytest.raises(ValidationError):
            start_reading(mode="full", by=None)
    CustomerSource.objects.all().delete()
    assert start_by_the_clock(mode="full") is None


def test_the_clock(ut11: OneCServer) -> None:
    ensure()
    wanted = {"crm.source.full": (clock.FULL, "D", None), "crm.source.changes": (clock.CHANGES, "I", 60)}
    rows = Schedule.objects.filter(name__in=wanted)
    assert {row.name: (row.func, row.schedule_type, row.minutes) for row in rows} == wanted
    CustomerSource.objects.update(enabled=False)
    assert (clock.read_everything(), SourceImport.objects.count()) == ("switched off", 0)
    CustomerSource.objects.update(enabled=True)
    assert clock.read_changes() == f"reading {SourceImport.objects.get().pk}"
    assert SourceImport.objects.get().mode == "changes"
