"""How values are written in an OData v3 address: in `$filter` and in the key of a row. Pure."""

import re
from collections.abc import Iterable, Mapping
from typing import Final

GUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
NAME: Final = re.compile(r"[^\W\d]\w*")  # what 1C accepts as a name: letters, digits, underscores
EMPTY_REF: Final = "00000000-0000-0000-0000-000000000000"


def text(value: str) -> str:
    """`O'Хара` → `'O''Хара'`."""
    return "'" + value.replace("'", "''") + "'"


def guid(value: str) -> str:
    """A reference. Raises ValueError for what is none: it would become part of the address."""
    if GUID.fullmatch(value) is None:
        raise ValueError("not a reference")
    return f"guid'{value.lower()}'"


def name(value: str) -> str:
    """An entity or a property. Raises ValueError for anything else."""
    if NAME.fullmatch(value) is None:
        raise ValueError("not a name")
    return value


def all_of(terms: Iterable[str]) -> str:
    """The filter that asks for each of them; empty ones are left out."""
    present = [term for term in terms if term]
    return present[0] if len(present) == 1 else " and ".join(f"({term})" for term in present)


def is_reference(column: str, entity: str, ref: str) -> str:
    """A column of a composite type refers to a row of the entity: it cannot be compared with a bare reference."""
    return f"cast({name(column)},{text(name(entity))}) eq {guid(ref)}"


def key(value: str | Mapping[str, str]) -> str:
    """What stands in brackets behind the entity: a reference, or literals (`text()`, `guid()`) by their columns."""
    if isinstance(value, str):
        return f"({guid(value)})"
    return "(" + ",".join(f"{name(column)}={literal}" for column, literal in value.items()) + ")"
