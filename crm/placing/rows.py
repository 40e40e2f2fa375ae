"""Contact information as the dialog has it: kinds, stored rows, rows of the table. Pure."""

from dataclasses import dataclass
from typing import Final

from crm.folding import names_mobiles

PHONE: Final = "phone"  # AddressType.PHONE, without Django


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of contact information of the owner. Id 0: the kind that is made when the office has none for phones."""

    id: int
    name: str
    type: str
    is_mobile: bool = False

    @property
    def is_phone(self) -> bool:
        """A number may stand there."""
        return self.type == PHONE

    @property
    def for_mobiles(self) -> bool:
        """Marked so by the administrator, or called so: «Мобильный» is meant for mobile numbers without a mark."""
        return self.is_mobile or names_mobiles(self.name)


@dataclass(frozen=True, slots=True)
class Stored:
    """A row as it was in the database when the dialog was opened."""

    id: int
    kind: int
    value: str
    is_main: bool

    @property
    def key(self) -> str:
        """Its name in the table."""
        return str(self.id)


@dataclass(frozen=True, slots=True)
class Cell:
    """What somebody has typed for a row."""

    kind: int
    value: str


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the table as it will be. `key`: the stored id, `k3` an empty row offered for kind 3, `n1` a new one.

    `was`: None for a row that is not stored yet. `here`: the number stands in this row.
    """

    key: str
    kind: Kind
    value: str
    was: Stored | None = None
    is_main: bool = False
    deleted: bool = False
    here: bool = False

    @property
    def empty(self) -> bool:
        """Nothing stands there: the number can be put without a question."""
        return not self.value.strip()

    @property
    def lives(self) -> bool:
        """Will be there after «Готово»."""
        return not self.empty and not self.deleted


@dataclass(frozen=True, slots=True)
class Created:
    """A row to be added."""

    kind: int
    value: str
    is_main: bool


@dataclass(frozen=True, slots=True)
class Changed:
    """A stored row to be changed: its new values."""

    id: int
    kind: int
    value: str
    is_main: bool


@dataclass(frozen=True, slots=True)
class Deleted:
    """A stored row to be deleted."""

    id: int


Change = Created | Changed | Deleted
