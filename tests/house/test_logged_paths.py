"""One-time addresses do not get into the log."""

import logging

import pytest

from astpanel.logged_paths import WithoutKeys


@pytest.mark.parametrize(
    ("text", "args", "expected"),
    [
        ("%s: %s", ("Not Found", "/setup/one-time/"), "Not Found: /setup/-"),
        ("%s (%s): %s", ("Forbidden", "CSRF", "/password/MQ/abc-def/"), "Forbidden (CSRF): /password/-"),
        ("%s: %s", ("Not Found", "/api/caller/101"), "Not Found: /api/caller/101"),
        ("%d rows", (3,), "3 rows"),
        ("nothing to fill in", None, "nothing to fill in"),
    ],
)
def test_a_line(text: str, args: tuple[object, ...] | None, expected: str) -> None:
    record = logging.LogRecord("django.request", logging.WARNING, "", 0, text, args, None)
    assert (WithoutKeys().filter(record), record.getMessage()) == (True, expected)
