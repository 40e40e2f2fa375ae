"""Cells that a spreadsheet would take for a formula. Pure.

A name `=HYPERLINK(…)` in an exported list would run in the reader's Excel: such a text gets an apostrophe in front, as
Excel itself writes a text. Read back, the apostrophe goes.
"""

from typing import Final

_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def escaped(text: str) -> str:
    """What may be written into a cell."""
    return f"'{text}" if text.startswith(_STARTS) else text


def unescaped(text: str) -> str:
    """What such a cell says."""
    return text[1:] if text.startswith("'") and text[1:].startswith(_STARTS) else text
