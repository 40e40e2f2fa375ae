"""Why a change was not written. Values that break a rule raise Django's ValidationError."""

from collections.abc import Mapping, Sequence
from typing import Any


class ConflictError(Exception):
    """Somebody changed it since the form was opened. `stored`: field → what it says now."""

    def __init__(self, stored: Mapping[str, Any]) -> None:
        super().__init__("changed meanwhile")
        self.stored = dict(stored)


class GoneError(Exception):
    """The row was deleted, or merged into another, since the form was opened."""


class KeptBySourceError(Exception):
    """The system the customer was read from keeps these fields."""

    def __init__(self, fields: Sequence[str]) -> None:
        super().__init__(", ".join(fields))
        self.fields = tuple(fields)


class SeveralNumbersError(Exception):
    """Several numbers in one field. `parts`: each alone, checked, so that they can be written as rows of their own."""

    def __init__(self, parts: Sequence[str]) -> None:
        super().__init__(f"{len(parts)} numbers")
        self.parts = tuple(parts)
