"""Secrets at rest: a text field that is encrypted in the database and never shown."""

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django import forms
from django.conf import settings
from django.core.exceptions import FieldError, ImproperlyConfigured
from django.db import models
from django.utils.text import capfirst

from astpanel.lib.secret_form import IS_SET, SecretFormField


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

LOOKUPS: Final = {"exact", "isnull"}  # tokens differ each time: only "is it empty?" can be asked


class SecretField(TextField):
    """Plain text in Python, a Fernet token in the database; empty stays empty.

    Write-only towards people: forms get an empty password input whose empty answer keeps what is stored, and
    `dumpdata` writes an empty text. Raises ImproperlyConfigured when no key fits: a wrong key must never pass as a
    wrong password.
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

    def get_lookup(self, lookup_name: str) -> Any:
        """Searching among secrets finds nothing and would look like an empty table: refuse it."""
        if lookup_name not in LOOKUPS:
            raise FieldError(f"{self.name} is encrypted: it can only be compared with the empty text")
        return super().get_lookup(lookup_name)

    def value_from_object(self, obj: models.Model) -> str:
        """What forms and serialisers are given: whether there is a secret, not the secret."""
        return IS_SET if getattr(obj, self.attname) else ""

    def value_to_string(self, obj: models.Model) -> str:
        return ""

    def formfield(self, *_: Any, **options: Any) -> forms.Field:
        """A SecretFormField; the admin's widget for long texts is dropped on purpose."""
        return SecretFormField(label=options.get("label", capfirst(self.verbose_name)), help_text=self.help_text)

    def save_form_data(self, instance: models.Model, data: str | None) -> None:
        """None (left empty) keeps the stored secret; the empty text forgets it."""
        if data is not None:
            setattr(instance, self.attname, data)
