"""LIKE of the embedded default, in every alphabet."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from astpanel.lib.sqlite_like import like


@pytest.mark.parametrize(
    ("pattern", "value", "expected"),
    [
        ("%иван%", "ПЕТР ИВАНОВ", True),
        ("иван%", "Иванов\nвторая строка", True),
        ("_ван", "Иван", True),
        ("иван", "Иванов", False),
        (r"100\%", "100%", True),
        (r"100\%", "1000", False),
        (r"a\_b", "a_b", True),
        (r"a\_b", "axb", False),
        ("a.c", "abc", False),
        ("", "", True),
        ("5", 5, True),
        (None, "x", None),
        ("x", None, None),
    ],
)
def test_like(pattern: str | None, value: object, expected: bool | None) -> None:
    assert like(pattern, value, "\\") is expected


@given(st.text(), st.text(), st.text())
def test_a_text_is_found_within_any_other(before: str, text: str, after: str) -> None:
    escaped = text.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
    assert like(f"%{escaped}%", before + text + after, "\\") is True
