"""A part of a number as somebody types it → what the stored E.164 numbers are searched for. Pure."""

from dataclasses import dataclass
from typing import Final

import phonenumbers

from astpanel.lib.phone_numbers import LONGEST_TEXT, Reading, calling_code, clean_text, digits_of, split_extension

SHORTEST_PART: Final = 3  # digits; fewer are in nearly every number


@dataclass(frozen=True, slots=True)
class NumberParts:
    """A number fits that contains `anywhere`, or begins with one of `beginnings` (`+7495`)."""

    anywhere: str
    beginnings: tuple[str, ...] = ()


def number_parts(text: str, reading: Reading) -> NumberParts | None:
    """`8 (495) 11` → numbers that contain 849511 or begin with +749511; `+7 495` → those that begin with +7495.

    None: words, or too few digits to search for.
    """
    if len(text) > LONGEST_TEXT:
        return None
    main, _extension = split_extension(clean_text(text))
    digits = digits_of(main)
    if len(digits) < SHORTEST_PART or any(character.isalpha() for character in main):
        return None
    if main.startswith("+"):
        return NumberParts("", (f"+{digits}",))
    return NumberParts(digits, tuple(_beginnings(digits, reading)))


def _beginnings(digits: str, reading: Reading) -> list[str]:
    """What stands in front is dialled (trunk prefix, prefix for abroad, outside line) and is no part of E.164."""
    trunk = phonenumbers.ndd_prefix_for_region(reading.region, True) or ""
    found = []
    for prefix in dict.fromkeys(("", reading.outside_prefix)):
        rest = digits.removeprefix(prefix)
        if not digits.startswith(prefix) or len(rest) < SHORTEST_PART:
            continue
        if prefix:
            found.append(f"+{rest}")
        if trunk and rest.startswith(trunk):
            found.append(f"+{calling_code(reading.region)}{rest.removeprefix(trunk)}")
        if rest.startswith("00"):
            found.append(f"+{rest[2:]}")
    return [beginning for beginning in dict.fromkeys(found) if len(beginning) > SHORTEST_PART]
