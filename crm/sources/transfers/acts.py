"""What is to be done to an object's contact information in the source, and what became of it. Pure values."""

from dataclasses import dataclass
from typing import Any

from crm.sources.row_keys import RowKey

Line = dict[str, Any]  # a row of a tabular part or a record of the register, as 1C gives it


@dataclass(frozen=True, slots=True)
class Act:
    """`id`: of the PendingTransfer. `act`: add, change, delete, main. `type`: AddressType.

    `kinds`: references of kinds that mean ours, the best first; empty: the source has none. `old`: the value that was
    there, `key` where. `new_kind`: the kind was changed too. `main`: it is to be the main one.
    """

    id: int
    act: str
    type: str
    value: str
    kinds: tuple[str, ...] = ()
    old: str = ""
    key: RowKey | None = None
    new_kind: bool = False
    main: bool = False

    @property
    def present(self) -> str:
        """The value by which the row is found."""
        return self.value if self.act in {"add", "main"} else self.old


@dataclass(slots=True)
class Outcome:
    """`reason`: why it was not done; empty: done. `line`: where the value stands now; None: nowhere (any more)."""

    id: int
    reason: str = ""
    line: Line | None = None


class RefusedError(Exception):
    """An act that would do harm, or cannot be done."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
