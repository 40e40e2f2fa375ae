"""A value of the directory as a cell and back: one form, so that what was exported is known again. Pure."""

import re
from typing import Final

from django.utils.translation import gettext as _

from crm.exchange.columns import LONGEST_NOTE, in_russian
from crm.models.customers import Counterparty

_LINES: Final = re.compile("\r\n|[\r\n\v\f\x85\u2028\u2029]")
_CONTROL: Final = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff\ud800-\udfff]")
COMPANY: Final = frozenset(
    {"company", "компания", "организация", "юрлицо", "юр. лицо", "юридическое лицо", "ооо", "фирма"}
)
PERSON: Final = frozenset({"person", "лицо", "человек", "физлицо", "физ. лицо", "физическое лицо", "частное лицо"})


def as_line(text: str) -> str:
    """One line, single spaces, no control characters."""
    return " ".join(_CONTROL.sub(" ", _LINES.sub(" ", text)).split())


def as_lines(text: str) -> list[str]:
    """The lines of a cell that say something, each as one."""
    return [line for line in map(as_line, _LINES.split(text)) if line]


def as_note(text: str) -> str:
    """Line ends stay, in one form; as long as a cell may be."""
    lines = (_CONTROL.sub(" ", line).rstrip() for line in _LINES.split(text))
    return "\n".join(lines).strip()[:LONGEST_NOTE].rstrip()


def kind_word(kind: str) -> str:
    """For an export, in the language of its headers."""
    person = kind == Counterparty.Kind.PERSON
    return ("лицо" if person else "компания") if in_russian() else ("person" if person else "company")


def has_control(text: str) -> bool:
    """NUL and the like: not what somebody typed. Line ends and tabs are."""
    return _CONTROL.search(text) is not None


def kind_of(text: str) -> str:
    """`company` or `person`. Raises ValueError in words."""
    word = text.strip().casefold()
    if word in COMPANY:
        return Counterparty.Kind.COMPANY
    if word in PERSON:
        return Counterparty.Kind.PERSON
    raise ValueError(_("Say company or person."))
