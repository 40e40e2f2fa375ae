"""A text as it is searched: one form for every way to type the same. Pure."""

import re
import unicodedata
from typing import Final

LONGEST: Final = 300  # characters kept
MOBILE: Final = ("мобильн", "mobile", "сотов")  # in a folded name
_NOISE: Final = re.compile(r"[\s\u00ab\u00bb\u201c-\u201f\u2018-\u201b\"'`]+")


def fold(text: str) -> str:
    """`ООО «Ёлка»` → `ооо елка`: small letters, ё as е, no quotes, single spaces, full-width forms made plain.

    Marks that nobody sees (soft hyphens, right-to-left marks, NUL) are dropped: nobody would type them either.
    """
    seen = "".join(mark for mark in unicodedata.normalize("NFKC", text) if mark.isspace() or not _unseen(mark))
    plain = seen.casefold().replace("ё", "е")
    return " ".join(_NOISE.sub(" ", plain).split())[:LONGEST]


def _unseen(mark: str) -> bool:
    return unicodedata.category(mark) in {"Cc", "Cf", "Cs"}


def names_mobiles(name: str) -> bool:
    """Is a kind of contact information called after mobile phones? «Мобильный», "Mobile phone", «Сотовый»."""
    folded = fold(name)
    return any(word in folded for word in MOBILE)
