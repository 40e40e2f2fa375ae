"""Differences and restorations of any settings."""

from typing import Any

from hypothesis import given

from astpanel.accounts.assignments.planning import MARK, PROFILE, plan_assignment, plan_undo
from astpanel.accounts.profile_diff import Change, diff, restoration
from astpanel.accounts.settings_fields import FIELDS
from tests.accounts.assignments.settings_values import settings_values as settings

Settings = dict[str, Any]


def test_differences_in_the_order_of_what_is_wanted() -> None:
    assert diff({"a": 1, "b": 2, "c": None, "d": 0}, {"c": 3, "b": 2, "a": 0}) == (
        Change("c", None, 3),
        Change("a", 1, 0),
    )


def test_secrets_are_no_settings() -> None:
    assert "sip_password" not in FIELDS
    assert len(FIELDS) == 16


@given(settings, settings)
def test_what_differs_is_what_an_assignment_writes(now: Settings, wanted: Settings) -> None:
    changes = diff(now, wanted)
    assert now | {change.field: change.new for change in changes} == wanted
    assert {change.field: change.old for change in changes} == {f: now[f] for f in wanted if now[f] != wanted[f]}
    assert diff(wanted, wanted) == ()


@given(settings, settings)
def test_undo_is_the_inverse(before: Settings, wanted: Settings) -> None:
    undo = restoration(before=before, given=wanted, now=wanted)
    assert (wanted | undo.values, undo.kept) == (before, ())


@given(settings, settings, settings)
def test_undo_after_changes(before: Settings, wanted: Settings, now: Settings) -> None:
    """Each field is as it was, or as it is now; and what is valid stays valid."""
    undo = restoration(before=before, given=wanted, now=now)
    after = now | undo.values
    for field in FIELDS:
        assert after[field] in (before[field], now[field])
        if before[field] == wanted[field]:
            assert after[field] == now[field]  # not the assignment's doing
        elif now[field] != wanted[field]:
            assert after[field] == now[field]
        if after[field] != before[field] and before[field] != wanted[field]:
            assert field in undo.kept
    assert not (after["timeout_number"] and after["timeout_kind"])


@given(settings, settings)
def test_plans_are_inverse_too(before: Settings, wanted: Settings) -> None:
    user = before | {PROFILE: None, MARK: None}
    profile = wanted | {PROFILE: 7, MARK: "2026-03-02T09:00:00+00:00"}
    plan = plan_assignment(now=user, given=profile)
    assert user | dict(plan.values) == profile
    assert plan.outcome == ("changed" if before != wanted else "unchanged")
    assert plan.before is not None
    undo = plan_undo(before=plan.before, given=profile, now=profile)
    assert profile | dict(undo.values) == user
    assert undo.outcome == plan.outcome
