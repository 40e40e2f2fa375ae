"""Real Asterisk 22 and 16, real phones. `@pytest.mark.pbx` comes with the fixture."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, BrowserContext
from pytest_django import DjangoDbBlocker

from tests import left_out
from tests.databases import migrated_postgresql
from tests.e2e.conftest import assets, browser, log_in, new_context
from tests.pbx.ami import Ami
from tests.pbx.asterisk import Asterisk
from tests.pbx.office import Office
from tests.pbx.panel import Panel
from tests.pbx.portal import Portal, embedded, production
from tests.pbx.portal_data import Database, plain_account, tls_account
from tests.pbx.recorder import Recorder
from tests.servers import PostgreSQL, Redis, postgresql, redis_server

__all__ = ["assets", "browser", "migrated_postgresql", "postgresql", "redis_server"]

VERSIONS = ("22", "16")
ACCOUNTS: Final = {"22": plain_account, "16": tls_account}  # how the portal under test reaches its PBX


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Whatever uses the PBX carries the marker; what needs only recordings does not. Some are for one version."""
    for item in items:
        if isinstance(item, pytest.Function) and {"asterisk", "asterisk_root"} & set(item.fixturenames):
            item.add_marker(pytest.mark.pbx)
    elsewhere = {item for item in items if _is_for_another_version(item)}
    items[:] = [item for item in items if item not in elsewhere]
    config.hook.pytest_deselected(items=list(elsewhere))


def _is_for_another_version(item: pytest.Item) -> bool:
    marker = item.get_closest_marker("asterisk_version")
    if marker is None or not isinstance(item, pytest.Function):
        return False
    return bool(item.callspec.params["asterisk"] != marker.args[0])


@pytest.fixture(scope="session", params=VERSIONS)
def asterisk(request: pytest.FixtureRequest) -> Iterator[Asterisk]:
    """A running PBX of each version; one per worker under xdist."""
    left_out.require("phones")
    pbx = Asterisk(request.param, left_out.require(f"asterisk-{request.param}"))
    try:
        pbx.start()
        yield pbx
    finally:
        pbx.stop()


@pytest.fixture(scope="session")
def office(asterisk: Asterisk) -> Iterator[Office]:
    """Its desks and the PSTN."""
    office = Office(asterisk)
    yield office
    office.close()


@pytest.fixture
def ami(asterisk: Asterisk) -> Iterator[Ami]:
    """A raw connection with all rights."""
    with asterisk.ami() as connection:
        yield connection


@pytest.fixture(scope="module")
def portal(  # noqa: PLR0917 - fixtures come by name
    asterisk: Asterisk,
    postgresql: PostgreSQL,
    migrated_postgresql: str,
    redis_server: Redis,
    assets: Path,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Portal]:
    """The product's processes on this PBX, with PostgreSQL and Redis."""
    name = f"portal_{asterisk.version}"
    postgresql.execute(f"DROP DATABASE IF EXISTS {name}")
    postgresql.execute(f"CREATE DATABASE {name} TEMPLATE {migrated_postgresql}")
    database = Database(postgresql.url(name), django_db_blocker)
    account = ACCOUNTS[asterisk.version](asterisk)
    with production(account, database, redis_server.url, tmp_path_factory.mktemp(name)) as portal:
        yield portal


@pytest.fixture(scope="module")
def embedded_portal(
    asterisk: Asterisk, assets: Path, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Portal]:
    """The product as a newcomer starts it on this PBX."""
    with embedded(asterisk, django_db_blocker, tmp_path_factory.mktemp("embedded")) as portal:
        yield portal


@dataclass(slots=True)
class Desk:
    """Phones in the hands of people, and the panels they look at."""

    office: Office
    portal: Portal
    browser: Browser
    panels: list[Panel] = field(default_factory=list)
    _contexts: list[BrowserContext] = field(default_factory=list)

    def panel(self, user: str, **options: Any) -> Panel:
        """Opened by this user in a browser of its own, live, with everybody free. Options as for `new_context`."""
        if user not in self.portal.cookies:
            context = log_in(self.browser, self.portal.url, user)
            self.portal.cookies[user] = {"cookies": context.cookies(), "origins": []}
            context.close()  # a second open panel might take the pop-up
        context = new_context(self.browser, storage_state=self.portal.cookies[user], **options)
        self._contexts.append(context)
        panel = Panel(context, self.portal.url).live()
        self.panels.append(panel)
        for number in ("101", "102", "103"):
            panel.shows(number, "free")
        return panel

    def close(self) -> None:
        """No page has complained."""
        for context in self._contexts:
            context.close()
        assert [panel.errors for panel in self.panels] == [[] for _ in self.panels]


OpenDesk = Callable[[Portal], Desk]


@pytest.fixture
def open_desk(office: Office, browser: Browser) -> Iterator[OpenDesk]:
    """Everybody on the hook, no call recorded yet; panels are opened by `desk.panel(user)`."""
    desks: list[Desk] = []

    def open_(portal: Portal) -> Desk:
        office.open(Recorder(office.pbx), connected=False)
        portal.forget_calls()
        desks.append(Desk(office, portal, browser))
        return desks[-1]

    yield open_
    for desk in desks:
        desk.close()


@pytest.fixture
def desk(portal: Portal, open_desk: OpenDesk) -> Desk:
    """In front of the portal with PostgreSQL and Redis."""
    return open_desk(portal)
