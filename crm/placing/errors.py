"""Why «Готово» or taking back has written nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from crm.placing.rebase import Difference
from crm.placing.rows import Stored
from crm.placing.targets import Holder


class ConflictError(Exception):
    """The customer's rows, or who else has the number, are not what the dialog showed."""

    def __init__(self, *, current: Sequence[Stored], found: Sequence[Difference], holders: Sequence[Holder]) -> None:
        super().__init__("changed meanwhile")
        self.current, self.differences, self.holders = tuple(current), tuple(found), tuple(holders)


class NoUndo(StrEnum):
    """Why a placement is not taken back."""

    NOT_YOURS = "not_yours"
    TOO_LATE = "too_late"
    DONE_ALREADY = "done_already"
    CHANGED = "changed"  # since then, by somebody


@dataclass(frozen=True, slots=True)
class Since:
    """What has become of a row since: `left` is what the placement left there, `now` what it says; None: no row."""

    row_id: int
    left: str | None
    now: str | None
    by: str = ""
    at: datetime | None = None


class NoUndoError(Exception):
    """A placement that is not taken back."""

    def __init__(self, reason: NoUndo, since: Sequence[Since] = ()) -> None:
        super().__init__(reason)
        self.reason, self.since = reason, tuple(since)
