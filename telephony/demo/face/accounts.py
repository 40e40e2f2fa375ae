"""Sections of manager.conf: who may log in, what he is told, what he may do."""

from dataclasses import dataclass
from typing import Final

CLASSES: Final = frozenset(
    [
        "system",
        "call",
        "log",
        "verbose",
        "command",
        "agent",
        "user",
        "config",
        "dtmf",
        "reporting",
        "cdr",
        "dialplan",
        "originate",
        "agi",
        "cc",
        "aoc",
        "test",
        "security",
        "message",
    ]
)


@dataclass(frozen=True, slots=True)
class Account:
    """`read` filters events, `write` actions."""

    username: str
    secret: str
    read: frozenset[str] = CLASSES
    write: frozenset[str] = CLASSES

    def may(self, classes: tuple[str, ...]) -> bool:
        """An action without classes is for everybody."""
        return not classes or not self.write.isdisjoint(classes)
