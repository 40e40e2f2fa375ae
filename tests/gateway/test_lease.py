"""One writer: taking, renewing, losing and releasing the lease, on both databases."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from telephony.gateway.lease import Lease, LeaseLostError, holder_name, take
from telephony.models import GatewayLease, Pbx


def _run_out(pbx: Pbx) -> None:
    GatewayLease.objects.filter(pbx=pbx).update(expires=timezone.now() - timedelta(seconds=1))


def _guard_fails(lease: Lease) -> bool:
    try:
        with transaction.atomic():
            lease.guard()
    except LeaseLostError:
        return True
    return False


def test_first_takes_second_waits(pbx: Pbx) -> None:
    assert take(pbx.pk, "a:1:x") == Lease(pbx.pk, "a:1:x", 1)
    assert take(pbx.pk, "b:2:y") is None


def test_expired_lease_is_taken_over_and_the_old_holder_is_fenced(pbx: Pbx) -> None:
    old = take(pbx.pk, "a:1:x")
    assert old is not None
    assert not _guard_fails(old)
    _run_out(pbx)
    new = take(pbx.pk, "b:2:y")
    assert new == Lease(pbx.pk, "b:2:y", 2)
    assert (_guard_fails(old), _guard_fails(new)) == (True, False)
    with pytest.raises(LeaseLostError):
        old.renew({})


def test_renewing_late_is_fine_while_nobody_came(pbx: Pbx) -> None:
    lease = take(pbx.pk, "a:1:x")
    assert lease is not None
    _run_out(pbx)
    lease.renew({"calls": 3})
    assert take(pbx.pk, "b:2:y") is None
    assert GatewayLease.objects.get().status == {"calls": 3}


def test_released_lease_is_free_at_once_and_the_epoch_grows(pbx: Pbx) -> None:
    lease = take(pbx.pk, "a:1:x")
    assert lease is not None
    lease.release({})
    assert take(pbx.pk, "a:1:x") == Lease(pbx.pk, "a:1:x", 2)


def test_releasing_a_lost_lease_leaves_the_new_holder_alone(pbx: Pbx) -> None:
    old = take(pbx.pk, "a:1:x")
    assert old is not None
    _run_out(pbx)
    take(pbx.pk, "b:2:y")
    old.release({})
    assert take(pbx.pk, "c:3:z") is None


def test_lease_lasts_as_long_as_said(pbx: Pbx) -> None:
    lease = take(pbx.pk, "a:1:x", ttl=3600)
    assert lease is not None
    left = GatewayLease.objects.get().expires - timezone.now()
    assert timedelta(minutes=59) < left < timedelta(minutes=61)
    lease.renew({}, ttl=7200)
    left = GatewayLease.objects.get().expires - timezone.now()
    assert timedelta(minutes=119) < left < timedelta(minutes=121)


def test_holder_names_differ_and_fit() -> None:
    names = {holder_name() for _ in range(100)}
    assert len(names) == 100
    assert max(map(len, names)) <= 100
