"""Keys added, the trial, the clock: what is accepted, and what is said when not."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from astpanel.accounts.licensing import services
from astpanel.accounts.licensing.verify import GRACE, State
from astpanel.accounts.models import Installation, License
from tests.factories import InstallationFactory, LicenseFactory, PanelUserFactory
from tests.licences import NOON, sealed

pytestmark = pytest.mark.django_db
NOW = NOON + timedelta(days=1)


def install(**values: Any) -> License:
    return services.install_key(document=sealed(**values).encode(), by=None, now=NOW)


def refused(data: bytes) -> str:
    with pytest.raises(ValidationError) as caught:
        services.install_key(document=data, by=None, now=NOW)
    return str(caught.value.code)  # type: ignore[union-attr]  # raised with one message


def test_a_key_is_added() -> None:
    by = PanelUserFactory()
    row = services.install_key(document=sealed(seats=5, max_version="3").encode(), by=by, now=NOW)
    fields = (row.key_id, row.kind, row.holder, row.seats, row.issued, row.expires, row.max_version, row.added_by)
    assert fields == ("TEST-1", "permanent", "ООО «Ромашка»", 5, NOON, None, "3", by)
    state = services.protection(now=NOW)
    assert (state.available, state.usable, state.seats_total, state.seats_used, state.closed) == (
        True,
        True,
        5,
        1,
        False,
    )
    assert [key.state for key in state.keys] == [State.VALID]


def test_the_trial_is_made_once() -> None:
    row = services.create_trial(by=None, now=NOW)
    assert (row.kind, row.seats, row.expires) == ("trial", 25, NOW + timedelta(days=30))
    row.delete()
    with pytest.raises(ValidationError, match="one|один|одн"):
        services.create_trial(by=None, now=NOW)
    assert not License.objects.exists()


def test_a_factorys_key_is_valid() -> None:
    row = LicenseFactory(kind="trial", expires=NOW + timedelta(days=20))
    (key,) = services.protection(now=NOW).keys
    assert (key.license, key.state) == (row, State.VALID)
