"""The office's number rules as one value."""

import re
from dataclasses import dataclass
from typing import Final

from astpanel.lib.numbering.patterns import compiled
from astpanel.lib.phone_numbers import Reading


@dataclass(frozen=True, slots=True)
class Rewrite:
    """For a number that the pattern fits wholly: drop `strip` characters in front, put `prepend` there, dial that.

    Raises PatternError for a bad pattern.
    """

    name: str
    pattern: str
    strip: int = 0
    prepend: str = ""

    def __post_init__(self) -> None:
        compiled(self.pattern)

    def fits(self, number: str) -> bool:
        """`number`: E.164 with the plus, or what was typed without separators."""
        return compiled(self.pattern).fullmatch(number) is not None

    def apply(self, number: str) -> str:
        """What is dialled; may be nothing that can be dialled."""
        return self.prepend + number[self.strip :]


@dataclass(frozen=True, slots=True)
class NumberRules:
    """«Коды городов». Rewrites are tried in order, the first that fits wins."""

    region: str = "RU"  # ISO 3166
    area_code: str = ""
    outside_prefix: str = ""
    internal_min: int = 2  # digits
    internal_max: int = 5
    emergency: tuple[str, ...] = ("112", "101", "102", "103", "104")
    service: tuple[str, ...] = ()  # of the PBX and of the network: dialled as they are
    rewrites: tuple[Rewrite, ...] = ()
    as_typed: bool = False  # nobody has set rules up: outside numbers are dialled as typed

    @property
    def reading(self) -> Reading:
        """What telling numbers apart needs of the rules."""
        if self.as_typed:
            return Reading(self.region)
        return Reading(self.region, self.area_code, self.outside_prefix, self.internal_max)


NO_PLAN: Final = NumberRules(emergency=(), as_typed=True)


def numbers_of(text: str) -> tuple[str, ...]:
    """`112, 101 102` → (`112`, `101`, `102`), each once."""
    return tuple(dict.fromkeys(re.findall(r"[0-9*#+]+", text)))
