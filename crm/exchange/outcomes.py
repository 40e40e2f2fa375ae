"""What becomes of each row of a file. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from crm.exchange.rows import FileRow

NEW, CHANGED, SAME, DUPLICATE, ERROR = ACTIONS = ("new", "changed", "same", "duplicate", "error")
SHOWN: Final = 20  # rows of the sample


@dataclass(frozen=True, slots=True)
class Outcome:
    """One row: `action`, and why in words where it is not taken (ERROR, DUPLICATE)."""

    row: FileRow
    action: str
    texts: tuple[str, ...] = ()


def counted(outcomes: Iterable[Outcome], before: dict[str, int] | None = None) -> dict[str, int]:
    """How many rows became what, together with those before."""
    found = Counter(outcome.action for outcome in outcomes)
    return {action: (before or {}).get(action, 0) + found[action] for action in ACTIONS}


def sample_of(outcomes: Sequence[Outcome]) -> list[dict[str, Any]]:
    """The first rows as they are read, for the page."""
    return [
        {
            "line": outcome.row.line,
            "action": outcome.action,
            "name": outcome.row.name,
            "person": outcome.row.person,
            "values": [value for entry in outcome.row.entries for value in (entry.values or (entry.text,))],
        }
        for outcome in outcomes[:SHOWN]
    ]
