"""Where a message goes: to the action that waits for it, else to everybody. The same over TCP and over HTTP."""

from collections.abc import Callable
from dataclasses import dataclass

from telephony.ami.pending import MARKER, PendingAction
from telephony.ami.wire import Message


@dataclass(frozen=True, slots=True)
class Hooks:
    """Who is told what. `on_event` and `on_data` get the time of arrival, seconds since the epoch."""

    on_event: Callable[[Message, float], None]
    on_data: Callable[[bytes, float], None]
    on_orphan: Callable[[], None]


def route(message: Message, received: float, waiting: dict[str, PendingAction], hooks: Hooks) -> None:
    """By its ActionID. `waiting` loses the action that is answered now.

    An OriginateResponse is news to everybody: it may be too late for the one who asked, or asked over another link.
    """
    action_id = message.get("ActionID")
    if action_id is None or not action_id.startswith(MARKER):
        if "Event" in message:
            hooks.on_event(message, received)
        else:
            hooks.on_orphan()
        return
    pending = waiting.get(action_id)
    for_everybody = message.get("Event") == "OriginateResponse"
    if pending is not None:
        if pending.add_message(message):
            del waiting[action_id]
    elif not for_everybody:
        hooks.on_orphan()
    if for_everybody:
        hooks.on_event(message, received)
