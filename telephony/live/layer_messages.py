"""What gateways and web processes say to each other over the channel layer (docs/live-protocol.md).

The layer is ours, yet a message of another version must not stop the hub: decoding raises ValueError, KeyError or
TypeError, which the hub counts and skips.
"""

import json
from dataclasses import asdict, dataclass
from typing import Any, Final

from telephony.core.commands import Command, Originate, Outcome
from telephony.core.enums import OutcomeKind
from telephony.live.replica import Audiences

RIGHTS_GROUP: Final = "live.rights"  # every hub listens: somebody's rights may have changed


def live_group(pbx_id: int) -> str:
    """Every hub that shows this PBX."""
    return f"live.{pbx_id}"


def gateway_group(pbx_id: int) -> str:
    """The gateways of this PBX; the one with the lease answers."""
    return f"gateway.{pbx_id}"


@dataclass(frozen=True, slots=True)
class Published:
    """A delta or a snapshot of a gateway."""

    pbx_id: int
    epoch: str
    seq: int
    body: Audiences


@dataclass(frozen=True, slots=True)
class Beat:
    """A gateway lives, and this is where it stands. `data_at`: last word from the PBX, epoch seconds."""

    pbx_id: int
    epoch: str
    seq: int
    data_at: float | None


def published(message: dict[str, Any]) -> Published:
    """Decode live.delta and live.snapshot."""
    body = json.loads(message["body"])
    if not isinstance(body, dict) or not all(isinstance(state, dict) for state in body.values()):
        raise TypeError("a body is an object of objects")
    return Published(int(message["pbx"]), str(message["epoch"]), int(message["seq"]), body)


def beat(message: dict[str, Any]) -> Beat:
    """Decode live.beat."""
    return Beat(int(message["pbx"]), str(message["epoch"]), int(message["seq"]), message["data_at"])


def outcome(message: dict[str, Any]) -> tuple[str, Outcome]:
    """Decode live.outcome: command id and what became of it."""
    result = Outcome(OutcomeKind(message["kind"]), str(message["reason"]), str(message["detail"]))
    return str(message["id"]), result


def command_name(command: Command) -> str:
    """The word on the wire and in the journal."""
    return "originate" if isinstance(command, Originate) else "hangup"


def command_args(command: Command) -> dict[str, str]:
    """The arguments on the wire and in the journal."""
    return asdict(command)


def gateway_command(command: Command, *, command_id: str, reply: str, user_id: int, deadline: float) -> dict[str, Any]:
    """Encode gateway.command. `deadline`: epoch seconds, after which it must not be carried out."""
    return {
        "type": "gateway.command",
        "id": command_id,
        "reply": reply,
        "user": user_id,
        "name": command_name(command),
        "args": command_args(command),
        "deadline": deadline,
    }


def gateway_snapshot(reply: str) -> dict[str, Any]:
    """Encode gateway.snapshot: please send the whole state to the channel `reply`."""
    return {"type": "gateway.snapshot", "reply": reply}


def gateway_retry() -> dict[str, Any]:
    """Encode gateway.retry: something was mended on the PBX, log in again now, also where it was denied."""
    return {"type": "gateway.retry"}


def rights_changed(user_id: int | None) -> dict[str, Any]:
    """Encode live.rights: look again what this user (None: everybody) may do."""
    return {"type": "live.rights", "user": user_id}
