"""Who asks, and from which address: what the audit writes beside each change."""

import ipaddress
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

LONGEST_ADDRESS: Final = 64  # characters looked at: a header is whatever its sender wrote


@dataclass(frozen=True, slots=True)
class Origin:
    """`user` is None for somebody not logged in and outside requests."""

    user: Any = None
    address: str | None = None
    system: str = ""  # the name of another system that asks through the interface


_NOBODY: Final = Origin()
_request: ContextVar[HttpRequest | None] = ContextVar("request_of_the_audit", default=None)

_acting: ContextVar[Origin | None] = ContextVar("acting_for_of_the_audit", default=None)


def client_address(request: HttpRequest) -> str | None:
    """The address the request came from; None when there is none (a UNIX socket). The log-in's lock counts by it too.

    Behind our TLS proxy it is the last of X-Forwarded-For: that one the proxy wrote, the others are the client's word.
    """
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "") if settings.HTTPS else ""
    for text in (forwarded.rpartition(",")[2].strip(), request.META.get("REMOTE_ADDR", "")):
        with suppress(ValueError):
            return str(ipaddress.ip_address(text[:LONGEST_ADDRESS]))
    return None


@contextmanager
def acting_for(user: Any) -> Iterator[None]:
    """In a worker: what is changed within was asked for by this user."""
    token = _acting.set(Origin(user))
    try:
        yield
    finally:
        _acting.reset(token)


@contextmanager
def acting_as(system: str) -> Iterator[None]:
    """In a request of another system: what is changed within was asked for by it."""
    request = _request.get()
    token = _acting.set(Origin(None, client_address(request) if request is not None else None, system))
    try:
        yield
    finally:
        _acting.reset(token)


def origin() -> Origin:
    """Of the request that is being answered here, or of whom a worker acts for."""
    if (acting := _acting.get()) is not None:
        return acting
    if (request := _request.get()) is None:
        return _NOBODY
    user = getattr(request, "user", None)
    return Origin(user if user is not None and user.is_authenticated else None, client_address(request))


class AuditRequestMiddleware:
    """Remembers the request while it is answered. Stands behind the middleware that knows the user."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        token = _request.set(request)
        try:
            return self.get_response(request)
        finally:
            _request.reset(token)


def fill_entry(instance: Any, **_: Any) -> None:
    """Before an entry of the audit is written: who and from where, unless the writer has said."""
    asked = origin()
    if instance.actor_id is None and asked.user is not None:
        instance.actor = asked.user
        instance.actor_email = asked.user.email or None
    if asked.system and not instance.additional_data:
        instance.additional_data = {"system": asked.system}
    instance.remote_addr = instance.remote_addr or asked.address
