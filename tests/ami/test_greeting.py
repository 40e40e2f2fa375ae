"""The first line of a connection."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from telephony.ami.greeting import Greeting
from telephony.ami.reasons import Reason


@settings(deadline=None)
@given(st.lists(st.integers(min_value=0, max_value=60), max_size=8))
def test_any_chunking_of_the_greeting(borders: list[int]) -> None:
    stream = b"Asterisk Call Manager/11.0.0\r\nResponse: Success\r\n\r\n"
    edges = [0, *sorted(min(border, len(stream)) for border in borders), len(stream)]
    greeting, rest = Greeting(), b""
    for start, end in pairwise(edges):
        rest += stream[start:end] if greeting.done else greeting.feed(stream[start:end])
    assert (greeting.version, rest) == ("11.0.0", b"Response: Success\r\n\r\n")


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (b"", Reason.CLOSED_EARLY),
        (b"Asterisk Call Man", Reason.NOT_ASTERISK),
        (b"HTTP/1.1 200 OK", Reason.HTTP_SERVER),
        (b"\x15\x03\x03\x00\x02\x02\x46", Reason.TLS_EXPECTED),
        (b"\xff" * 300, Reason.NOT_ASTERISK),
        (b"SSH-2.0\n", Reason.NOT_ASTERISK),
        (b"Asterisk Call Manager/" + b"1" * 300, Reason.NOT_ASTERISK),
    ],
)
def test_what_is_not_a_greeting(said: bytes, reason: Reason) -> None:
    greeting = Greeting()
    assert greeting.feed(said) == b""
    greeting.close()
    assert (greeting.version, greeting.failure) == ("", reason)
