"""What is written about clients of the interface."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Q

from astpanel.api.models import ApiClient
from astpanel.api.tokens import new_token

USED_EVERY: Final = timedelta(minutes=1)


def create_client(  # noqa: PLR0913 - one keyword per column
    *,
    name: str,
    scopes: Sequence[str],
    by: Any,
    per_minute: int = 600,
    expires: datetime | None = None,
    enabled: bool = True,
) -> tuple[ApiClient, str]:
    """The client and its token, which cannot be read again. Raises ValidationError."""
    made = new_token()
    client = ApiClient(
        name=name,
        prefix=made.prefix,
        digest=made.digest,
        scopes=list(scopes),
        per_minute=per_minute,
        enabled=enabled,
        expires=expires,
        created_by=by,
    )
    client.full_clean()
    client.save()
    return client, made.token


def renew_token(*, client: ApiClient) -> str:
    """A new token; the old one opens nothing from now on."""
    made = new_token()
    client.prefix, client.digest = made.prefix, made.digest
    client.save(update_fields=["prefix", "digest"])
    return made.token


def note_use(*, client: ApiClient, now: datetime) -> None:
    """When it was last used, to the minute: a busy client costs no write per request."""
    due = Q(last_used=None) | Q(last_used__lt=now - USED_EVERY)
    if client.last_used is None or client.last_used < now - USED_EVERY:
        ApiClient.objects.filter(due, pk=client.pk).update(last_used=now)
