"""What the log may hold of an address: Django logs the paths of refused requests, and some paths are keys."""

import logging
import re
from typing import Final

KEYS: Final = re.compile(r"/(setup|password)/[^\s'\"?]+")  # urls.py: one-time addresses


class WithoutKeys(logging.Filter):
    """`/setup/<token>/` → `/setup/-`, in whatever a line is filled with."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(KEYS.sub(r"/\1/-", part) if isinstance(part, str) else part for part in record.args)
        return True
