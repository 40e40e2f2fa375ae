"""Secrets at rest: a text field that is encrypted in the database and never shown."""

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models


@lru_cache(maxsize=4)
def _fernet(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def fernet() -> MultiFernet:
    """Encrypts with the newest of settings.FIELD_KEYS, decrypts with any of them."""
    return _fernet(tuple(settings.FIELD_KEYS))


if TYPE_CHECKING:
    TextField = models.TextField[str, str]  # generic for the type checker only
else:
    TextField = models.TextField


class SecretField(TextField):
    """Plain text in Python, a Fernet token in the database; empty stays empty.

    Raises ImproperlyConfigured when no key fits: a wrong key must never pass as a wrong password.
    """

    def get_prep_value(self, value: Any) -> Any:
        return fernet().encrypt(value.encode()).decode() if value else ""

    def from_db_value(self, value: str | None, *_: object) -> str:
        if not value:
            return ""
        try:
            return fernet().decrypt(value.encode()).decode()
        except InvalidToken:
            raise ImproperlyConfigured(f"{self.name}: none of ASTPANEL_FIELD_KEYS decrypts it") from None
