"""What gateway tests share: private databases and servers, a PBX row."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from channels.layers import channel_layers
from pytest_django.fixtures import Settings

from telephony.models import Pbx
from tests.databases import (
    PrivateDatabase,
    migrated_postgresql,
    migrated_sqlite,
    private_database,
)
from tests.gateway.office import Office, open_office
from tests.servers import postgresql, redis_server

__all__ = ["migrated_postgresql", "migrated_sqlite", "postgresql", "private_database", "redis_server"]


@pytest.fixture
def pbx(private_database: PrivateDatabase) -> Pbx:
    """A PBX in a private database."""
    return Pbx.objects.create(name="office", host="127.0.0.1", username="astpanel", secret="secret")


@pytest.fixture(params=["memory", pytest.param("redis", marks=pytest.mark.redis)])
def layer(request: pytest.FixtureRequest, settings: Settings, tmp_path: Path) -> Iterator[None]:
    """A channel layer nobody has used, of each kind."""
    settings.VAR_DIR = tmp_path
    settings.RECONCILE_SECONDS = 600
    config: dict[str, Any] = {"BACKEND": "channels.layers.InMemoryChannelLayer", "CONFIG": {"capacity": 10_000}}
    if request.param == "redis":
        url = request.getfixturevalue("redis_server").url
        config = {"BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer", "CONFIG": {"hosts": [url]}}
    settings.CHANNEL_LAYERS = {"default": config}
    channel_layers.backends.clear()
    yield
    channel_layers.backends.clear()


@pytest_asyncio.fixture
async def office(layer: None, pbx: Pbx) -> AsyncIterator[Office]:
    """The demo PBX on a real socket, and a page."""
    async with open_office(pbx) as office:
        yield office
