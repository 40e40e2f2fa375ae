"""Who has written a row of contact information last: the audit knows."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from auditlog.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model


class Act(NamedTuple):
    """Somebody's name (empty: a worker, or an account that is gone) and when."""

    by: str
    at: datetime


def last_acts(model: type[Model], ids: Collection[int], *, after: datetime | None = None) -> dict[int, Act]:
    """The newest change of each row; rows that nobody has changed (since `after`) are missing."""
    entries = LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(model), object_id__in=set(ids))
    if after is not None:
        entries = entries.filter(timestamp__gt=after)
    newest: dict[int, Act] = {}
    for entry in entries.select_related("actor").order_by("timestamp", "id"):
        newest[entry.object_id] = Act(str(entry.actor) if entry.actor else "", entry.timestamp)
    return newest
