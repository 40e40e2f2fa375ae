"""A private PostgreSQL server for the tests that need one whatever the suite runs on."""

from tests.servers import postgresql

__all__ = ["postgresql"]
