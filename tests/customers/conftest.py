"""A database of its own for tests of several threads."""

from tests.databases import migrated_postgresql, migrated_sqlite, private_database
from tests.servers import postgresql

__all__ = ["migrated_postgresql", "migrated_sqlite", "postgresql", "private_database"]
