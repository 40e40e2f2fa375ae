"""All scenarios of all files."""

from tests.pbx.scenarios import ALL, basic, desk, groups, parking, queues, transfers, trouble

__all__ = ["ALL", "basic", "desk", "groups", "parking", "queues", "transfers", "trouble"]
