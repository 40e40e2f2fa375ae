"""Everything that a reading leaves behind, as values without ids: two databases are compared by it."""

from collections import Counter
from typing import Any

from auditlog.models import LogEntry
from django.db.models import Model

from astpanel.jobs.models import Job
from crm.models import (
    ContactInfo,
    ContactInfoKind,
    ContactPerson,
    Counterparty,
    CustomerSource,
    SourceImport,
    SourceRow,
    SourceUser,
)
from tests.crm.sources.importing import directory

ROW = ("role", "entity", "external_ref", "version", "owner", "link", "manager", "numbers", "data", "note")
IDS = {"id", "kind", "counterparty", "person", "manager"}


def snapshot(run: SourceImport) -> dict[str, Any]:
    """The directory, the local index, the report of `run` and the journal."""
    rows = SourceRow.objects.order_by("entity", "external_ref")
    info = ContactInfo.objects.order_by("external_key", "value")
    assert run.job is not None
    return {
        "directory": directory(),
        "places": list(info.values_list("external_key", "value", "e164", "last10", "extension")),
        "kinds": sorted(ContactInfoKind.objects.values_list("owner", "name", "type", "is_mobile")),
        "rows": list(rows.values_list(*ROW, "dirty", "gone")),
        "unseen": rows.exclude(run=run.pk).count(),
        "users": sorted(SourceUser.objects.values_list("external_ref", "name", "email", "user", "gone")),
        "report": (run.mode, run.state, run.problem, run.counts, run.position),
        "refused": sorted(run.refused.values_list("entity", "external_ref", "name", "value", "reason")),
        "job": (run.job.state, run.job.result, run.job.message),
        "journal": _journal(),
    }


def _journal() -> Counter[tuple[Any, ...]]:
    """How often each entry is there. The row of the source names the port of its server, which is another each time."""
    entries = LogEntry.objects.select_related("content_type").exclude(content_type__model="customersource")
    return Counter(
        (
            entry.content_type.model,
            entry.action,
            entry.object_repr,
            str(sorted((name, change) for name, change in (entry.changes or {}).items() if name not in IDS)),
        )
        for entry in entries
    )


def forget_everything() -> None:
    """As before the first reading."""
    models: tuple[type[Model], ...] = (SourceImport, SourceRow, SourceUser, ContactInfo, ContactPerson, Counterparty)
    for model in (*models, ContactInfoKind, CustomerSource, Job, LogEntry):
        model._default_manager.all().delete()
