"""Customers by their exact folded names, many at once.

PostgreSQL has two indexes of folded names: a plain one, and one of trigrams for the search of parts. Asked for equal
names it takes the second, which costs milliseconds for each name; asked for a range from the name to itself it cannot.
"""

from collections.abc import Collection
from typing import Any

from django.db import connection


def ids_with_names(model: type[Any], keys: Collection[str]) -> list[int]:
    """Ids of counterparties or persons with one of the folded names (crm.folding.fold). One query."""
    if not keys:
        return []
    if connection.vendor != "postgresql":
        return list(model.objects.filter(name_key__in=keys).order_by().values_list("pk", flat=True))
    table = connection.ops.quote_name(model._meta.db_table)
    sql = f"SELECT row.id FROM unnest(%s::varchar[]) AS key JOIN {table} AS row ON row.name_key BETWEEN key AND key"  # noqa: S608 - a table of ours
    with connection.cursor() as cursor:
        cursor.execute(sql, [list(keys)])
        return [pk for (pk,) in cursor.fetchall()]
