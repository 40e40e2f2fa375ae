"""Databases for the tests of this folder."""

from tests.databases import migrated_postgresql, migrated_sqlite, private_database
from tests.servers import postgresql

__all__ = ["migrated_postgresql", "migrated_sqlite", "postgresql", "private_database"]
