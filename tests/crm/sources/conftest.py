"""Databases of their own for tests with several workers."""

from tests.databases import migrated_postgresql, migrated_sqlite, private_database
from tests.servers import postgresql

__all__ = ["migrated_postgresql", "migrated_sqlite", "postgresql", "private_database"]
