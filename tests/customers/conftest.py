"""What tests of customers share."""

import pytest

from tests.databases import migrated_postgresql, migrated_sqlite, private_database
from tests.factories import PbxFactory
from tests.licences import give_key
from tests.servers import postgresql

__all__ = ["migrated_postgresql", "migrated_sqlite", "postgresql", "private_database"]  # for tests of several threads


@pytest.fixture
def licensed_pbx(db: None) -> None:
    """Users get seats, calls a PBX."""
    give_key()
    PbxFactory()
