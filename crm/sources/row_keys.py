"""ContactInfo.external_key: which row of contact information in the source a number comes from. Pure."""

from dataclasses import dataclass
from typing import Final, Self

BETWEEN: Final = "|"
LONGEST: Final = 300  # the column


@dataclass(frozen=True, slots=True)
class RowKey:
    """`entity`, `ref`: the object that has the row. `place`: LineNumber in its tabular part; of a register the type.

    `kind`: reference of the kind (a register has one row per object, type and kind). `part`: a row in which two numbers
    were typed became two of ours, 1 and 2.
    """

    entity: str
    ref: str
    place: str
    kind: str = ""
    part: int = 1

    def __str__(self) -> str:
        return BETWEEN.join((self.entity, self.ref, self.place, self.kind, str(self.part)))

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """None: a number that was typed here, or no key."""
        match text.split(BETWEEN):
            case [entity, ref, place, kind, part] if part.isdecimal() and entity and ref:
                return cls(entity, ref, place, kind, int(part))
        return None
