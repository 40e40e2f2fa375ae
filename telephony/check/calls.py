"""Asks for parking lots, queues and what the dialplan does with calls."""

import re
from typing import Final

from telephony.ami import actions, enquiries
from telephony.check import numbers
from telephony.check.asking import Asking
from telephony.check.facts import DialplanFacts, LotFacts, MemberFacts

_INTERFACE: Final = re.compile(r"(?:PJSIP|SIP|IAX2|Local|SCCP)/([0-9A-Za-z*#+._-]+)", re.IGNORECASE)


def number_of(interface: str) -> str:
    """`PJSIP/101`, `Local/101@from-queue/n` → 101; empty for what is no extension's device."""
    found = _INTERFACE.match(interface)
    return found[1] if found else ""


async def lots(asking: Asking, context: str) -> tuple[LotFacts, ...] | None:
    """Parking lots; None: nobody may ask, or the PBX has no parking."""
    events = await asking.collect(actions.parking_lots())
    if events is None:
        return None
    return tuple(
        sorted(
            [
                LotFacts(
                    event.get("Name", ""),
                    event.get("StartSpace", ""),
                    event.get("StopSpace", ""),
                    event.get("Timeout", ""),
                    await numbers.exists(asking, context, event.get("StartSpace", "")),
                )
                for event in events
            ],
            key=lambda lot: lot.name,
        )
    )


async def queues(asking: Asking) -> tuple[tuple[str, ...] | None, tuple[MemberFacts, ...]]:
    """Names of the queues, and their members."""
    events = await asking.collect(actions.queue_status())
    if events is None:
        return None, ()
    names = {event.get("Queue", "") for event in events if event["Event"] == "QueueParams"}
    members = {_member(event) for event in events if event["Event"] == "QueueMember"}
    return tuple(sorted(names)), tuple(sorted(members, key=lambda member: (member.queue, member.interface)))


def _member(event: dict[str, str]) -> MemberFacts:
    interface = event.get("Location") or event.get("Interface", "")
    number = number_of(interface) or number_of(event.get("StateInterface", ""))
    return MemberFacts(event.get("Queue", ""), event.get("Name", ""), interface, number)


async def dialplan(asking: Asking) -> DialplanFacts | None:
    """The whole dialplan, of which little is kept."""
    events = await asking.collect(enquiries.show_dialplan())
    if not events:
        return None
    return DialplanFacts(
        contexts=frozenset(event["Context"] for event in events if event.get("Context")),
        recordings=tuple(
            sorted({event.get("AppData", "") for event in events if event.get("Application") == "MixMonitor"})
        ),
        hint_contexts=frozenset(event["Context"] for event in events if event.get("Priority") == "hint"),
    )
