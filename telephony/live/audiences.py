"""The names of audiences: the unit of permission and of encoding (docs/live-protocol.md, "Audiences")."""

from typing import Final

from telephony.core.commands import dialable

OFFICE: Final = "office"
BOARD: Final = "board"
_EXTENSION: Final = "ext/"


def extension_audience(number: str) -> str:
    """The calls of one extension."""
    return _EXTENSION + number


def extension_of(audience: str) -> str | None:
    """The number behind `ext/<number>`; None for every other audience."""
    return audience.removeprefix(_EXTENSION) if audience.startswith(_EXTENSION) else None


def is_audience(name: str) -> bool:
    """A name the protocol knows. Extensions are numbers: what may be dialled."""
    number = extension_of(name)
    return name in {OFFICE, BOARD} if number is None else dialable(number)
