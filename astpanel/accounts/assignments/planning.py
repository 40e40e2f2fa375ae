"""What becomes of one user in an assignment or an undo. Pure.

`MARK` is the moment by which a user's row says who has handed out its settings last. It travels with the settings: in
`before`, in what is given, and back.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from astpanel.accounts.assignments.reasons import Reason
from astpanel.accounts.profile_diff import Value, Values, diff, restoration

PROFILE: Final = "assigned_profile"  # id of the row, None: none
MARK: Final = "assigned_at"  # ISO 8601, None: never


@dataclass(frozen=True, slots=True)
class Plan:
    """`values`: the fields to write, settings and mark alike. `before` is what an undo will need, None: nothing is
    written. `detail` as in `reasons`.
    """

    outcome: str  # a value of AssignmentOutcome
    values: Mapping[str, Value]
    before: Mapping[str, Value] | None = None
    detail: str = ""


def failed(reason: Reason, *fields: str) -> Plan:
    """Nothing is written, and why."""
    return Plan("failed", {}, None, reason.with_fields(*fields))


def plan_assignment(*, now: Values, given: Values) -> Plan:
    """`given` is the profile's settings with the mark of this assignment; `now` the same fields of the user."""
    changes = diff(now, given)
    settings = [change for change in changes if change.field not in (PROFILE, MARK)]
    outcome = "changed" if settings else "unchanged"
    return Plan(outcome, {change.field: change.new for change in changes}, dict(now))


def plan_undo(*, before: Values, given: Values, now: Values) -> Plan:
    """Give back what the assignment found, except what is no longer as it was given."""
    if now[MARK] != given[MARK]:
        return Plan("kept", {}, None, Reason.ASSIGNED_SINCE.with_fields())
    marks = {PROFILE: before[PROFILE], MARK: before[MARK]}
    restored = restoration(before=_settings(before), given=_settings(given), now=_settings(now))
    outcome = "kept" if restored.kept else "changed" if restored.values else "unchanged"
    detail = Reason.CHANGED_SINCE.with_fields(*restored.kept) if restored.kept else ""
    return Plan(outcome, {**restored.values, **marks}, dict(now), detail)


def _settings(values: Values) -> dict[str, Value]:
    return {field: value for field, value in values.items() if field not in (PROFILE, MARK)}
