"""Who differs from the assigned profile."""

from typing import Any

import pytest

from astpanel.accounts.drift import DriftSummary, drift_by_profile, drift_summary, with_drift
from astpanel.accounts.models import PanelUser, Profile
from astpanel.accounts.settings_fields import FIELDS, columns_of, values_of
from tests.factories import ContactInfoKindFactory, MobileKindFactory, PanelUserFactory, ProfileFactory

pytestmark = pytest.mark.django_db


def another(profile: Profile, field: str) -> Any:
    """A value that the profile does not have."""
    now = values_of(profile)[field]
    if field == "timeout_kind":
        return MobileKindFactory().pk if now is None else None
    return not now if isinstance(now, bool) else now + 1 if isinstance(now, int) else f"{now}1"


def drifted() -> list[str]:
    users: Any = with_drift(PanelUser.objects.order_by("username"))
    return [user.username for user in users if user.drifted]


@pytest.mark.parametrize("kind", [False, True], ids=["kind-empty", "kind-set"])
def test_each_field_alone_makes_a_drift(kind: bool) -> None:
    profile = ProfileFactory(timeout_kind=MobileKindFactory() if kind else None)
    for field in FIELDS:
        changed = columns_of({**values_of(profile), field: another(profile, field)})
        PanelUserFactory(username=field, assigned_profile=profile, **changed)
    PanelUserFactory(username="same", assigned_profile=profile, **columns_of(values_of(profile)))
    PanelUserFactory(username="free", timeout_seconds=77)
    assert drifted() == sorted(FIELDS)
    assert drift_summary() == DriftSummary(len(FIELDS) + 1, len(FIELDS))
    assert drift_by_profile() == {profile.pk: DriftSummary(len(FIELDS) + 1, len(FIELDS))}


def test_two_different_kinds_differ() -> None:
    kinds = [MobileKindFactory(), ContactInfoKindFactory(owner="user", name="Домашний")]
    profile = ProfileFactory(timeout_kind=kinds[0])
    PanelUserFactory(username="other", assigned_profile=profile, timeout_kind=kinds[1])
    assert drifted() == ["other"]


def test_editing_the_profile_makes_everybody_drift_and_queries_are_constant(django_assert_num_queries: Any) -> None:
    profiles = [ProfileFactory(), ProfileFactory()]
    for profile in profiles:
        PanelUserFactory.create_batch(3, assigned_profile=profile)
    Profile.objects.filter(pk=profiles[0].pk).update(softphone=True)
    with django_assert_num_queries(1):
        assert drift_summary() == DriftSummary(6, 3)
    with django_assert_num_queries(1):
        assert drift_by_profile() == {profiles[0].pk: DriftSummary(3, 3), profiles[1].pk: DriftSummary(3, 0)}
