"""The language a browser wants, from its WebSocket handshake."""

from collections.abc import MutableMapping
from types import SimpleNamespace
from typing import Any

from django.utils.translation import get_language_from_request


def language_of(scope: MutableMapping[str, Any]) -> str:
    """As for a page: the cookie set by the language switch, else Accept-Language, else the default (ru)."""
    headers = {name: value.decode("latin1") for name, value in scope.get("headers", ())}
    request = SimpleNamespace(
        COOKIES=scope.get("cookies", {}), META={"HTTP_ACCEPT_LANGUAGE": headers.get(b"accept-language", "")}
    )
    return get_language_from_request(request)  # type: ignore[arg-type]  # reads these two attributes only
