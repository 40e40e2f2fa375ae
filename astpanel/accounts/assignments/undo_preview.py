"""What an undo would give back, before it runs."""

from collections import Counter
from dataclasses import dataclass

from astpanel.accounts.assignments.planning import Plan
from astpanel.accounts.assignments.plans import READ, as_values, given_by, undo_plans
from astpanel.accounts.assignments.preview import Difference, differences, matching
from astpanel.accounts.assignments.reasons import text_of
from astpanel.accounts.assignments.rules import assignable
from astpanel.accounts.assignments.services import given_items
from astpanel.accounts.models import PanelUser, ProfileAssignment
from astpanel.accounts.settings_fields import FIELDS, kind_names, label


@dataclass(frozen=True, slots=True)
class UndoRow:
    """One user: what would come back, what is kept and why."""

    user: PanelUser
    differences: tuple[Difference, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class UndoPreview:
    """`users` are those of the chosen outcome, in the order of their names."""

    counts: Counter[str]
    users: tuple[int, ...]
    plans: dict[int, Plan]


def undo_preview(assignment: ProfileAssignment, *, by: PanelUser, show: str = "", query: str = "") -> UndoPreview:
    """The plans for everybody (they depend on each one's past): seven queries."""
    everybody = assignable(PanelUser.objects.filter(assignment_items__in=given_items(assignment)), by=by)
    rows = {pk: tuple(row) for pk, *row in everybody.values_list("pk", *READ)}
    plans = undo_plans(assignment.pk, rows, given_by(assignment))
    named = matching(everybody, query).values_list("pk", flat=True)
    users = tuple(pk for pk in named if not show or plans[pk].outcome == show)
    return UndoPreview(Counter(plan.outcome for plan in plans.values()), users, plans)


def undo_rows(preview: UndoPreview, ids: tuple[int, ...]) -> list[UndoRow]:
    """A page of them. Two queries at most."""
    people = PanelUser.objects.in_bulk(ids)
    now = {pk: as_values(tuple(getattr(user, column) for column in READ)) for pk, user in people.items()}
    back = {pk: {f: v for f, v in preview.plans[pk].values.items() if f in FIELDS} for pk in ids}
    kinds = kind_names([*now.values(), *back.values()])
    return [
        UndoRow(people[pk], differences(now[pk], back[pk], kinds), text_of(preview.plans[pk].detail, label))
        for pk in ids
        if pk in people
    ]
