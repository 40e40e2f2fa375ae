"""Calls as people make them, one function each: `office` is a driver (see tests/pbx/driver.py).

The story is the truth in words that a recording's table is reviewed against. Numbers: 101–106 desks, `trunk` everybody
outside, 90/91/92/93 queues, 95/96 ring groups, 21xx/31xx a desk behind a Local channel (optimised away / kept).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from tests.pbx.driver import Driver

Play = Callable[[Driver], None]


@dataclass(frozen=True, slots=True)
class Scenario:
    """One situation."""

    name: str
    story: str
    play: Play
    versions: tuple[str, ...] = ("22", "16")
    connected: bool = True  # False: the eye comes later, when the scenario says so


ALL: Final[dict[str, Scenario]] = {}


def scenario(story: str, *, versions: tuple[str, ...] = ("22", "16"), connected: bool = True) -> Callable[[Play], Play]:
    """Register a function as a scenario of its own name."""

    def register(play: Play) -> Play:
        name = play.__name__
        if name in ALL:
            raise ValueError(f"two scenarios are called {name}")
        ALL[name] = Scenario(name, " ".join(story.split()), play, versions, connected)
        return play

    return register
