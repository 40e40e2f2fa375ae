"""What an assignment would change, before it runs: counted in the database, shown a page of users at a time."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from astpanel.accounts.assignments.plans import refused
from astpanel.accounts.assignments.reasons import text_of
from astpanel.accounts.assignments.rules import assignable
from astpanel.accounts.drift import differs, same
from astpanel.accounts.models import PanelUser, Profile
from astpanel.accounts.profile_diff import Values, diff
from astpanel.accounts.settings_fields import FIELDS, kind_names, label, readable, values_of
from crm.models import AddressType, ContactInfo


@dataclass(frozen=True, slots=True)
class FieldCount:
    """A field and how many users would get another value in it."""

    label: str
    value: str
    users: int


@dataclass(frozen=True, slots=True)
class Summary:
    """Of the users in a profile's list. `left_out`: those whom the asking person may not change."""

    total: int
    changing: int
    unchanged: int
    failing: int
    left_out: int
    fields: tuple[FieldCount, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of one user, in words."""

    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Row:
    """One user: what would change, or why nothing can."""

    user: PanelUser
    differences: tuple[Difference, ...]
    reason: str


def summary_of(profile: Profile, *, by: PanelUser) -> Summary:
    """Four queries at most, whatever the number of users."""
    values = values_of(profile)
    others = {f"n_{field}": Count("pk", filter=~_same(field, values)) for field in FIELDS}
    listed = PanelUser.objects.filter(profiles=profile).order_by()
    fine = _chosen(profile, values, by).exclude(failing=True)
    found = fine.aggregate(all=Count("pk"), other=Count("pk", filter=Q(differs=True)), **others)
    total, mine = listed.count(), assignable(listed, by=by).count()
    kinds = kind_names([values])
    fields = (
        FieldCount(label(field), readable(field, values[field], kinds), found[f"n_{field}"])
        for field in FIELDS
        if found[f"n_{field}"]
    )
    return Summary(
        total=total,
        changing=found["other"],
        unchanged=found["all"] - found["other"],
        failing=mine - found["all"],
        left_out=total - mine,
        fields=tuple(fields),
    )


def users_of(profile: Profile, *, by: PanelUser, show: str = "", query: str = "") -> QuerySet[PanelUser]:
    """The users of the list, by name. `show`: "changing", "unchanged", "failing", "left_out" or all."""
    if show == "left_out":
        users = PanelUser.objects.filter(profiles=profile).exclude(pk__in=_chosen(profile, {}, by).values("pk"))
        return matching(users, query)
    users = _chosen(profile, values_of(profile), by)
    match show:
        case "changing" | "unchanged":
            users = users.filter(failing=False, differs=show == "changing")
        case "failing":
            users = users.filter(failing=True)
    return matching(users, query)


def matching(users: QuerySet[PanelUser], query: str) -> QuerySet[PanelUser]:
    """Those whose name, log-in or number has every word of the query."""
    for word in query.replace("\x00", "").split()[:5]:
        number = ContactInfo.objects.filter(user=OuterRef("pk"), value__icontains=word)
        names = Q(last_name__icontains=word) | Q(first_name__icontains=word) | Q(patronymic__icontains=word)
        users = users.filter(names | Q(username__icontains=word) | Exists(number))
    return users.order_by("last_name", "first_name", "username", "pk")


def rows_of(users: Iterable[PanelUser], profile: Profile) -> list[Row]:
    """A page of users with their differences. Three queries at most."""
    users = list(users)
    wanted = values_of(profile)
    failing = refused([user.pk for user in users], wanted)
    kinds = kind_names([wanted, *(values_of(user) for user in users)])
    return [
        Row(
            user=user,
            differences=() if user.pk in failing else differences(values_of(user), wanted, kinds),
            reason=text_of(failing[user.pk].detail, label) if user.pk in failing else "",
        )
        for user in users
    ]


def differences(now: Values, wanted: Values, kinds: dict[int, str]) -> tuple[Difference, ...]:
    """In words."""
    return tuple(
        Difference(
            label(change.field), readable(change.field, change.old, kinds), readable(change.field, change.new, kinds)
        )
        for change in diff(now, wanted)
    )


def _same(field: str, values: Values) -> Q:
    return same(field, values[field])


def _chosen(profile: Profile, values: Values, by: PanelUser) -> Any:  # annotated in one of two ways
    """Users of the list whom `by` may change; with values: `differs`, and `failing` as `plans.refused` would say."""
    users = assignable(PanelUser.objects.filter(profiles=profile), by=by).order_by()
    if not values:
        return users
    condition = Q()
    for field in FIELDS:
        condition &= _same(field, values)
    number = str(values["timeout_number"] or "")
    own = ContactInfo.objects.filter(user=OuterRef("pk"), type=AddressType.INTERNAL, value=number)
    return users.annotate(differs=differs(condition), failing=differs(~Q(Exists(own)) if number else Q(pk__gte=0)))
