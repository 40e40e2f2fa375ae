"""Which events of the portal do the event filters of an account keep back?"""

import re
from collections.abc import Iterable
from typing import Final

from telephony.core.reducer import WANTED_EVENTS


def hidden_by(filters: Iterable[str]) -> tuple[str, ...]:
    """Names of wanted events that never come, given the `eventfilter` lines of the older spelling.

    Asterisk tries each regular expression on the whole event. Without a line that begins with `!` (exclude) only what
    matches a line comes; with both kinds an event must match an including line and no excluding one.
    """
    lines = [line.strip() for line in filters]
    excluding = [_compiled(line[1:]) for line in lines if line.startswith("!")]
    including = [_compiled(line) for line in lines if not line.startswith("!")]
    return tuple(sorted(name for name in WANTED_EVENTS if not _comes(name, including, excluding)))


_NEVER: Final = re.compile(r"(?!)")


def _comes(name: str, including: list[re.Pattern[str]], excluding: list[re.Pattern[str]]) -> bool:
    event = f"Event: {name}\r\n"
    if including and not any(pattern.search(event) for pattern in including):
        return False
    return not any(pattern.search(event) for pattern in excluding)


def _compiled(expression: str) -> re.Pattern[str]:
    """POSIX classes are spelt for Python; what Python does not understand hides nothing as far as we can tell."""
    spelt = expression.replace("[[:space:]]", r"\s").replace("[[:digit:]]", r"\d").replace("[[:alpha:]]", "[A-Za-z]")
    try:
        return re.compile(spelt)
    except re.error:
        return _NEVER
