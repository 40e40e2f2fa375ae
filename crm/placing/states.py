"""Rows of contact information as a placement keeps them: JSON of before and after, and rows made of it again."""

from collections.abc import Iterable
from typing import Any, TypedDict

from crm.models import ContactInfo


class RowState(TypedDict):
    """One row with all that people or a source have written into it."""

    id: int
    owner: str
    owner_id: int
    kind: int
    value: str
    is_main: bool
    external_key: str


def state_of(row: ContactInfo) -> RowState:
    """For NumberPlacement.before and .after."""
    owner = row.owner_field or ""
    return {
        "id": row.pk,
        "owner": owner,
        "owner_id": getattr(row, f"{owner}_id"),
        "kind": row.kind_id,
        "value": row.value,
        "is_main": row.is_main,
        "external_key": row.external_key,
    }


def states_of(rows: Iterable[ContactInfo]) -> list[RowState]:
    """By id."""
    return sorted((state_of(row) for row in rows), key=lambda state: state["id"])


def row_of(state: RowState) -> ContactInfo:
    """The row that this was the state of, to be saved."""
    columns: dict[str, Any] = {
        "id": state["id"],
        f"{state['owner']}_id": state["owner_id"],
        "kind_id": state["kind"],
        "value": state["value"],
        "is_main": state["is_main"],
        "external_key": state["external_key"],
    }
    return ContactInfo(**columns)
