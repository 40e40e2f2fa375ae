"""SQLite's LIKE folds the case of Latin letters only: «иванов» would not find «Иванов» in the embedded default."""

import re
from functools import lru_cache
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

ANY, ONE = "%", "_"


@lru_cache(maxsize=256)
def like_pattern(text: str, escape: str = "") -> re.Pattern[str]:
    """A LIKE pattern as a regular expression over case-folded text."""
    parts: list[str] = []
    characters = iter(text)
    for character in characters:
        if escape and character == escape:
            parts.append(re.escape(next(characters, "").casefold()))
        elif character in (ANY, ONE):
            parts.append(".*" if character == ANY else ".")
        else:
            parts.append(re.escape(character.casefold()))
    return re.compile("".join(parts), re.DOTALL)


def like(pattern: Any, value: Any, escape: str = "") -> bool | None:
    """What SQLite calls for `value LIKE pattern ESCAPE escape`; NULL stays NULL."""
    if pattern is None or value is None:
        return None
    return like_pattern(str(pattern), escape).fullmatch(str(value).casefold()) is not None


def fold_every_alphabet(connection: BaseDatabaseWrapper, **_: Any) -> None:
    """Receiver of connection_created; other databases fold by themselves."""
    if connection.vendor == "sqlite":
        connection.connection.create_function("like", 2, like, deterministic=True)
        connection.connection.create_function("like", 3, like, deterministic=True)
