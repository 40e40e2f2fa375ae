"""The indexes that find any part of a name or number among millions: PostgreSQL's trigrams (extension pg_trgm).

pg_trgm is a trusted extension: the owner of a database may create it. Where that is not allowed (or the extension is
not installed) everything works, only slower: the search reads whole tables. After an administrator has created it, the
next `manage.py migrate` makes the indexes.
"""

import logging
from typing import Any, Final

from django.core.checks import CheckMessage, Warning
from django.db import DatabaseError, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

log = logging.getLogger(__name__)
CREATE_EXTENSION: Final = "CREATE EXTENSION IF NOT EXISTS pg_trgm"
INDEXES: Final = {  # name → table, column
    "counterparty_name_trigrams": ("crm_counterparty", "name_key"),
    "person_name_trigrams": ("crm_contactperson", "name_key"),
    "contact_info_number_trigrams": ("crm_contactinfo", "e164"),
}


def make_indexes(using: str, **_: Any) -> None:
    """Receiver of post_migrate: what is missing is made, if it can be."""
    connection = connections[using]
    if connection.vendor != "postgresql" or not (missing := missing_indexes(connection)):
        return
    try:
        with transaction.atomic(using=using), connection.cursor() as cursor:
            cursor.execute(CREATE_EXTENSION)
            for name in missing:
                table, column = INDEXES[name]
                cursor.execute(f"CREATE INDEX IF NOT EXISTS {name} ON {table} USING gin ({column} gin_trgm_ops)")
    except DatabaseError as error:
        log.warning("search in the directory will be slow: no trigram indexes: %s", error)


def missing_indexes(connection: BaseDatabaseWrapper) -> list[str]:
    """Names of INDEXES whose column is there (a database may be migrated halfway) and has no such usable index."""
    columns = "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = current_schema()"
    indexes = "SELECT relname FROM pg_class JOIN pg_index ON indexrelid = pg_class.oid WHERE relname = ANY(%s)"
    with connection.cursor() as cursor:
        cursor.execute(f"{indexes} AND indisvalid", [list(INDEXES)])
        present = {name for (name,) in cursor.fetchall()}
        cursor.execute(f"{columns} AND column_name = ANY(%s)", [[column for _table, column in INDEXES.values()]])
        there = set(cursor.fetchall())
    return [name for name, place in INDEXES.items() if name not in present and place in there]


def check_indexes(databases: Any = None, **_: Any) -> list[CheckMessage]:
    """crm.W001, asked by `manage.py check --database default` and by `migrate`."""
    return [
        Warning(
            "Search in the directory is slow: PostgreSQL has no trigram indexes.",
            hint=f"Let the database's owner run `{CREATE_EXTENSION};` in it, then run `manage.py migrate` again.",
            obj=alias,
            id="crm.W001",
        )
        for alias in databases or []
        if connections[alias].vendor == "postgresql" and missing_indexes(connections[alias])
    ]
