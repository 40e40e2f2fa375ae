"""Typed readers for settings that come from the environment.

A bad value stops the start with the variable's name and what was expected. Any variable may instead be given as
``NAME_FILE``: the path of a file that holds the value (for secrets kept out of the environment).
"""

import os
import secrets
import tempfile
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cryptography.fernet import Fernet


class SettingError(Exception):
    """A setting has a value the product cannot start with."""


def text(name: str, default: str | None = None) -> str:
    """The variable's text; without a default it must be set."""
    if path := os.environ.get(f"{name}_FILE"):
        if name in os.environ:
            raise SettingError(f"{name} and {name}_FILE are both set: keep one")
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise SettingError(f"{name}_FILE={path}: {error.strerror}") from error
        except UnicodeDecodeError:
            raise SettingError(f"{name}_FILE={path}: expected text in UTF-8") from None
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


def choice(name: str, default: str, options: Iterable[str]) -> str:
    """One of the options, in whatever case it is written."""
    value = text(name, default).strip()
    known = {option.lower(): option for option in options}
    if value.lower() not in known:
        raise SettingError(f"{name}={value!r}: expected one of {', '.join(known.values())}")
    return known[value.lower()]


def time_zone(name: str, default: str) -> str:
    """A name of the time-zone database, such as Europe/Moscow."""
    value = text(name, default).strip()
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise SettingError(f"{name}={value!r}: expected a time zone such as Europe/Moscow") from None
    return value


def redis(name: str) -> str:
    """A Redis URL, or empty: no Redis. The password is not repeated in an error."""
    value = text(name, "").strip()
    if value and (urlsplit(value).scheme not in {"redis", "rediss", "unix"} or "://" not in value):
        raise SettingError(f"{name}: expected redis://host:port/number, rediss://… or unix://…")
    return value


def origins(name: str) -> list[str]:
    """Addresses the portal is opened at, with the scheme: https://panel.example.com."""
    found = names(name)
    for origin in found:
        if urlsplit(origin).scheme not in {"http", "https"} or not urlsplit(origin).netloc:
            raise SettingError(f"{name}: {origin!r}: expected http://… or https://…")
    return found


def names(name: str, default: str = "") -> list[str]:
    """A comma-separated list; empty parts dropped."""
    return [part.strip() for part in text(name, default).split(",") if part.strip()]


def database(name: str, default: str) -> dict[str, object]:
    """A database URL → Django's DATABASES entry.

    ``sqlite:////absolute/path`` (WAL, IMMEDIATE transactions) or ``postgresql://user:password@host:port/name``, with
    libpq's options behind a question mark: ``?sslmode=require``. Errors do not repeat the URL: it holds a password.
    """
    url = urlsplit(text(name, default))
    try:
        port = url.port
    except ValueError:
        raise SettingError(f"{name}: the port is no number from 0 to 65535") from None
    if not url.path.strip("/"):
        raise SettingError(f"{name}: expected sqlite:////absolute/path or postgresql://user:password@host:port/name")
    if url.scheme == "sqlite":
        if not url.path.startswith("//") or url.netloc:
            raise SettingError(f"{name}: expected an absolute path with four slashes: sqlite:////var/lib/…")
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": unquote(url.path[1:]),
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
            "PORT": str(port or ""),
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": dict(parse_qsl(url.query)),
        }
    raise SettingError(f"{name}: expected sqlite:////… or postgresql://…, not {url.scheme!r}")


def secret(name: str, kept_in: Path) -> str:
    """The variable's text, or one generated on the first start and kept in a file only its owner can read."""
    return kept_secret(name, kept_in, lambda: secrets.token_urlsafe(50))


def keys(name: str, kept_in: Path) -> list[str]:
    """Comma-separated Fernet keys, newest first, or one generated on the first start and kept in a file."""
    value = kept_secret(name, kept_in, lambda: Fernet.generate_key().decode())
    found = [part.strip() for part in value.split(",") if part.strip()]
    for key in found:
        try:
            Fernet(key)
        except ValueError:
            raise SettingError(f"{name}: not a Fernet key (32 url-safe base64 bytes)") from None
    if not found:
        raise SettingError(f"{name}: expected at least one Fernet key")
    return found


def kept_secret(name: str, kept_in: Path, make: Callable[[], str]) -> str:
    """The variable, else the file's content, else a new value written to the file with mode 0600.

    Processes that start together for the first time agree on one value: the file appears whole or not at all.
    """
    if name in os.environ or f"{name}_FILE" in os.environ:
        value = text(name)
    else:
        if not kept_in.exists():
            write_secret(kept_in, make(), replace=False)
        value = kept_in.read_text(encoding="utf-8").strip()
    if not value:
        raise SettingError(f"{name} is empty: expected a secret")
    return value


def write_secret(path: Path, value: str, *, replace: bool) -> None:
    """Write the file whole, mode 0600; without `replace` a file that is already there stays."""
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")  # made with mode 0600
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(value)
            file.flush()
            os.fsync(file.fileno())
        if replace:
            os.replace(draft, path)
        else:
            with suppress(FileExistsError):
                os.link(draft, path)
    finally:
        Path(draft).unlink(missing_ok=True)
