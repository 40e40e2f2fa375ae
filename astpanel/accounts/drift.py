"""Who no longer has the settings of the assigned profile: compared in the database, whatever the number of users."""

from dataclasses import dataclass
from typing import Final

from django.db import models
from django.db.models import BooleanField, Case, Count, F, Q, QuerySet, When

from astpanel.accounts.models import PanelSettings, PanelUser
from astpanel.accounts.profile_diff import Value

NULLABLE: Final = {field.name for field in PanelSettings._meta.local_fields if field.null}
EVERY: Final = tuple(field.name for field in PanelSettings._meta.local_fields)


def same(field: str, value: Value) -> Q:
    """The user's field has this value. Two empty ones are the same."""
    return Q(**{f"{field}__isnull": True} if value is None else {field: value})


def same_as_related(field: str, other: str) -> Q:
    """The user's field is what the row at the end of the path `other` has."""
    equal = Q(**{field: F(other)})
    return equal | Q(**{f"{field}__isnull": True, f"{other}__isnull": True}) if field in NULLABLE else equal


def differs(condition: Q) -> Case:
    """True where the condition does not hold, an unknown one included."""
    no, yes = models.Value(False), models.Value(True)
    return Case(When(condition, then=no), default=yes, output_field=BooleanField())


def same_as_profile(fields: tuple[str, ...] = EVERY) -> Q:
    """The user's settings are those of the assigned profile as it is now."""
    condition = Q()
    for field in fields:
        condition &= same_as_related(field, f"assigned_profile__{field}")
    return condition


def with_drift(users: QuerySet[PanelUser]) -> QuerySet[PanelUser]:
    """The same users, each with `drifted`: has an assigned profile, and other settings than that now has."""
    return users.annotate(drifted=differs(Q(assigned_profile__isnull=True) | same_as_profile()))


@dataclass(frozen=True, slots=True)
class DriftSummary:
    """Over all users with an assigned profile."""

    assigned: int
    drifted: int


def drift_summary() -> DriftSummary:
    """One query."""
    users = with_drift(PanelUser.objects.filter(assigned_profile__isnull=False))
    found = users.order_by().aggregate(all=Count("pk"), different=Count("pk", filter=Q(drifted=True)))
    return DriftSummary(found["all"], found["different"])


def drift_by_profile() -> dict[int, DriftSummary]:
    """Profile id → its users and those who differ; profiles that nobody was assigned are missing. One query."""
    users = with_drift(PanelUser.objects.filter(assigned_profile__isnull=False)).order_by()
    rows = users.values("assigned_profile").annotate(all=Count("pk"), different=Count("pk", filter=Q(drifted=True)))
    return {row["assigned_profile"]: DriftSummary(row["all"], row["different"]) for row in rows}
