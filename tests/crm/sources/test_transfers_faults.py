"""Whatever goes wrong on the way to 1C: it is as it was, the number waits with the reason, nothing is written twice."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from crm.models import PendingTransfer
from crm.sources.transfers import enqueue
from crm.sources.transfers.sweep import sweep
from tests.crm.sources.families import (
    MOBILE_KIND,
    PARTNERS,
)
from tests.crm.sources.office import Office, Placement
from tests.crm.sources.onec_base import ref
from tests.crm.sources.transferring import KEY, add_mobile, run, told

pytestmark = pytest.mark.django_db


def test_a_write_whose_answer_was_lost_is_found_done(office: Office) -> None:
    add_mobile(office)
    office.onec.fault("lost", method="PATCH")
    start = timezone.now()
    assert sweep(now=start) == {"waiting": 1}
    assert told() == [("add", "+7 916 111-22-33", "waiting", "lost", 1)]
    assert sweep(now=start + timedelta(seconds=30)) == {}
    assert sweep(now=start + timedelta(seconds=61)) == {"done": 1}
    assert len(office.lines(PARTNERS, KEY)) == 3
    assert len(office.onec.asked("PATCH")) == 1


@pytest.mark.parametrize(
    ("fault", "problem"),
    [
        ("401", "denied"),
        ("403", "forbidden"),
        ("404", "not_published"),
        ("405", "no_method"),
        ("406", "no_session"),
        ("412", "changed"),
        ("500", "server_error"),
        ("odata", "server_error"),
        ("html", "not_odata"),
        ("json", "bad_json"),
        ("cut", "lost"),
        ("half", "lost"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "PATCH"])
def test_faults_leave_1c_as_it_was(office: Office, fault: str, problem: str, method: str) -> None:
    row = add_mobile(office)
    office.onec.fault(fault, method=method, times=3, words="Не заполнен ИНН")
    before = office.onec.base.row(PARTNERS, KEY)
    sweep(now=timezone.now())
    assert told() == [("add", "+7 916 111-22-33", "waiting", problem, 1)]
    if (fault, method) != ("half", "PATCH"):  # there the write itself was done, its answer broke off
        assert office.onec.base.row(PARTNERS, KEY) == before
    detail = PendingTransfer.objects.values_list("detail", flat=True).get()
    assert detail == ("Не заполнен ИНН" if fault == "odata" else "")
    row.refresh_from_db()
    assert row.external_key == ""


def test_a_role_that_may_only_read(office: Office) -> None:
    office.onec.base.may_write = set()
    before = office.onec.base.row(PARTNERS, KEY)
    add_mobile(office)
    start = timezone.now()
    assert sweep(now=start) == {"waiting": 1}
    assert told() == [("add", "+7 916 111-22-33", "waiting", "forbidden", 1)]
    assert PendingTransfer.objects.get().detail == "Нарушение прав доступа!"
    assert office.onec.base.row(PARTNERS, KEY) == before
    office.onec.base.may_write = None
    assert sweep(now=start + timedelta(hours=1)) == {}
    assert sweep(now=start + timedelta(hours=6)) == {"done": 1}


def test_a_wrong_password_is_tried_once_for_all(office: Office) -> None:
    for number in (1, 2, 3):
        customer = office.customer(ref(PARTNERS, number))
        with Placement(office, customer) as placed:
            office.typed(customer, MOBILE_KIND, f"+7 916 111-22-3{number}")
        enqueue(placement=placed.done)
    office.onec.fault("401", times=100)
    run(office)
    assert [(state, problem) for _act, _value, state, problem, _attempts in told()] == [("waiting", "denied")] * 3
    assert len(office.onec.requests) == 1


@pytest.mark.parametrize("change", [{"write_back": False}, {"map_confirmed": None}, {"url": ""}])
def test_nothing_is_written_where_it_may_not_be(office: Office, change: dict[str, Any]) -> None:
    add_mobile(office)
    type(office.source).objects.update(**change)
    assert run(office) == {}
    assert told() == [("add", "+7 916 111-22-33", "waiting", "", 0)]
    assert office.onec.requests == []


def test_what_1c_throws_out_again_is_not_called_done(office: Office) -> None:
    """Its own checks take a value out while they write."""
    add_mobile(office)
    lines = office.lines(PARTNERS, KEY)
    office.onec.after_write.append(lambda: office.onec.base.change(PARTNERS, KEY, КонтактнаяИнформация=lines))
    assert run(office) == {"waiting": 1}
    assert told() == [("add", "+7 916 111-22-33", "waiting", "not_kept", 1)]
