"""The number that is to be placed: what of it can be placed, and how it is written down. Pure."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import phonenumbers
from phonenumbers import PhoneNumberType

from astpanel.lib.numbering import NumberRules
from astpanel.lib.phone_numbers import clean_text, number_keys, readable, split_extension, strip_address

LONGEST: Final = 80  # characters of NumberPlacement.number


class Unplaceable(StrEnum):
    """Why a number belongs to nobody's contact information."""

    NONE = ""
    HIDDEN = "hidden"  # the caller withheld it
    INTERNAL = "internal"  # an extension of the PBX
    SERVICE = "service"  # emergency, service numbers and feature codes
    MALFORMED = "malformed"  # too long, or no number at all


@dataclass(frozen=True, slots=True)
class Number:
    """`given` by the PBX, `e164` as it is found by (bare digits where no country has such a number), `value` as it is
    written into contact information."""

    given: str
    e164: str
    value: str

    @property
    def is_mobile(self) -> bool:
        """A mobile phone by its numbering plan."""
        try:
            return phonenumbers.number_type(phonenumbers.parse(self.e164)) == PhoneNumberType.MOBILE
        except phonenumbers.NumberParseException:
            return False


def read_number(given: str, rules: NumberRules) -> Number:
    """The number as the office reads it: `84951112233` → `+74951112233`, written `+7 495 111-22-33`."""
    e164 = number_keys(given, rules.reading)[0]
    return Number(given, e164, readable(e164))


def why_not_placeable(given: str, rules: NumberRules) -> Unplaceable:
    """NONE: it may be placed."""
    text = strip_address(clean_text(given))
    bare = split_extension(text)[0]
    if not any(character.isdigit() for character in text):
        return Unplaceable.HIDDEN
    if bare.lstrip().startswith(("*", "#")):
        return Unplaceable.SERVICE
    e164 = number_keys(given, rules.reading)[0]
    if not e164 or len(given) > LONGEST:
        return Unplaceable.MALFORMED
    if e164 in rules.emergency or e164 in rules.service:
        return Unplaceable.SERVICE
    if not e164.startswith("+") and len(e164) <= rules.reading.internal_max:
        return Unplaceable.INTERNAL
    return Unplaceable.NONE


def stands_in(number: Number, value: str, rules: NumberRules, *, behind_extension: bool = False) -> bool:
    """The value is this number, whatever way it is written. One with an extension is another line of the company,
    unless it counts too.
    """
    if number_keys(value, rules.reading)[0] != number.e164:
        return False
    return behind_extension or not split_extension(clean_text(value))[1]
