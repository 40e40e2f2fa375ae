"""Every message of the live protocol, both ways, in one place (docs/live-protocol.md).

What a browser sends is untrusted: it becomes one of the values below, or BadMessageError with a reason. No text of
the browser's is echoed except the command id, whose alphabet is narrow.
"""

import json
import re
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Final

from telephony.core.commands import Command, Hangup, Originate, Outcome, dialable
from telephony.live.audiences import is_audience
from telephony.live.edge_reasons import EdgeReason
from telephony.live.frames import Frame
from telephony.live.replica import State

PROTOCOL: Final = 1
MAX_BYTES: Final = 16 * 1024  # of one message from a browser
MAX_AUDIENCES: Final = 32  # in one join
MAX_NUMBER: Final = 64  # characters somebody may ask to dial; the rules then refuse with words what cannot be dialled
BAD_MESSAGES: Final = 10  # that many close the socket
COMMAND_ID: Final = re.compile(r"[A-Za-z0-9_.:-]{1,64}")
CALL_ID: Final = re.compile(r"[\x21-\x7e]{1,150}")  # a linkedid: printable, no spaces


class CloseCode(IntEnum):
    """Why the server closed the socket."""

    BAD_MESSAGES = 4400
    NOT_LOGGED_IN = 4401
    NO_LICENCE = 4402  # no valid licence key, or no seat
    NO_PANEL = 4403  # not a panel user, or switched off
    NOT_READING = 4408  # reads nothing, yet goes on asking
    STOPPING = 4410
    TOO_LARGE = 4413


class BadMessageError(Exception):
    """A message from a browser that the protocol does not know."""

    def __init__(self, reason: EdgeReason) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Join:
    """Read these audiences."""

    audiences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ack:
    """`seq` frames have been received in all."""

    seq: int


@dataclass(frozen=True, slots=True)
class Ask:
    """A command, with the id under which its outcome is to come."""

    id: str
    command: Command


@dataclass(frozen=True, slots=True)
class Ping:
    """Answer me."""


Inbound = Join | Ack | Ask | Ping


def decode(text: str) -> Inbound:
    """A browser's frame as a value, or BadMessageError."""
    try:
        message = json.loads(text)
    except (ValueError, RecursionError):
        raise BadMessageError(EdgeReason.NOT_JSON) from None
    if not isinstance(message, dict):
        raise BadMessageError(EdgeReason.UNKNOWN_MESSAGE)
    match message:
        case {"t": "ack", "seq": int(seq), **rest} if not rest and not isinstance(seq, bool) and seq >= 0:
            return Ack(seq)
        case {"t": "ping", **rest} if not rest:
            return Ping()
        case {"t": "join", "audiences": list(names), **rest} if not rest:
            return Join(_audiences(names))
        case {"t": "command", "id": str(command_id), "name": str(name), "args": dict(args), **rest} if not rest:
            if COMMAND_ID.fullmatch(command_id) is None:
                raise BadMessageError(EdgeReason.BAD_FIELDS)
            return Ask(command_id, _command(name, args))
        case {"t": "ack" | "ping" | "join" | "command"}:
            raise BadMessageError(EdgeReason.BAD_FIELDS)
    raise BadMessageError(EdgeReason.UNKNOWN_MESSAGE)


def _audiences(names: list[Any]) -> tuple[str, ...]:
    if not 1 <= len(names) <= MAX_AUDIENCES:
        raise BadMessageError(EdgeReason.BAD_FIELDS)
    for name in names:
        if not isinstance(name, str) or not is_audience(name):
            raise BadMessageError(EdgeReason.UNKNOWN_AUDIENCE)
    return tuple(dict.fromkeys(names))


def _command(name: str, args: dict[str, Any]) -> Command:
    match name, args:
        case "originate", {"extension": str(extension), "number": str(number), **rest} if not rest:
            if not dialable(extension) or len(number) > MAX_NUMBER:
                raise BadMessageError(EdgeReason.BAD_FIELDS)
            return Originate(extension, number)
        case "hangup", {"extension": str(extension), "call_id": str(call_id), **rest} if not rest:
            if not dialable(extension) or CALL_ID.fullmatch(call_id) is None:
                raise BadMessageError(EdgeReason.BAD_FIELDS)
            return Hangup(extension, call_id)
        case "originate" | "hangup", _:
            raise BadMessageError(EdgeReason.BAD_FIELDS)
    raise BadMessageError(EdgeReason.UNKNOWN_COMMAND)


def hello(user_id: int, now: float) -> Frame:
    """At once after connecting."""
    return Frame({"t": "hello", "protocol": PROTOCOL, "user": user_id, "now": now})


def snapshot(audience: str, epoch: str, seq: int, state: State) -> Frame:
    """The whole of an audience."""
    return Frame({"t": "snapshot", "audience": audience, "epoch": epoch, "seq": seq, "state": state})


def delta(audience: str, epoch: str, seq: int, changed: State) -> Frame:
    """What changed in an audience; null = gone."""
    return Frame({"t": "delta", "audience": audience, "epoch": epoch, "seq": seq, "set": changed})


def refused(audience: str, reason: str, text: str) -> Frame:
    """The audience may not be read (any more)."""
    return Frame({"t": "refused", "audience": audience, "reason": reason, "text": text})


def outcome(command_id: str, result: Outcome, text: str) -> Frame:
    """What became of a command."""
    return Frame(
        {
            "t": "outcome",
            "id": command_id,
            "kind": result.kind,
            "reason": result.reason,
            "text": text,
            "detail": result.detail,
        }
    )


def error(reason: str, text: str) -> Frame:
    """A bad message."""
    return Frame({"t": "error", "reason": reason, "text": text})


def pong(now: float) -> Frame:
    """The answer to a ping."""
    return Frame({"t": "pong", "now": now})
