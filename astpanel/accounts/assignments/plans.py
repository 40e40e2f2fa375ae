"""The plans for a chunk of users: what planning.py must know beside the user is read once for all of them."""

from collections.abc import Iterable
from typing import Any, Final

from django.utils.dateparse import parse_datetime

from astpanel.accounts.assignments.planning import MARK, PROFILE, Plan, failed, plan_assignment, plan_undo
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


def as_values(row: Row) -> dict[str, Value]:
    """A user's row as the journal keeps it."""
    *settings, profile, moment = row
    return dict(zip(NAMES, (*settings, profile, moment and moment.isoformat()), strict=True))


def as_columns(values: Values) -> dict[str, Any]:
    """The journal's values as `update()` takes them."""
    columns = dict(zip(NAMES, READ, strict=True))
    written: dict[str, Any] = {columns[name]: value for name, value in values.items()}
    if isinstance(moment := written.get("assigned_at"), str):
        written["assigned_at"] = parse_datetime(moment)
    return written


class Planner:
    """Of one assignment or undo. Users with the same settings get the same plan object."""

    def __init__(self, assignment: ProfileAssignment) -> None:
        original = assignment.undo_of or assignment
        self._undo_of = assignment.undo_of_id
        self._profile = original.profile_id
        self._given: dict[str, Value] = {**original.values, PROFILE: self._profile, MARK: original.created.isoformat()}

    def plans(self, users: dict[int, Row]) -> dict[int, Plan]:
        """User id → plan. Four queries at most."""
        if self._undo_of is not None:
            return self._undo(users)
        kind, profile = self._given["timeout_kind"], self._given[PROFILE]
        if kind is not None and not ContactInfoKind.objects.filter(pk=int(kind)).exists():
            return dict.fromkeys(users, KIND_GONE)
        if profile is not None and not Profile.objects.filter(pk=int(profile)).exists():
            self._given[PROFILE] = None
        own = self._with_own_number(users)
        made: dict[Row, Plan] = {}
        for row in set(users.values()):
            made[row] = plan_assignment(now=as_values(row), given=self._given)
        return {pk: OWN_NUMBER if pk in own else made[row] for pk, row in users.items()}

    def _with_own_number(self, users: Iterable[int]) -> set[int]:
        number = self._given["timeout_number"]
        if not number:
            return set()
        rows = ContactInfo.objects.filter(type=AddressType.INTERNAL, value=str(number), user__in=list(users))
        return set(rows.values_list("user_id", flat=True))

    def _undo(self, users: dict[int, Row]) -> dict[int, Plan]:
        items = ProfileAssignmentItem.objects.filter(assignment=self._undo_of, user__in=list(users))
        rows = items.values_list("user_id", "before")
        befores: dict[int, dict[str, Value]] = {user: before for user, before in rows if user and before}
        kinds = _existing(ContactInfoKind, (before["timeout_kind"] for before in befores.values()))
        profiles = _existing(Profile, (before[PROFILE] for before in befores.values()))
        plans: dict[int, Plan] = {}
        made: dict[tuple[Row, Row], Plan] = {}
        for pk, row in users.items():
            before = befores[pk]
            if before[PROFILE] not in profiles:
                before = {**before, PROFILE: None}
            key = (row, tuple(before.values()))
            if key not in made:
                plan = plan_undo(before=before, given=self._given, now=as_values(row))
                made[key] = plan if plan.values.get("timeout_kind") in kinds else KIND_GONE
            plans[pk] = made[key]
        return plans


def _existing(model: Any, ids: Iterable[Value]) -> set[int | None]:
    """Those of the ids whose rows are there, and None, which needs no row."""
    wanted = {int(pk) for pk in ids if pk is not None}
    return {None, *model.objects.filter(pk__in=wanted).values_list("pk", flat=True)} if wanted else {None}
