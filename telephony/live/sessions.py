"""Does the log-in behind a socket still hold? A logged-out or password-changed session must not go on reading."""

from collections.abc import Iterable, Mapping
from importlib import import_module
from typing import Any, Final

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from astpanel.accounts.models import PanelUser


def living_sessions(keys: Iterable[tuple[str, int]]) -> set[str]:
    """Of (session key, user id) pairs the keys that are still good, in two queries for any number.

    Good = the row is there, has not expired, belongs to that user, and carries the hash of the current password.
    """
    owners: Final = dict(keys)
    store = import_module(settings.SESSION_ENGINE).SessionStore
    rows = store.get_model_class().objects.filter(session_key__in=owners, expire_date__gt=timezone.now())
    users = PanelUser.objects.only("id", "password").in_bulk(set(owners.values()))
    return {row.session_key for row in rows if _holds(row.get_decoded(), users.get(owners[row.session_key]))}


def _holds(session: Mapping[str, Any], user: PanelUser | None) -> bool:
    return (
        user is not None
        and session.get(SESSION_KEY) == str(user.id)
        and constant_time_compare(session.get(HASH_SESSION_KEY, ""), user.get_session_auth_hash())
    )
