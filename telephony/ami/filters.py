"""Keeps noise from being sent at all: event filters of our own session, set after each login."""

import re
from typing import Final

from telephony.ami import actions
from telephony.ami.errors import ActionFailed, ActionTimeout
from telephony.ami.exchange import Exchange
from telephony.ami.rights import Rights

_BY_NAME_SINCE: Final = {18: 26, 20: 11, 21: 6, 22: 1}

# A minute with three calls gave 880 events, 475 of them of these kinds. Never excluded: what is wanted by name.
NOISE: Final = (
    "VarSet",
    "CEL",
    "Cdr",
    "Newexten",
    "TestEvent",
    "RTCPSent",
    "RTCPReceived",
    "DTMFBegin",
    "DTMFEnd",
    "MusicOnHoldStart",
    "MusicOnHoldStop",
    "ChannelTalkingStart",
    "ChannelTalkingStop",
    "ChallengeSent",
    "SuccessfulAuth",
)


def noise(wanted: frozenset[str] | None) -> tuple[str, ...]:
    """What to exclude, given the events that are wanted (None = all: nothing)."""
    return () if wanted is None else tuple(name for name in NOISE if name not in wanted)


def legacy_expression(names: tuple[str, ...]) -> str:
    """One regular expression for all names. It sees the event from `Event: ` on."""
    return f"!^Event: ({'|'.join(names)})[[:space:]]"


def filters_by_name(version: str) -> bool:
    """True if this Asterisk knows MatchCriteria. An older one says "Success" to it as well, so asking does not tell."""
    found = re.match(r"(\d+)\.(\d+)", version)
    if found is None:
        return False
    major, minor = int(found[1]), int(found[2])
    return major > 22 or minor >= _BY_NAME_SINCE.get(major, minor + 1)


async def exclude(exchange: Exchange, names: tuple[str, ...], rights: Rights, seconds: float) -> bool:
    """Set the filters. True if the PBX took them.

    A filter is a saving only, `wire` drops the same events: an account without write=system changes nothing.
    """
    if not names or "Filter" not in rights.commands:
        return False
    if filters_by_name(rights.version):
        filters = [actions.filter_exclude(name) for name in names]
    else:
        filters = [actions.filter_legacy(legacy_expression(names))]
    try:
        for action in filters:
            await exchange.send(action, seconds)
    except (ActionFailed, ActionTimeout):
        return False
    return True
