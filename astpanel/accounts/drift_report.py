"""Which users differ from their profile, in what, and since when."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from auditlog.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet

from astpanel.accounts.assignments.preview import Difference, differences, matching
from astpanel.accounts.drift import with_drift
from astpanel.accounts.models import PanelUser, Profile
from astpanel.accounts.profile_diff import diff
from astpanel.accounts.settings_fields import kind_names, values_of


@dataclass(frozen=True, slots=True)
class DriftRow:
    """`differences`: old is what the user has, new is what the profile has. `since` is None where no log knows."""

    user: PanelUser
    profile: Profile
    differences: tuple[Difference, ...]
    since: datetime | None


def drifted_users(*, profile: int | None = None, query: str = "") -> QuerySet[PanelUser]:
    """By name."""
    users = with_drift(PanelUser.objects.filter(assigned_profile__isnull=False)).select_related("assigned_profile")
    if profile is not None:
        users = users.filter(assigned_profile=profile)
    return matching(users.filter(drifted=True), query)  # type: ignore[misc]  # the annotation of with_drift


def drift_rows(users: list[PanelUser]) -> list[DriftRow]:
    """A page of them. Three queries at most."""
    settings = [values_of(row) for user in users for row in (user, user.assigned_profile) if row is not None]
    kinds = kind_names(settings)
    logged = _changes(users)
    rows = []
    for user in users:
        profile = user.assigned_profile
        if profile is None:
            continue
        now, wanted = values_of(user), values_of(profile)
        fields = {change.field for change in diff(now, wanted)}
        moments = [moment for key in (("user", user.pk), ("profile", profile.pk)) for moment in logged(key, fields)]
        after = [moment for moment in moments if user.assigned_at is None or moment > user.assigned_at]
        rows.append(DriftRow(user, profile, differences(now, wanted, kinds), min(after, default=None)))
    return rows


def _changes(users: list[PanelUser]) -> Any:
    """(kind, id), fields → when the audit log saw one of the fields change. One query for both kinds of rows."""
    kinds = ContentType.objects.get_for_models(PanelUser, Profile)
    profiles = {user.assigned_profile_id for user in users if user.assigned_profile_id is not None}
    entries: dict[tuple[str, int], list[tuple[datetime, set[str]]]] = {}
    for name, model, ids in (("user", PanelUser, {user.pk for user in users}), ("profile", Profile, profiles)):
        rows = LogEntry.objects.filter(content_type=kinds[model], object_id__in=ids, action=LogEntry.Action.UPDATE)
        for pk, moment, changes in rows.values_list("object_id", "timestamp", "changes"):
            entries.setdefault((name, pk), []).append((moment, set(changes or {})))

    def moments(key: tuple[str, int], fields: set[str]) -> list[datetime]:
        return [moment for moment, changed in entries.get(key, []) if changed & fields]

    return moments
