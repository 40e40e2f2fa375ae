"""Cells that a spreadsheet would take for a formula. Pure.

A name `=HYPERLINK(…)` in an exported list would run in the reader's Excel: such a text gets an apostrophe in front, as
Excel itself writes a text. Read back, the apostrophe goes.
"""

from typing import Final

STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def looks_like_formula(text: str) -> bool:
    """`=1+1`, and also `'=1+1`, whose apostrophe would be taken for ours."""
    return text.lstrip("'").startswith(STARTS)


def escaped(text: str) -> str:
    """What may be written into a cell."""
    return f"'{text}" if looks_like_formula(text) else text


def unescaped(text: str) -> str:
    """What such a cell says."""
    return text[1:] if text.startswith("'") and looks_like_formula(text) else text
