"""Checks and phones in the database. The PBX of these tests is the built-in one, on a real socket."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from django_q.models import OrmQ, Schedule

from astpanel.health_texts import Level as HealthLevel
from astpanel.jobs import schedules
from astpanel.jobs.models import Job
from astpanel.jobs.tasks import run
from telephony.check import selectors, services
from telephony.check.facts import ContactFacts
from telephony.check.finding import Finding, Level
from telephony.check.health_line import check_line
from telephony.check.phone_rows import keep_contacts, note_contacts
from telephony.models import Pbx, PbxCheck, PhoneContact
from telephony.tasks import nightly_checks
from tests.check.demo import SECRET, demo_pbx
from tests.factories import NOON, PanelUserFactory, PbxCheckFactory, PbxFactory, PhoneContactFactory

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=1)


@contextmanager
def running_pbx(**changes: Any) -> Iterator[Pbx]:
    """The built-in PBX and its row."""
    with demo_pbx() as port:
        yield PbxFactory(**{"name": "Офис", "kind": "demo", "port": port, "secret": SECRET, **changes})


def errors(check: PbxCheck) -> list[str]:
    found = selectors.findings_of(check)
    return [finding.code for finding in found if finding.level is Level.ERROR]


def test_a_check_by_a_worker(django_capture_on_commit_callbacks: Any) -> None:
    with running_pbx() as pbx:
        asker = PanelUserFactory(number="101", pbx=pbx, admin=True)
        PanelUserFactory(number="102", pbx=pbx)
        PanelUserFactory(number="777", in_use=False)
        with django_capture_on_commit_callbacks(execute=True):
            check = services.start_check(pbx=pbx, asked_by=asker)
        assert (OrmQ.objects.count(), check.finished, check.job and check.job.asked_by) == (1, None, asker)
        assert services.start_check(pbx=pbx, asked_by=None) == check  # it is under way already
        assert check.job is not None
        assert run(check.job.pk) == Job.State.DONE
    check.refresh_from_db()
    job = Job.objects.get()
    assert (check.connected, check.version, errors(check)) == (True, "22.10.1", [])
    assert job.result == {"check": check.pk, "connected": True, "level": check.level}
    assert check.finished is not None
    own = [f.params["number"] for f in selectors.findings_of(check) if f.code in ("own_number_on", "own_number_off")]
    assert own == ["101"]
    assert services.start_check(pbx=pbx, asked_by=None) != check


def test_a_pbx_that_is_not_there() -> None:
    pbx = PbxFactory(port=1)
    check = PbxCheckFactory(pbx=pbx)
    services.carry_out(check=check)
    check.refresh_from_db()
    assert (check.connected, check.level, errors(check)) == (False, "error", ["login_failed"])


def test_nightly_checks_look_at_every_enabled_pbx() -> None:
    off = PbxFactory(enabled=False)
    dead = PbxFactory(port=1)
    with running_pbx() as pbx:
        ids = nightly_checks()
    checks = PbxCheck.objects.in_bulk(ids)
    assert [(checks[pk].pbx, checks[pk].connected, checks[pk].asked_by) for pk in ids] == [
        (dead, False, None),
        (pbx, True, None),
    ]
    assert not off.checks.exists()


def test_the_night_s_run_is_in_the_table_once() -> None:
    schedules.ensure()
    schedules.ensure()
    row = Schedule.objects.get(name="telephony.nightly_checks")
    assert (row.func, row.schedule_type) == ("telephony.tasks.nightly_checks", Schedule.DAILY)
    assert row.next_run > timezone.now()
    assert timezone.localtime(row.next_run).time() == time(3, 20)


def test_old_results_are_thrown_away() -> None:
    pbx = PbxFactory(port=1)
    old, recent, other = PbxCheckFactory(pbx=pbx), PbxCheckFactory(pbx=pbx), PbxCheckFactory()
    long_ago = timezone.now() - services.KEPT - timedelta(days=1)
    PbxCheck.objects.filter(pk__in=[old.pk, other.pk]).update(started=long_ago)
    new = PbxCheckFactory(pbx=pbx)
    services.carry_out(check=new)
    assert set(PbxCheck.objects.all()) == {recent, other, new}


def test_since_the_check_before() -> None:
    pbx = PbxFactory()
    missing = Finding("hint_missing", Level.ERROR, {"numbers": ["101"]})
    denied = Finding("login_failed", Level.ERROR, {"account": "a", "reason": "denied"})
    ended = Finding("version_ended", Level.WARNING, {"version": "16", "day": "2023-10-09"})
    found = [([missing], True), ([denied], False), ([missing, ended], True)]
    checks = []
    for minutes, (findings, connected) in enumerate(found):
        at = NOON + timedelta(minutes=minutes)
        values = {"findings": [one.as_json() for one in findings], "connected": connected, "finished": at}
        check = PbxCheckFactory(pbx=pbx, **values)
        PbxCheck.objects.filter(pk=check.pk).update(started=at)
        checks.append(PbxCheck.objects.get(pk=check.pk))
    first, second, third = (selectors.told(check).since for check in checks)
    assert first is None
    assert second is not None
    assert (second.appeared, second.gone) == ((denied,), ())  # who is not let in cannot tell what is mended
    assert third is not None
    assert (third.appeared, third.gone, third.changed) == ((ended,), (denied,), ())


def test_the_worst_finding_of_each_pbx_for_the_first_page() -> None:
    missing = Finding("hint_missing", Level.ERROR, {"numbers": ["101"]})
    ended = Finding("clock_differs", Level.WARNING, {"seconds": 61})
    for name in ("А", "Б", "В"):
        pbx = PbxFactory(name=name)
        PbxCheckFactory(pbx=pbx, finished=NOON - timedelta(days=1), findings=[missing.as_json()])
        PbxCheckFactory(pbx=pbx, finished=NOON, findings=[ended.as_json()] if name == "Б" else [])
        PbxCheckFactory(pbx=pbx)  # under way
    PbxCheckFactory(pbx__enabled=False, finished=NOON, findings=[missing.as_json()])
    with CaptureQueriesContext(connection) as captured, translation.override("en"):
        found = [check_line(check, LATER) for check in selectors.newest()]
    assert len(captured) == 1
    assert [line and (line.level, line.title) for line in found] == [
        None,
        (HealthLevel.WARNING, "PBX check: Б"),
        None,
    ]


# --- Phones -----------------------------------------------------------------------------------------------------------
def phones(pbx: Pbx) -> list[tuple[Any, ...]]:
    return list(
        PhoneContact.objects.filter(pbx=pbx).values_list("number", "uri", "user_agent", "registered", "status", "seen")
    )


def test_these_phones_and_no_others() -> None:
    pbx = PbxFactory()
    other = PhoneContactFactory(uri="sip:1")
    PhoneContactFactory(pbx=pbx, number="103", uri="sip:forgotten", registered=False, seen=NOON - timedelta(days=40))
    two = [ContactFacts("101", "sip:a", "Yealink", "Reachable"), ContactFacts("101", "sip:b\0", "<b>", "NonQualified")]
    keep_contacts(pbx_id=pbx.pk, contacts=two, now=NOON)
    assert phones(pbx) == [
        ("101", "sip:a", "Yealink", True, "Reachable", NOON),
        ("101", "sip:b", "<b>", True, "NonQualified", NOON),
    ]
    with CaptureQueriesContext(connection) as captured:
        keep_contacts(pbx_id=pbx.pk, contacts=two[:1], now=LATER)
    assert len([query for query in captured if "SAVEPOINT" not in query["sql"]]) == 3
    assert phones(pbx) == [
        ("101", "sip:a", "Yealink", True, "Reachable", LATER),
        ("101", "sip:b", "<b>", False, "NonQualified", NOON),
    ]
    other.refresh_from_db()
    assert other.registered


def test_one_phone_comes_and_one_goes() -> None:
    pbx = PbxFactory()
    keep_contacts(pbx_id=pbx.pk, contacts=[ContactFacts("101", "sip:a", "Yealink", "Reachable")], now=NOON)
    came = ContactFacts("102", "sip:c", "", "NonQualified")
    silent = ContactFacts("101", "sip:a", "", "Unreachable")
    note_contacts(pbx_id=pbx.pk, there=[came, silent], gone=[], now=LATER)
    assert phones(pbx) == [
        ("101", "sip:a", "Yealink", True, "Unreachable", LATER),
        ("102", "sip:c", "", True, "NonQualified", LATER),
    ]
    note_contacts(pbx_id=pbx.pk, there=[], gone=[ContactFacts("101", "sip:a", "", "Removed")], now=LATER)
    assert phones(pbx)[0] == ("101", "sip:a", "Yealink", False, "Removed", LATER)


def test_nobody_else_is_asked_from_within_an_event_loop() -> None:
    async def from_a_loop() -> Any:
        return await services.probe_async(Pbx(host="127.0.0.1", port=1, username="a"), numbers=[])

    assert not asyncio.run(from_a_loop()).connected
