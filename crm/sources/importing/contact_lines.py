"""Rows of contact information → values of ours, or why not. Pure.

Several numbers in one row become several values; НомерТелефона that is another number than Представление becomes one
more, so that both are found.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.core.exceptions import ValidationError

from astpanel.lib.phone_numbers import SHORTEST_OUTSIDE, Reading, digits_of, number_keys, readable, split_extension
from crm.models import AddressType
from crm.sources.importing.mirrored import Line
from crm.values import clean_value, split_numbers

SHORTEST: Final = 5  # digits: less is an extension, a remark, or the beginning of a number
LONGEST: Final = 255
APART: Final = re.compile(r"[;,\s]+")


@dataclass(frozen=True, slots=True)
class Value:
    """`identity`: equal for values that mean the same. `kind`: reference of their kind."""

    type: str
    value: str
    identity: str
    place: str
    kind: str
    part: int = 1
    main: bool = False


@dataclass(frozen=True, slots=True)
class Refusal:
    """`reason`: a code of crm/sources/refusals.py."""

    value: str
    reason: str


def values_of(line: Line, reading: Reading) -> Iterator[Value | Refusal]:
    """All that stands in the row."""
    texts = _phones(line, reading) if line["type"] == AddressType.PHONE else _others(line)
    for part, found in enumerate(texts, 1):
        if isinstance(found, Refusal):
            yield found
        else:
            yield Value(
                type=line["type"],
                value=found,
                identity=identity(line["type"], found, reading),
                place=line["place"],
                kind=line["kind"],
                part=part,
                main=bool(line["main"]) and part == 1,
            )


def identity(type_: str, value: str, reading: Reading) -> str:
    """Equal for two ways to write the same number (with the same extension), e-mail address or text."""
    if type_ == AddressType.PHONE:
        return f"{number_keys(value, reading)[0]}#{split_extension(value)[1]}"
    return " ".join(value.casefold().split())


def _phones(line: Line, reading: Reading) -> list[str | Refusal]:
    found: list[str | Refusal] = [_phone(text, reading) for text in split_numbers(line["text"])]
    good = [text for text in found if isinstance(text, str)]
    digits = digits_of(line["digits"])
    known = {number_keys(text, reading)[0] for text in good}
    other = number_keys(digits, reading)[0]
    if len(digits) >= SHORTEST_OUTSIDE and other.startswith("+") and other not in known:
        if not good:
            return [readable(other)]
        if digits not in digits_of(line["text"]):
            found.append(readable(other))
    return found


def _phone(text: str, reading: Reading) -> str | Refusal:
    try:
        value = clean_value(AddressType.PHONE, text)
    except ValidationError as error:
        return Refusal(text, error.code or "invalid")
    if len(digits_of(split_extension(value)[0])) < SHORTEST:
        return Refusal(text, "too_short")
    if not number_keys(value, reading)[0]:
        return Refusal(text, "no_number")
    return value if len(value) <= LONGEST else Refusal(text, "too_long")


def _others(line: Line) -> list[str | Refusal]:
    if line["type"] != AddressType.EMAIL:
        return [line["text"] if len(line["text"]) <= LONGEST else line["text"][: LONGEST - 1] + "…"]
    return [_email(text) for text in APART.split(line["text"]) if text]


def _email(text: str) -> str | Refusal:
    try:
        return clean_value(AddressType.EMAIL, text) if len(text) <= LONGEST else Refusal(text, "too_long")
    except ValidationError as error:
        return Refusal(text, error.code or "invalid")
