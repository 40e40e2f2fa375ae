"""Typed readers for settings that come from the environment.

A bad value stops the start with the variable's name and what was expected. Any variable may instead be given as
``NAME_FILE``: the path of a file that holds the value (for secrets kept out of the environment).
"""

import os
import secrets
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote, urlsplit

from cryptography.fernet import Fernet


class SettingError(Exception):
    """A setting has a value the product cannot start with."""


def text(name: str, default: str | None = None) -> str:
    """The variable's text; without a default it must be set."""
    if path := os.environ.get(f"{name}_FILE"):
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise SettingError(f"{name}_FILE={path}: {error.strerror}") from error
    value = os.environ.get(name, default)
    if value is None:
        raise SettingError(f"{name} is not set and has no default")
    return value


def flag(name: str, default: bool) -> bool:
    """True for 1/true/yes/on, False for 0/false/no/off; anything else stops the start."""
    value = text(name, "1" if default else "0").strip().lower()
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off", ""}:
        return False
    raise SettingError(f"{name}={value!r}: expected yes or no")


def number(name: str, default: int, low: int = 0, high: int = 2**31) -> int:
    """A whole number within [low, high]."""
    value = text(name, str(default))
    try:
        result = int(value)
    except ValueError:
        raise SettingError(f"{name}={value!r}: expected a whole number") from None
    if not low <= result <= high:
        raise SettingError(f"{name}={result}: expected {low} to {high}")
    return result


def names(name: str, default: str = "") -> list[str]:
    """A comma-separated list; empty parts dropped."""
    return [part.strip() for part in text(name, default).split(",") if part.strip()]


def database(name: str, default: str) -> dict[str, object]:
    """A database URL → Django's DATABASES entry.

    ``sqlite:////absolute/path`` (WAL, IMMEDIATE transactions) or ``postgresql://user:password@host:port/name``.
    """
    url = urlsplit(text(name, default))
    if url.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": unquote(url.path),
            "CONN_MAX_AGE": 60,
            "OPTIONS": {
                "timeout": 20,
                "transaction_mode": "IMMEDIATE",
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
            },
        }
    if url.scheme in {"postgresql", "postgres"}:
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(url.path.lstrip("/")),
            "USER": unquote(url.username or ""),
            "PASSWORD": unquote(url.password or ""),
            "HOST": url.hostname or "",
            "PORT": str(url.port or ""),
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
        }
    raise SettingError(f"{name}: expected sqlite:///… or postgresql://…, not {url.scheme!r}")


def secret(name: str, kept_in: Path) -> str:
    """The variable's text, or one generated on the first start and kept in a file only its owner can read."""
    return kept_secret(name, kept_in, lambda: secrets.token_urlsafe(50))


def keys(name: str, kept_in: Path) -> list[str]:
    """Comma-separated Fernet keys, newest first, or one generated on the first start and kept in a file."""
    found = [part.strip() for part in kept_secret(name, kept_in, lambda: Fernet.generate_key().decode()).split(",")]
    for key in found:
        try:
            Fernet(key)
        except ValueError:
            raise SettingError(f"{name}: not a Fernet key (32 url-safe base64 bytes)") from None
    return found


def kept_secret(name: str, kept_in: Path, make: Callable[[], str]) -> str:
    """The variable, else the file's content, else a new value written to the file with mode 0600."""
    if name in os.environ or f"{name}_FILE" in os.environ:
        return text(name)
    try:
        handle = os.open(kept_in, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return kept_in.read_text(encoding="utf-8").strip()
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(value := make())
    return value
