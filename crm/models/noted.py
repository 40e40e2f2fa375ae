"""Writing in bulk past the signals, yet told to the caches."""

from collections.abc import Iterable
from typing import Any, TypeVar

from django.db import models, transaction

from crm import changes

Row = TypeVar("Row", bound=models.Model)


class NotedQuerySet(models.QuerySet[Row]):
    """What is written in bulk is noted in the same transaction, as signals do it for single rows."""

    def bulk_create(self, objs: Iterable[Row], *args: Any, **kwargs: Any) -> list[Row]:
        with transaction.atomic(savepoint=False):
            created = super().bulk_create(objs, *args, **kwargs)
            if created:
                changes.note_change()
        return created

    def update(self, **values: Any) -> int:
        """bulk_update() comes here too."""
        with transaction.atomic(savepoint=False):
            changed = super().update(**values)
            if changed:
                changes.note_change()
        return changed
