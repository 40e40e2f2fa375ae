"""Re-encrypting stored secrets with the newest key."""

from collections.abc import Iterator
from dataclasses import dataclass

from cryptography.fernet import Fernet, InvalidToken
from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models.functions import Cast
from django.db.utils import DatabaseError

from astpanel.lib.secret_field import SecretField, fernet


@dataclass(frozen=True, slots=True)
class Rotated:
    """What became of the secrets of one field; `unreadable` lists the rows' ids."""

    field: str
    rotated: int
    current: int
    unreadable: tuple[int, ...]


def secret_fields() -> list[SecretField]:
    """Every SecretField of every model."""
    fields = (field for model in apps.get_models() for field in model._meta.get_fields())
    return [field for field in fields if isinstance(field, SecretField)]


def rotate(field: SecretField, *, forget: bool = False) -> Rotated:
    """Write every secret that is not encrypted with the newest key anew; `forget` empties those no key fits.

    A secret somebody changes meanwhile is left to them: they wrote it with the newest key.
    """
    newest = Fernet(settings.FIELD_KEYS[0])
    rotated, current = 0, 0
    lost: list[int] = []
    for pk, token in tokens(field):
        if _fits(newest, token):
            current += 1
            continue
        rows = _raw(field).filter(pk=pk, token=token)
        try:
            plain = fernet().decrypt(token.encode()).decode()
        except InvalidToken:
            lost.append(pk)
            if forget:
                rows.update(**{field.name: ""})
        else:
            rotated += rows.update(**{field.name: plain})
    return Rotated(f"{field.model._meta.label}.{field.name}", rotated, current, tuple(lost))


def unreadable(field: SecretField, *, using: str = "default") -> int:
    """How many secrets no key fits; 0 while the table is not there yet."""
    try:
        return sum(not _fits(fernet(), token) for _, token in tokens(field, using=using))
    except DatabaseError:
        return 0


def tokens(field: SecretField, *, using: str = "default") -> Iterator[tuple[int, str]]:
    """(id, token) of each stored secret, undeciphered."""
    rows = _raw(field).using(using).exclude(**{field.name: ""})
    yield from rows.values_list("pk", "token").iterator(chunk_size=1_000)


def _raw(field: SecretField) -> "models.QuerySet[models.Model]":
    return field.model._default_manager.annotate(token=Cast(field.name, models.TextField()))


def _fits(key: object, token: str) -> bool:
    try:
        key.decrypt(token.encode())  # type: ignore[attr-defined]  # Fernet and MultiFernet share no base class
    except InvalidToken:
        return False
    return True
