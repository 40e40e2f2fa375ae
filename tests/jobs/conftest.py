"""What the tests of jobs share: private databases, the worker thread of asgiref on them."""

from tests.databases import migrated_postgresql, migrated_sqlite, private_database
from tests.live.conftest import worker_thread
from tests.servers import postgresql

__all__ = ["migrated_postgresql", "migrated_sqlite", "postgresql", "private_database", "worker_thread"]
