"""Who asks: the token of a client, as `Authorization: Bearer …`, or as the password of HTTP Basic for those who can
only do that (Asterisk's CURLOPT(userpwd)). The scope is asked for each operation.
"""

import time
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja.errors import HttpError
from ninja.security import HttpBasicAuth, HttpBearer

from astpanel.api.limits import WRONG_TOKENS, take, used_up
from astpanel.api.models import ApiClient, Scope
from astpanel.api.services import note_use
from astpanel.api.tokens import prefix_of, same
from astpanel.audit_request import client_address


class TooOftenError(HttpError):
    """429. `retry_after`: seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(429, _("Too many requests: wait %(seconds)d s.") % {"seconds": retry_after})
        self.retry_after = retry_after


class Bearer(HttpBearer):
    """`Authorization: Bearer ap_…`."""

    def __init__(self, scope: Scope) -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> ApiClient | None:
        return admit(request, token.strip(), self.scope)


class Basic(HttpBasicAuth):
    """Any user name, the token as the password."""

    def __init__(self, scope: Scope) -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, username: str, password: str) -> ApiClient | None:
        return admit(request, password, self.scope)


def token_with(scope: Scope) -> list[Any]:
    """For `auth=` of an operation."""
    return [Bearer(scope), Basic(scope)]


def admit(request: HttpRequest, token: str, scope: Scope) -> ApiClient | None:
    """The client of a token that is worth something; None: nobody (401).

    Raises HttpError: 403 without the scope, 429 too often, also for an address that tries many wrong tokens.
    """
    now = time.time()
    guesses = f"wrong:{client_address(request)}"
    if used_up(guesses, WRONG_TOKENS, now):
        raise TooOftenError(take(guesses, WRONG_TOKENS, now).retry_after)
    client = client_of(token)
    if client is None:
        take(guesses, WRONG_TOKENS, now)
        return None
    allowance = take(f"client:{client.pk}", client.per_minute, now)
    if not allowance.allowed:
        raise TooOftenError(allowance.retry_after)
    note_use(client=client, now=timezone.now())
    if scope.value not in client.scopes:
        text = _("This token may not do that: it lacks “%(scope)s”. An administrator gives it.")
        raise HttpError(403, text % {"scope": scope.value})
    return client


def client_of(token: str) -> ApiClient | None:
    """The enabled client whose token this is and has not expired. One query."""
    prefix = prefix_of(token)
    client = ApiClient.objects.filter(prefix=prefix, enabled=True).first() if prefix else None
    if client is None or not same(token, client.digest):
        return None
    return client if client.expires is None or client.expires > timezone.now() else None
