"""What an assignment did to each user, from the journal."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from astpanel.accounts.assignments.preview import Difference, differences
from astpanel.accounts.assignments.reasons import text_of
from astpanel.accounts.models import ProfileAssignment, ProfileAssignmentItem
from astpanel.accounts.profile_diff import Values
from astpanel.accounts.settings_fields import FIELDS, kind_names, label


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One user: what was changed (nothing is told of an undo, whose original tells it) or why not."""

    item: ProfileAssignmentItem
    differences: tuple[Difference, ...]
    reason: str


def items_of(assignment: ProfileAssignment, *, show: str = "", query: str = "") -> QuerySet[ProfileAssignmentItem]:
    """In the order of the work. `show`: an outcome, or all."""
    rows = ProfileAssignmentItem.objects.filter(assignment=assignment).order_by("pk")
    if show:
        rows = rows.filter(outcome=show)
    for word in query.replace("\x00", "").split()[:5]:
        rows = rows.filter(user_name__icontains=word)
    return rows


def item_rows(items: Iterable[ProfileAssignmentItem], assignment: ProfileAssignment) -> list[ItemRow]:
    """A page of them. Two queries at most."""
    items = list(items)
    changes = {item.pk: _change(item, assignment) for item in items}
    if assignment.undo_of_id is not None:
        original = ProfileAssignmentItem.objects.filter(assignment=assignment.undo_of_id)
        rows = original.filter(user__in=[item.user_id for item in items if item.user_id is not None])
        befores = {row.user_id: row.before for row in rows.only("user_id", "before")}
        changes = {item.pk: _undone(item, befores.get(item.user_id)) for item in items}
    kinds = kind_names([values for pair in changes.values() for values in pair])
    return [
        ItemRow(item, differences(*changes[item.pk], kinds), text_of(item.detail, label) if item.detail else "")
        for item in items
    ]


def _change(item: ProfileAssignmentItem, assignment: ProfileAssignment) -> tuple[Values, Values]:
    return (item.before, assignment.values) if item.before else ({}, {})


def _undone(item: ProfileAssignmentItem, before: Values | None) -> tuple[Values, Values]:
    """What came back: the fields of before, without those that were kept."""
    if not item.before or before is None:
        return {}, {}
    kept = set(item.detail.partition(":")[2].split(","))
    return item.before, {field: before[field] for field in FIELDS if field not in kept}
