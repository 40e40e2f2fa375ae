"""Journalling what is written past save(): one entry of the audit for each row that changed."""

from collections.abc import Iterable, Mapping
from typing import Any

from auditlog.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model

from astpanel.audit_request import origin

Changes = Mapping[str, tuple[str, str]]


def journal_changes(*, changes: Iterable[tuple[Model, Changes]], by: Any = None) -> None:
    """`changes` of each row: field → (text before, text after), no secrets among them. One INSERT a thousand rows.

    Who and from where are those of the request being answered; `by` names the user where there is none (a worker).
    """
    asked = origin()
    actor = by or asked.user
    entries = [
        LogEntry(
            content_type=ContentType.objects.get_for_model(type(row)),
            object_pk=str(row.pk),
            object_id=row.pk,
            object_repr=str(row),
            action=LogEntry.Action.UPDATE,
            changes={field: list(pair) for field, pair in fields.items()},
            actor=actor,
            actor_email=getattr(actor, "email", None) or None,
            remote_addr=asked.address,
        )
        for row, fields in changes
    ]
    LogEntry.objects.bulk_create(entries, batch_size=1_000)
