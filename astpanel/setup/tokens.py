"""The one-time token that opens the step of the first administrator. Only its digest is stored."""

import hashlib
import secrets
from contextlib import suppress
from datetime import timedelta
from typing import Final

from django.core.cache import cache
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from astpanel.accounts.models import PanelUser
from astpanel.accounts.services import create_user
from astpanel.setup import selectors
from astpanel.setup.models import SetupToken, Step, StepRecord

LIFE: Final = timedelta(days=3)
TRIES: Final = 10  # wrong tokens from one address
PAUSE: Final = 900  # seconds in which they count


class TokenGoneError(Exception):
    """Somebody was first, or the token was replaced."""


@transaction.atomic
def fresh_token() -> str | None:
    """A token that replaces the older ones; None when an administrator exists."""
    SetupToken.objects.all().delete()
    if selectors.administrator_exists():
        return None
    token = secrets.token_urlsafe(32)
    SetupToken.objects.create(digest=digest_of(token))
    return token


def digest_of(token: str) -> str:
    """What is stored and compared."""
    return hashlib.sha256(token.encode()).hexdigest()


def opens(digest: str) -> bool:
    """The digest is that of the living token, and there is no administrator yet. Compared in constant time."""
    living = SetupToken.objects.filter(created__gt=timezone.now() - LIFE).values_list("digest", flat=True)
    found = [constant_time_compare(digest, known) for known in living]
    return any(found) and not selectors.administrator_exists()


def may_try(address: str) -> bool:
    """Not too many wrong ones from there lately."""
    return int(cache.get(_key(address), 0)) < TRIES


def note_wrong(address: str) -> None:
    """One more wrong token from there."""
    if not cache.add(_key(address), 1, PAUSE):
        with suppress(ValueError):  # it has just ended
            cache.incr(_key(address))


@transaction.atomic
def create_administrator(*, digest: str, password: str, **names: str) -> PanelUser:
    """The first administrator; the token dies with that. Raises TokenGoneError, ValidationError naming the field.

    Whoever deletes the row of the token has it: of two at once, one gets the error.
    """
    if not opens(digest) or not SetupToken.objects.filter(digest=digest).delete()[0]:
        raise TokenGoneError
    user = create_user(password=password, admin=True, in_use=False, **names)  # type: ignore[arg-type]  # names are texts
    SetupToken.objects.all().delete()
    StepRecord.objects.update_or_create(
        step=Step.ADMINISTRATOR, defaults={"state": StepRecord.State.DONE, "reason": "", "changed_by": user}
    )
    return user


def _key(address: str) -> str:
    return f"setup-token-{hashlib.sha256(address.encode()).hexdigest()[:32]}"
