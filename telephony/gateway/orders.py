"""A command as it comes from the layer: everything in it is checked before it is believed."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from telephony.core.commands import Command, Hangup, Originate

LONGEST_TEXT = 150  # a linkedid


class OrderError(ValueError):
    """The message is no command; the text says what is wrong."""


@dataclass(frozen=True, slots=True)
class Order:
    """One `gateway.command` of docs/live-protocol.md. `deadline`: seconds since the epoch."""

    command_id: UUID
    reply: str
    user_id: int
    name: str
    command: Command
    deadline: float


def read_order(message: dict[str, Any]) -> Order:
    """Raises OrderError."""
    try:
        name, args = message["name"], message["args"]
        return Order(
            command_id=UUID(message["id"]),
            reply=_text(message["reply"]),
            user_id=int(message["user"]),
            name=_text(name),
            command=_command(name, args),
            deadline=float(message["deadline"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise OrderError(f"{type(error).__name__}: {error}") from error


def _command(name: str, args: dict[str, str]) -> Command:
    match name:
        case "originate":
            return Originate(_text(args["extension"]), _text(args["number"]))
        case "hangup":
            return Hangup(_text(args["extension"]), _text(args["call_id"]))
    raise OrderError("unknown command")


def _text(value: object) -> str:
    if not isinstance(value, str) or len(value) > LONGEST_TEXT:
        raise OrderError("not a short text")
    return value
