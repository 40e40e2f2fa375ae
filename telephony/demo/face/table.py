"""The table of actions: name, what ListCommands says of it, who may use it, what it does."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from telephony.demo.face.request import Request
    from telephony.demo.face.session import Session

Run = Callable[["Session", "Request"], None]


@dataclass(frozen=True, slots=True)
class ActionEntry:
    """`classes`: any one of them in the account's `write` is enough; empty = for everybody."""

    name: str
    about: str
    classes: tuple[str, ...]
    run: Run


ACTIONS: Final[dict[str, ActionEntry]] = {}


def action(name: str, about: str, *classes: str) -> Callable[[Run], Run]:
    """Register a function as the action of that name."""

    def register(run: Run) -> Run:
        ACTIONS[name.lower()] = ActionEntry(name, about, classes, run)
        return run

    return register
