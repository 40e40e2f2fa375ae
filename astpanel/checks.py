"""System checks of the installation: what would work badly or unsafely is said at the start, in words."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import connection, connections

TAG: Final = "astpanel"
SECRET_FILES: Final = ("secret_key", "field_keys")
SHORTEST_KEY: Final = 32
FEWEST_CHARACTERS: Final = 10  # different ones in a key


@register(TAG)
def check_secret_key(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """A guessable key lets anybody forge a log-in."""
    key = settings.SECRET_KEY
    if len(key) >= SHORTEST_KEY and len(set(key)) >= FEWEST_CHARACTERS and not key.startswith("django-insecure"):
        return []
    kind = Warning if settings.DEBUG else Error
    return [kind("ASTPANEL_SECRET_KEY is guessable.", hint="Use 50 random characters.", id="astpanel.E001")]


@register(TAG)
def check_debug(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """TLS means people use it; a debug page shows them the portal's insides."""
    if not (settings.DEBUG and settings.HTTPS):
        return []
    return [Error("ASTPANEL_DEBUG is on behind HTTPS.", hint="Set ASTPANEL_DEBUG=no.", id="astpanel.E002")]


@register(TAG)
def check_layer(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """The in-memory layer ends at the process: gateway and web process would not hear each other."""
    if settings.REDIS_URL or connection.vendor == "sqlite":
        return []
    hint = "Set ASTPANEL_REDIS, unless web, gateway and worker all run in one process."
    return [Warning("PostgreSQL without Redis: the live state stays in one process.", hint=hint, id="astpanel.W003")]


@register(TAG)
def check_folder(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """Database, spool and keys of the embedded default live there."""
    folder = Path(settings.VAR_DIR)
    found: list[CheckMessage] = []
    if not os.access(folder, os.W_OK | os.X_OK):
        text = f"{folder} cannot be written to."
        found.append(Error(text, hint="Set ASTPANEL_VAR to a folder of the portal's own.", id="astpanel.E004"))
    for path in (folder / name for name in SECRET_FILES):
        if path.exists() and path.stat().st_mode & 0o077:
            text = f"{path} can be read by others."
            found.append(Error(text, hint=f"chmod 600 {path}", id="astpanel.E005"))
    return found


@register(TAG)
def check_hosts(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """Any Host header accepted: links in mails and redirects can be forged."""
    if settings.DEBUG or "*" not in settings.ALLOWED_HOSTS:
        return []
    return [Warning("ASTPANEL_HOSTS accepts any name.", hint="List the portal's names.", id="astpanel.W006")]


@register(Tags.database)
def check_field_keys(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **_: Any
) -> list[CheckMessage]:
    """With `check --database default`: every stored secret can be decrypted."""
    from astpanel.lib.secret_rotation import secret_fields, unreadable  # noqa: PLC0415 - needs the apps to be ready

    found: list[CheckMessage] = []
    for alias in databases or ():
        for field in secret_fields():
            if count := unreadable(field, using=alias):
                text = f"{field.model._meta.label}.{field.name}: {count} secrets fit none of ASTPANEL_FIELD_KEYS."
                hint = "Bring the old key back, or type the secrets anew after manage.py rotate_keys --forget."
                found.append(Error(text, hint=hint, id="astpanel.E007"))
    return found


@register(Tags.database)
def check_alphabet(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **_: Any
) -> list[CheckMessage]:
    """A PostgreSQL database made with the locale C folds Latin letters only: «иванов» would not find «Иванов»."""
    found: list[CheckMessage] = []
    for alias in databases or ():
        if connections[alias].vendor != "postgresql":
            continue
        with connections[alias].cursor() as cursor:
            cursor.execute("SELECT UPPER('ж') = 'Ж'")
            (folds,) = cursor.fetchone()
        if not folds:
            text = "The database does not know capital Cyrillic letters: searching minds the case."
            hint = "CREATE DATABASE … LOCALE 'C.UTF-8' (or ru_RU.UTF-8) TEMPLATE template0"
            found.append(Warning(text, hint=hint, id="astpanel.W008"))
    return found
