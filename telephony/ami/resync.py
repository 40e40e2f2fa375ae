"""Reads the whole state of a PBX through its list actions."""

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from typing import Final

from telephony.ami import actions
from telephony.ami.actions import Action
from telephony.ami.errors import ActionFailed, AmiError
from telephony.ami.link import AmiLink
from telephony.ami.wire import Message
from telephony.core.snapshot import PbxSnapshot

LISTS: Final[dict[str, Action]] = {  # field of PbxSnapshot → what fills it
    "hints": actions.extension_state_list(),
    "channels": actions.core_show_channels(),
    "bridges": actions.bridge_list(),
    "queues": actions.queue_status(),
    "parked": actions.parked_calls(),
    "devices": actions.device_state_list(),
}


async def load_snapshot(link: AmiLink, *helpers: AmiLink) -> PbxSnapshot:
    """Six list actions at once; Asterisk answers them one after the other.

    One that is refused (no right, no such module) is asked of the helpers: log-ins of other accounts at the same PBX.
    If none of them may ask either, it is empty and its action is named in `missing`.
    Raises ActionTimeout, LinkDown, LinkLost of `link`: then nothing is known and the link starts again.
    """
    try:
        async with asyncio.TaskGroup() as group:
            tasks = {field: group.create_task(_collect(link, action, helpers)) for field, action in LISTS.items()}
    except ExceptionGroup as failures:  # the first is the cause, the others fell with it
        raise failures.exceptions[0] from None
    found = {field: task.result() for field, task in tasks.items()}
    missing = tuple(LISTS[field].name for field, events in found.items() if events is None)
    return PbxSnapshot(**{field: events or () for field, events in found.items()}, missing=missing)


async def _collect(link: AmiLink, action: Action, helpers: Iterable[AmiLink]) -> tuple[Message, ...] | None:
    """None if the PBX refuses it to all of them."""
    with suppress(ActionFailed):
        return await link.collect(action)
    for helper in helpers:
        if action.name in helper.rights.commands:
            with suppress(AmiError):
                return await helper.collect(action)
    return None
