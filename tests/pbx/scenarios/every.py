"""All scenarios of all files."""

from tests.pbx.scenarios import ALL, basic

__all__ = ["ALL", "basic"]
