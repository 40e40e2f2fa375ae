"""A real database for each test that uses it from several threads or processes: SQLite file, PostgreSQL database.

pytest-django's `db` wraps a test in one transaction of one thread; a gateway writes from threads and processes of its
own. `private_database` migrates once a session and copies the result.

    from tests.databases import migrated_postgresql, migrated_sqlite, private_database  # noqa: F401 - fixtures

`on_postgresql` marks what is shown on PostgreSQL alone.
"""

import itertools
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest
from django.core.management import call_command
from django.db import connections
from pytest_django import DjangoDbBlocker

from astpanel import env
from tests.servers import PostgreSQL

on_postgresql = pytest.mark.parametrize(
    "private_database", [pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True
)
_numbers = itertools.count(1)
_TEMPLATE: Final = "astpanel_template"


@dataclass(frozen=True, slots=True)
class PrivateDatabase:
    """`url` is what a process of its own gets as ASTPANEL_DATABASE; `server` is None for SQLite."""

    url: str
    server: PostgreSQL | None


def _configured(url: str) -> dict[str, Any]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ASTPANEL_DATABASE", url)
        entry = env.database("ASTPANEL_DATABASE", "")
    return connections.configure_settings({"default": entry})["default"]  # type: ignore[no-any-return]  # untyped in the stubs


@contextmanager
def use_database(url: str) -> Iterator[None]:
    """Within the block every thread that connects anew uses this database."""
    before = connections.settings["default"]
    kept = connections["default"]
    connections.settings["default"] = _configured(url)
    del connections["default"]
    _forget_ids()
    try:
        yield
    finally:
        connections["default"].close()
        connections.settings["default"] = before
        connections["default"] = kept
        _forget_ids()


def _forget_ids() -> None:
    """Django keeps the ids of content types by the database's alias: here one alias is two databases."""
    from django.contrib.contenttypes.models import ContentType  # noqa: PLC0415 - this file is loaded before Django

    ContentType.objects.clear_cache()


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker) -> Path:
    """A migrated, closed SQLite file: copy it."""
    path = tmp_path_factory.mktemp("sqlite") / "template.sqlite3"
    with django_db_blocker.unblock(), use_database(f"sqlite:///{path}"):
        call_command("migrate", verbosity=0)
    return path


@pytest.fixture(scope="session")
def migrated_postgresql(postgresql: PostgreSQL, django_db_blocker: DjangoDbBlocker) -> str:
    """The name of a migrated database that nobody is connected to: a template."""
    postgresql.execute(f"CREATE DATABASE {_TEMPLATE}")
    with django_db_blocker.unblock(), use_database(postgresql.url(_TEMPLATE)):
        call_command("migrate", verbosity=0)
    return _TEMPLATE


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def private_database(
    request: pytest.FixtureRequest, tmp_path: Path, django_db_blocker: DjangoDbBlocker
) -> Iterator[PrivateDatabase]:
    """An empty migrated database, in use in this process; removed at the end. The test runs once for each kind."""
    if request.param == "sqlite":
        path = tmp_path / "database.sqlite3"
        shutil.copy(request.getfixturevalue("migrated_sqlite"), path)
        database = PrivateDatabase(f"sqlite:///{path}", None)
    else:
        server: PostgreSQL = request.getfixturevalue("postgresql")
        template: str = request.getfixturevalue("migrated_postgresql")
        name = f"test_{next(_numbers)}"
        server.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        database = PrivateDatabase(server.url(name), server)
    with django_db_blocker.unblock(), use_database(database.url):
        yield database
    if database.server:
        database.server.execute(f"DROP DATABASE {name} WITH (FORCE)")
