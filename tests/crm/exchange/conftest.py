"""Private databases for what happens in several threads and processes."""

from tests.databases import migrated_postgresql, migrated_sqlite, private_database
from tests.servers import postgresql

__all__ = ["migrated_postgresql", "migrated_sqlite", "postgresql", "private_database"]
