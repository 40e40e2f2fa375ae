"""What may be written into contact information: one value of its type, checked and tidied. No database."""

import re
import unicodedata
from typing import Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from astpanel.lib.phone_numbers import LONGEST_OUTSIDE, SHORTEST_OUTSIDE, clean_text, digits_of, split_extension
from crm.models.kinds import AddressType

INTERNAL_NUMBER: Final = re.compile(r"[0-9]{1,15}")
SEVERAL: Final = re.compile(r"[;,/\\|\n]|\s(?:и|или|and|or)\s", re.IGNORECASE)
GAP: Final = re.compile(r"(\s*(?:[;,/\\|\n]+|\s(?:и|или|and|or)\s|(?=\+))\s*)", re.IGNORECASE)  # may be between two
EXTENSION_ALONE: Final = re.compile(r"(?:доб|вн|ext|x|#)\D*[\d\s]*", re.IGNORECASE)
WORDS: Final = re.compile(r"[^\W\d_]+")
SHORTEST_LISTED: Final = 5  # digits of a town's number beside a whole one
SHORTEST_PART: Final = 2  # digits; "8-800" and one stray digit are not two numbers


def clean_value(kind_type: str, text: str) -> str:
    """The value as it is stored. Raises ValidationError that says in words what is wrong."""
    value = clean_text(text) if kind_type in {AddressType.PHONE, AddressType.INTERNAL} else text.strip()
    if not value:
        raise ValidationError(_("Enter a value."), code="required")
    if any(unicodedata.category(character) == "Cc" for character in value):
        raise ValidationError(_("Line ends and other control characters are not allowed."), code="control")
    if kind_type == AddressType.EMAIL:
        validate_email(value)
    elif kind_type == AddressType.INTERNAL:
        _check_internal(value)
    elif kind_type == AddressType.PHONE:
        _check_phone(value)
    return value


def _check_internal(value: str) -> None:
    if not INTERNAL_NUMBER.fullmatch(value):
        raise ValidationError(_("An internal number is digits only, at most 15: for example 101."), code="internal")


def _check_phone(value: str) -> None:
    main, _extension = split_extension(value)
    if several_numbers(main):
        raise ValidationError(_("Several numbers in one field: give each a row of its own."), code="several")
    digits = digits_of(main)
    if not digits:
        raise ValidationError(_("A phone number has digits."), code="digits")
    if EXTENSION_ALONE.fullmatch(main):
        raise ValidationError(_("An extension without its number."), code="extension_alone")
    if main.startswith("+") and len(digits) < SHORTEST_OUTSIDE:
        raise ValidationError(_("This is not the whole number."), code="part")
    if len(digits) > LONGEST_OUTSIDE:
        raise ValidationError(_("Too long: a phone number has at most 15 digits."), code="too_long")


def several_numbers(main: str) -> bool:
    """True for `111-22-33, 444-55-66`, `111-22-33/34`, `+7 495 … +7 916 …`: a guess would lose one of them."""
    parts = [part for part in SEVERAL.split(main) if len(digits_of(part)) >= SHORTEST_PART]
    whole = [part for part in WORDS.split(main) if len(digits_of(part)) >= SHORTEST_OUTSIDE]
    return len(parts) > 1 or len(whole) > 1 or main.count("+") > 1


def split_numbers(text: str) -> list[str]:
    """The numbers typed into one field, each as it was typed, extensions with their number; nothing typed → [].

    `8 495 111-22-33 доб. 5; +7 916 000-11-22` → two. What cannot be told apart without a guess stays whole:
    `111-22-33/34` (the second number? an extension?) → one text, which `clean_value` refuses as several numbers.
    """
    value = clean_text(text)
    pieces = GAP.split(value)
    numbers, gap = [pieces[0]], ""
    for separator, piece in zip(pieces[1::2], pieces[2::2], strict=True):
        gap += separator
        if not piece:
            continue  # two separators in a row
        together, gap = numbers[-1] + gap + piece, ""
        main, extension = split_extension(together)
        if not digits_of(piece) or (extension and len(main) <= len(numbers[-1])):
            numbers[-1] = together
        elif _stands_alone(numbers[-1], piece):
            numbers.append(piece)
        else:
            return [value]
    numbers = [number.strip(" \n;,/\\|") for number in numbers if digits_of(number)]
    return numbers if len(numbers) > 1 else [value] if value else []


def _stands_alone(before: str, piece: str) -> bool:
    """A number of its own: long enough, or as short as what it stands beside (`101, 102`)."""
    shortest = SHORTEST_LISTED if len(digits_of(before)) >= SHORTEST_OUTSIDE else SHORTEST_PART
    return not digits_of(before) or len(digits_of(piece)) >= shortest
