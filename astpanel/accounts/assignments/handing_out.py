"""A chunk of an assignment, by two statements whatever the number of users: the journal first, then the settings.

They do in the database what `planning.plan_assignment` says, so that 10,000 rows are neither read nor written one by
one. Names of tables and columns are the models' own; every value travels as a parameter.
"""

import json
from collections.abc import Collection
from functools import lru_cache
from typing import Any, Final

from django.db import connection

from astpanel.accounts.assignments.plans import NAMES, READ, as_columns
from astpanel.accounts.models import PanelUser, ProfileAssignmentItem
from astpanel.accounts.profile_diff import Values
from astpanel.accounts.settings_fields import COLUMNS

USERS: Final = PanelUser._meta.db_table
ITEMS: Final = ProfileAssignmentItem._meta.db_table
NAME: Final = "REPLACE(u.last_name || ' ' || u.first_name || ' ' || u.patronymic, '  ', ' ')"
DIALECTS: Final = {
    "postgresql": {
        "chosen": "u.id BETWEEN %s AND %s AND u.id IN (SELECT unnest(%s::bigint[]))",
        "same": "IS NOT DISTINCT FROM",
        "object": "jsonb_build_object",
        "boolean": "u.{}",
        "moment": """to_char(u.{} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"')""",
        "lock": "FOR NO KEY UPDATE OF u",
    },
    "sqlite": {
        "chosen": "u.id BETWEEN %s AND %s AND u.id IN (SELECT value FROM json_each(%s))",
        "same": "IS",
        "object": "json_object",
        "boolean": "json(CASE WHEN u.{} THEN 'true' ELSE 'false' END)",  # it has no booleans of its own
        "moment": "replace(u.{}, ' ', 'T') || '+00:00'",  # stored in UTC
        "lock": "",  # the transaction has the whole file
    },
}


def hand_out(*, assignment_id: int, users: Collection[int], given: Values) -> dict[int, str]:
    """User id → outcome, of those who are still there. `given`: settings and mark. Call inside a transaction."""
    if not users:
        return {}
    columns: dict[str, Any] = as_columns(given)
    columns["assigned_at"] = connection.ops.adapt_datetimefield_value(columns["assigned_at"])
    # The range keeps a planner without statistics from reading the whole table for each chunk.
    ids = list(users) if connection.vendor == "postgresql" else json.dumps(list(users))
    chosen = [min(users), max(users), ids]
    journal, settings = _statements(connection.vendor)
    with connection.cursor() as cursor:
        cursor.execute(journal, [assignment_id, *(columns[name] for name in COLUMNS), *chosen])
        outcomes = dict(cursor.fetchall())
        cursor.execute(settings, [*(columns[name] for name in READ), *chosen])
    return outcomes


@lru_cache
def _statements(vendor: str) -> tuple[str, str]:
    words = DIALECTS[vendor]
    kinds = {field.column: field.get_internal_type() for field in PanelUser._meta.concrete_fields}
    shapes = {"BooleanField": words["boolean"], "DateTimeField": words["moment"]}
    before = ", ".join(
        f"'{name}', {shapes.get(kinds[column], 'u.{}').format(column)}"
        for name, column in zip(NAMES, READ, strict=True)
    )
    same = " AND ".join(f"u.{column} {words['same']} %s" for column in COLUMNS)
    journal = f"""
        INSERT INTO {ITEMS} (assignment_id, user_id, user_name, outcome, before, detail)
        SELECT %s, u.id, COALESCE(NULLIF(TRIM({NAME}), ''), u.username),
               CASE WHEN {same} THEN 'unchanged' ELSE 'changed' END, {words["object"]}({before}), ''
        FROM {USERS} u WHERE {words["chosen"]} ORDER BY u.id {words["lock"]}
        RETURNING user_id, outcome
    """  # noqa: S608 - see the top of the file
    assigned = ", ".join(f"{column} = %s" for column in READ)
    return journal, f"UPDATE {USERS} AS u SET {assigned} WHERE {words['chosen']}"  # noqa: S608 - the same
