"""Whose log-in was tried: what the lock counts by."""

from collections.abc import Mapping
from typing import Any, Final

from django.http import HttpRequest

LONGEST_NAME: Final = 150  # of AbstractUser.username; nobody has a longer one, and the lock's table holds 255


def attempted_name(request: HttpRequest | None, credentials: Mapping[str, Any] | None) -> str | None:
    """The name as typed, shortened: a name of a megabyte is counted like any other and stored nowhere whole."""
    source: Mapping[str, Any] = credentials or (request.POST if request is not None else {})
    name = source.get("username")
    return None if name is None else str(name)[:LONGEST_NAME]
