"""Asks for registered phones and what they call themselves."""

import asyncio
import re
from collections.abc import Iterable, Sequence
from typing import Final

from telephony.ami import actions, enquiries
from telephony.ami.wire import Message
from telephony.check.asking import Asking
from telephony.check.facts import ContactFacts

_SAFE: Final = re.compile(r"[0-9A-Za-z*#+._-]{1,80}")
_CONTACT: Final = re.compile(r"[0-9A-Za-z*#+._-]{1,80};@[0-9a-f]{32}")


def contacts_of(events: Iterable[Message]) -> tuple[ContactFacts, ...]:
    """ContactList events → registered phones; addresses that the configuration names (a trunk's) are left out."""
    found = []
    for event in events:
        number, registered, _hash = event.get("ObjectName", "").partition(";@")
        if registered and number:
            found.append(
                ContactFacts(number, event.get("Uri", ""), event.get("UserAgent", ""), event.get("Status", ""))
            )
    return tuple(sorted(found, key=lambda contact: (contact.number, contact.uri)))


async def contacts(asking: Asking, wanted: Sequence[str]) -> tuple[ContactFacts, ...] | None:
    """All registered phones of chan_pjsip and chan_sip; None: no account may ask, and no other way tells."""
    if not asking.may("PJSIPShowContacts"):
        return await _one_by_one(asking, wanted) or await _chan_sip(asking)
    modern = contacts_of(await asking.collect(actions.pjsip_show_contacts()) or ())
    return tuple(sorted((*modern, *(await _chan_sip(asking) or ())), key=lambda contact: (contact.number, contact.uri)))


async def _one_by_one(asking: Asking, wanted: Sequence[str]) -> tuple[ContactFacts, ...] | None:
    """Without write=system: the dialplan functions PJSIP_AOR and PJSIP_CONTACT tell the same of one number."""
    lists = await asyncio.gather(*(_of_aor(asking, number) for number in wanted if _SAFE.fullmatch(number)))
    found = tuple(contact for contacts in lists for contact in contacts)
    return found or None


async def _of_aor(asking: Asking, number: str) -> list[ContactFacts]:
    listed = (await asking.value(f"PJSIP_AOR({number},contact)")).split(",")
    found = []
    for contact in listed:
        if not _CONTACT.fullmatch(contact):
            continue
        uri, agent, status = [
            await asking.value(f"PJSIP_CONTACT({contact},{field})") for field in ("uri", "user_agent", "status")
        ]
        found.append(ContactFacts(number, uri, agent, status))
    return found


async def _chan_sip(asking: Asking) -> tuple[ContactFacts, ...] | None:
    """Registered peers of the old driver; None where it does not exist."""
    peers = await asking.collect(enquiries.sip_peers())
    if peers is None:
        return None
    there = [peer for peer in peers if peer.get("Dynamic") == "yes" and peer.get("IPaddress", "-none-") != "-none-"]
    told = await asyncio.gather(*(asking.send(enquiries.sip_show_peer(peer["ObjectName"])) for peer in there))
    return tuple(
        ContactFacts(
            peer["ObjectName"],
            answer.get("Reg-Contact", ""),
            answer.get("SIP-Useragent", ""),
            peer.get("Status", ""),
        )
        for peer, answer in zip(there, told, strict=True)
    )
