"""The rows of users as the planning takes them, and what a chunk's planning must know beside them."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, Final

from django.utils.dateparse import parse_datetime

from astpanel.accounts.assignments.planning import MARK, PROFILE, Plan, failed, plan_undo
from astpanel.accounts.assignments.reasons import Reason
from astpanel.accounts.models import Profile, ProfileAssignment, ProfileAssignmentItem
from astpanel.accounts.profile_diff import Value, Values
from astpanel.accounts.settings_fields import COLUMNS, FIELDS
from crm.models import AddressType, ContactInfo, ContactInfoKind

READ: Final = (*COLUMNS, "assigned_profile_id", "assigned_at")  # columns of a user
NAMES: Final = (*FIELDS, PROFILE, MARK)  # what the journal calls them
Row = tuple[Any, ...]  # in the order of READ

GONE: Final = failed(Reason.GONE)
OWN_NUMBER: Final = failed(Reason.OWN_NUMBER)
KIND_GONE: Final = failed(Reason.KIND_GONE, "timeout_kind")


def mark_of(moment: datetime) -> str:
    """As the journal keeps it."""
    return moment.isoformat(timespec="microseconds")


def as_values(row: Row) -> dict[str, Value]:
    """A user's row as the journal keeps it."""
    *settings, profile, moment = row
    return dict(zip(NAMES, (*settings, profile, moment and mark_of(moment)), strict=True))


def as_columns(values: Values) -> dict[str, Any]:
    """The journal's values by column, as rows take them."""
    columns = dict(zip(NAMES, READ, strict=True))
    written: dict[str, Any] = {columns[name]: value for name, value in values.items()}
    if isinstance(moment := written.get("assigned_at"), str):
        written["assigned_at"] = parse_datetime(moment)
    return written


def given_by(assignment: ProfileAssignment) -> dict[str, Value]:
    """The settings and the mark that this assignment hands out, or (an undo) that its original did. One query."""
    original = assignment.undo_of or assignment
    profile = _existing(Profile, [original.profile_id]) - {None} or {None}
    return {**original.values, PROFILE: profile.pop(), MARK: mark_of(original.created)}


def refused(users: Collection[int], given: Values) -> dict[int, Plan]:
    """Those of the users who cannot have these settings, and why. Two queries at most."""
    kind, number = given["timeout_kind"], given["timeout_number"]
    if kind not in _existing(ContactInfoKind, [kind]):
        return dict.fromkeys(users, KIND_GONE)
    if not number:
        return {}
    own = ContactInfo.objects.filter(type=AddressType.INTERNAL, value=str(number), user__in=users)
    return {user: OWN_NUMBER for user in own.values_list("user_id", flat=True) if user is not None}


def undo_plans(original_id: int, users: dict[int, Row], given: Values) -> dict[int, Plan]:
    """User id → plan. Three queries; users in the same position get the same plan object."""
    items = ProfileAssignmentItem.objects.filter(assignment=original_id, user__in=list(users))
    rows = items.values_list("user_id", "before")
    befores: dict[int, dict[str, Value]] = {user: before for user, before in rows if user and before}
    kinds = _existing(ContactInfoKind, (before["timeout_kind"] for before in befores.values()))
    profiles = _existing(Profile, (before[PROFILE] for before in befores.values()))
    plans: dict[int, Plan] = {}
    made: dict[tuple[Row, Row], Plan] = {}
    for user, row in users.items():
        before = befores[user]
        if before[PROFILE] not in profiles:
            before = {**before, PROFILE: None}
        key = (row, tuple(before.values()))
        if key not in made:
            plan = plan_undo(before=before, given=given, now=as_values(row))
            made[key] = plan if plan.values.get("timeout_kind") in kinds else KIND_GONE
        plans[user] = made[key]
    return plans


def _existing(model: Any, ids: Iterable[Value]) -> set[Value]:
    """Those of the ids whose rows are there, and None, which needs no row."""
    wanted = {int(pk) for pk in ids if pk is not None}
    return {None, *model.objects.filter(pk__in=wanted).values_list("pk", flat=True)} if wanted else {None}
