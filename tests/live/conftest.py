"""What the tests of the live edge share: people of an office, a fresh layer, a stand-in gateway, a browser."""

from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass

import pytest
from asgiref.sync import sync_to_async
from channels.layers import channel_layers
from django.db import connections
from django.test import override_settings

from astpanel.accounts.models import PanelUser
from telephony.live.hub import Hub, current_hub
from telephony.models import Pbx
from tests.databases import PrivateDatabase, migrated_postgresql, migrated_sqlite, private_database
from tests.factories import PanelUserFactory, PbxFactory
from tests.live.browser import Browser, open_browser
from tests.live.gateway import StandInGateway
from tests.servers import postgresql, redis_server

__all__ = ["migrated_postgresql", "migrated_sqlite", "postgresql", "private_database", "redis_server"]


SQLITE = pytest.mark.parametrize("private_database", ["sqlite"], indirect=True)
"""For modules in which the kind of database makes no difference."""


@dataclass(frozen=True, slots=True)
class Office:
    """One PBX and four people."""

    pbx: Pbx
    operator: PanelUser  # 101
    colleague: PanelUser  # 102
    supervisor: PanelUser  # 103
    seatless: PanelUser  # 104, «Использовать» not set


@pytest.fixture
def office(private_database: PrivateDatabase) -> Iterator[Office]:
    """In a private database of each kind. Nobody types a password here: a quick hash will do."""
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield Office(
            pbx=PbxFactory(),
            operator=PanelUserFactory(number="101"),
            colleague=PanelUserFactory(number="102"),
            supervisor=PanelUserFactory(number="103", supervisor=True),
            seatless=PanelUserFactory(number="104", in_use=False),
        )


@pytest.fixture
def layer() -> Iterator[None]:
    """A channel layer nobody has used: the in-memory one keeps queues of dead event loops."""
    channel_layers.backends.clear()
    yield
    channel_layers.backends.clear()


def _forget_connection() -> None:
    connections["default"].close()
    del connections["default"]


@pytest.fixture
async def worker_thread(private_database: PrivateDatabase) -> AsyncIterator[None]:
    """The worker thread of asgiref outlives tests: it must not keep a connection to the database of another one."""
    await sync_to_async(_forget_connection)()
    yield
    await sync_to_async(_forget_connection)()


@pytest.fixture
async def hub(layer: None, worker_thread: None) -> AsyncIterator[Hub]:
    """The hub of this test's loop; stopped at the end."""
    hub = current_hub()
    yield hub
    await hub.stop()


@pytest.fixture
async def gateway(hub: Hub, office: Office) -> AsyncIterator[StandInGateway]:
    """Publishes the office's PBX."""
    async with StandInGateway(office.pbx.pk) as gateway:
        yield gateway


@pytest.fixture
async def browse(hub: Hub) -> AsyncIterator[Callable[..., object]]:
    """`await browse(user)`: a tab of that user, closed at the end."""
    opened: list[Browser] = []

    async def open_one(user: PanelUser | None, **headers: str) -> Browser:
        browser = await open_browser(user, **headers)
        opened.append(browser)
        return browser

    yield open_one
    for browser in opened:
        await browser.close()
