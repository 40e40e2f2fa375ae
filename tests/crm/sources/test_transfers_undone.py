"""A placement taken back before, after and while it is written: 1C is as it was before."""

from datetime import timedelta

import pytest
from django.utils import timezone

from crm.models import PendingTransfer
from crm.sources.transfers import enqueue, enqueue_undo
from crm.sources.transfers.sweep import sweep
from tests.crm.sources.families import (
    MOBILE_KIND,
    PARTNERS,
    PHONE_KIND,
)
from tests.crm.sources.office import Office, Placement
from tests.crm.sources.transferring import KEY, OLD, run, told, without_value

pytestmark = pytest.mark.django_db


def test_undone_before_it_was_written(office: Office) -> None:
    customer = office.customer(KEY)
    with Placement(office, customer) as placed:
        row = office.typed(customer, MOBILE_KIND, "+7 916 111-22-33")
    enqueue(placement=placed.done)
    row.delete()
    assert enqueue_undo(placement=placed.done) == []
    assert run(office) == {}
    assert [one[2] for one in told()] == ["dropped"]
    assert office.onec.requests == []


def test_undone_after_it_was_written(office: Office) -> None:
    customer, before = office.customer(KEY), office.lines(PARTNERS, KEY)
    phone = office.read(customer, PARTNERS, "1", PHONE_KIND, OLD)
    with Placement(office, customer) as placed:
        row = office.typed(customer, MOBILE_KIND, "+7 916 111-22-33")
        phone.value = "+7 495 777-66-55"
        phone.save()
    enqueue(placement=placed.done)
    assert run(office) == {"done": 2}
    row.delete()
    phone.value = OLD
    phone.save()
    enqueue_undo(placement=placed.done)
    assert run(office) == {"done": 2}
    after = office.lines(PARTNERS, KEY)
    assert [without_value(line) for line in after] == [without_value(line) for line in before]


@pytest.mark.parametrize("then", ["", "403", "500"])
def test_undone_when_nobody_knows_whether_it_was_written(office: Office, then: str) -> None:
    """The answer was lost, and what went wrong after it says nothing about it."""
    customer, before = office.customer(KEY), office.lines(PARTNERS, KEY)
    with Placement(office, customer) as placed:
        row = office.typed(customer, MOBILE_KIND, "+7 916 111-22-33")
    enqueue(placement=placed.done)
    office.onec.fault("lost", method="PATCH")
    start = timezone.now()
    sweep(now=start)
    assert len(office.lines(PARTNERS, KEY)) == 3
    if then:
        office.onec.fault(then, method="GET")
        sweep(now=start + timedelta(minutes=2))
    row.delete()
    enqueue_undo(placement=placed.done)
    assert sweep(now=start + timedelta(minutes=3)) == {"dropped": 1, "done": 1}
    assert office.lines(PARTNERS, KEY) == before


def test_undone_while_a_worker_writes_it(office: Office) -> None:
    """What is being written counts as written: the reverse stands behind it."""
    customer, before = office.customer(KEY), office.lines(PARTNERS, KEY)
    with Placement(office, customer) as placed:
        row = office.typed(customer, MOBILE_KIND, "+7 916 111-22-33")
    enqueue(placement=placed.done)
    office.onec.fault("lost", method="PATCH")
    start = timezone.now()
    sweep(now=start)
    PendingTransfer.objects.update(problem="writing", tried=start)
    row.delete()
    [reverse] = enqueue_undo(placement=placed.done)
    assert (reverse.act, sweep(now=start + timedelta(minutes=1))) == ("delete", {})
    assert sweep(now=start + timedelta(minutes=10)) == {"dropped": 1, "done": 1}
    assert office.lines(PARTNERS, KEY) == before
