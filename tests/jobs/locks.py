"""A worker held in the middle of a transaction, on PostgreSQL: there it is killed or frozen (see clusters.py)."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, models, transaction


@contextmanager
def locked(model: type[models.Model], **row: Any) -> Iterator[None]:
    """While the block runs, a transaction of another connection holds the row: who wants to write it waits."""
    held, over = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            model._default_manager.select_for_update().get(**row)
            held.set()
            over.wait(300)
        connection.close()

    thread = threading.Thread(target=hold)
    thread.start()
    assert held.wait(60)
    try:
        yield
    finally:
        over.set()
        thread.join()


def somebody_waits() -> bool:
    """For a lock in this database."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return bool(cursor.fetchone()[0])
