"""Cells that a spreadsheet would take for a formula. Pure.

A name `=HYPERLINK(…)` in an exported list would run in the reader's Excel: such a text gets an apostrophe in front, as
Excel itself writes a text. Read back, the apostrophe goes.
"""

from collections.abc import Iterable
from typing import Final

ERRORS: Final = frozenset(  # what a formula says that could not be worked out; also in a Russian Excel's CSV
    {"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#GETTING_DATA"}
    | {"#ПУСТО!", "#ДЕЛ/0!", "#ЗНАЧ!", "#ССЫЛКА!", "#ИМЯ?", "#ЧИСЛО!", "#Н/Д"}
)
STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def looks_like_formula(text: str) -> bool:
    """`=1+1`, `#N/A`, and also `'=1+1`, whose apostrophe would be taken for ours."""
    bare = text.lstrip("'")
    return bare.startswith(STARTS) or bare in ERRORS


def escaped(text: str) -> str:
    """What may be written into a cell."""
    return f"'{text}" if looks_like_formula(text) else text


def unescaped(text: str) -> str:
    """What such a cell says."""
    return text[1:] if text.startswith("'") and looks_like_formula(text) else text


def error_in(cells: Iterable[object]) -> str:
    """The first cell that is an error of the spreadsheet, before `unescaped`; empty: there is none."""
    return next((cell for cell in cells if isinstance(cell, str) and cell in ERRORS), "")
