"""What gateway tests share: private databases and servers, a PBX row."""

import pytest

from telephony.models import Pbx
from tests.databases import (
    PrivateDatabase,
    migrated_postgresql,
    migrated_sqlite,
    private_database,
)
from tests.servers import postgresql, redis_server

__all__ = ["migrated_postgresql", "migrated_sqlite", "postgresql", "private_database", "redis_server"]


@pytest.fixture
def pbx(private_database: PrivateDatabase) -> Pbx:
    """A PBX in a private database."""
    return Pbx.objects.create(name="office", host="127.0.0.1", username="astpanel", secret="secret")
