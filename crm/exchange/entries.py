"""Cells with numbers and addresses → the values in them. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from crm.exchange.cells import as_lines
from crm.models.kinds import AddressType
from crm.values import clean_value, split_numbers

LONGEST_VALUE: Final = 255  # characters
MOST_VALUES: Final = 50  # of one type in one row
SCIENTIFIC: Final = re.compile(r"\+?(\d)(?:[.,](\d+))?[eE]\+?(\d{1,2})")
DATE: Final = re.compile(r"\d{4}-\d\d-\d\d(?:[T ].*)?|\d\d?\.\d\d?\.\d{4}")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a cell: `text` as it stands there, the values in it, or why there are none.

    An owner who has the whole text as a value already keeps it, whatever is wrong with it.
    """

    type: str  # of AddressType
    text: str
    values: tuple[str, ...]
    fault: str = ""


def entries_of(kind_type: str, cell: str) -> tuple[Entry, ...]:
    """Of one cell; lines that are there twice count once."""
    lines = list(dict.fromkeys(as_lines(cell)))
    found = tuple(_entry(kind_type, line) for line in lines[:MOST_VALUES])
    if len(lines) > MOST_VALUES:
        text = _("More than %(count)d values in one cell.") % {"count": MOST_VALUES}
        return (*found, Entry(kind_type, "", (), text))
    return found


def _entry(kind_type: str, line: str) -> Entry:
    try:
        return Entry(kind_type, line, tuple(_values(kind_type, line)))
    except ValidationError as error:
        shown = line if len(line) <= 60 else f"{line[:60]}…"
        return Entry(kind_type, line, (), f"{shown}: {' '.join(error.messages)}")


def _values(kind_type: str, line: str) -> Iterator[str]:
    if len(line) > LONGEST_VALUE * 4:
        raise ValidationError(_("Too long."))
    if kind_type == AddressType.PHONE:
        parts = _numbers(line)
    elif kind_type == AddressType.EMAIL:
        parts = [part for part in re.split(r"[;,\s]+", line) if part]
    else:
        parts = [line]
    for part in parts:
        if len(part) > LONGEST_VALUE:
            raise ValidationError(_("Too long: at most %(count)d characters.") % {"count": LONGEST_VALUE})
        yield clean_value(kind_type, part)


def _numbers(line: str) -> list[str]:
    if found := SCIENTIFIC.fullmatch(line):
        return [_unfolded(found)]
    if DATE.fullmatch(line):
        raise ValidationError(_("This is a date: the spreadsheet has changed the number. Format the column as text."))
    return split_numbers(line)


def _unfolded(found: re.Match[str]) -> str:
    """4.951112233E+09 → 4951112233; where digits are gone nobody can bring them back."""
    first, rest, power = found[1], found[2] or "", int(found[3])
    if len(rest) != power:
        raise ValidationError(_("The spreadsheet has cut this number. Format the column as text and type it anew."))
    return first + rest
