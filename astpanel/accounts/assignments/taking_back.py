"""A chunk of an undo: what each user gets back depends on the journal and on what was changed since."""

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from astpanel.accounts.assignments.planning import Plan
from astpanel.accounts.assignments.plans import READ, Row, as_columns, undo_plans
from astpanel.accounts.models import PanelUser, ProfileAssignmentItem
from astpanel.accounts.profile_diff import Values


def take_back(*, undo_id: int, original_id: int, users: Collection[int], given: Values) -> dict[int, str]:
    """User id → outcome, of those who are still there. `given`: what the original handed out. Inside a transaction."""
    locked = PanelUser.objects.select_for_update(no_key=True).filter(pk__in=users).order_by("pk")
    people = {user.pk: user for user in locked.only("username", "last_name", "first_name", "patronymic", *READ)}
    rows: dict[int, Row] = {pk: tuple(getattr(user, column) for column in READ) for pk, user in people.items()}
    plans = undo_plans(original_id, rows, given)
    _write_users(plans)
    ProfileAssignmentItem.objects.bulk_create(item(undo_id, plan, people[pk]) for pk, plan in plans.items())
    return {pk: plan.outcome for pk, plan in plans.items()}


def item(assignment_id: int, plan: Plan, user: PanelUser) -> ProfileAssignmentItem:
    """What the journal says of this user."""
    return ProfileAssignmentItem(
        assignment_id=assignment_id,
        user_id=user.pk,
        user_name=str(user),
        outcome=plan.outcome,
        before=plan.before,
        detail=plan.detail,
    )


def _write_users(plans: dict[int, Plan]) -> None:
    """Users who get the same back are written together: most were alike before, too."""
    groups: dict[tuple[tuple[str, Any], ...], list[int]] = defaultdict(list)
    for pk, plan in plans.items():
        if plan.values:
            groups[tuple(sorted(as_columns(plan.values).items()))].append(pk)
    for columns, ids in groups.items():
        PanelUser.objects.filter(pk__in=ids).update(**dict(columns))
