"""Asks a PBX whom it knows: every internal number with the name of its phone. For making users of them."""

import asyncio
import re
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from typing import Final

from telephony.ami import actions
from telephony.ami.dial import ConnectFailed
from telephony.ami.link import AmiLink
from telephony.check import numbers, phones
from telephony.check.asking import Asking, logged_in
from telephony.check.target import Target, target_of
from telephony.core.names import is_switch, known, resource_of
from telephony.models import Pbx

PATIENCE: Final = 30.0  # seconds for all questions together
LONGEST_NUMBER: Final = 10  # digits; longer names of endpoints are trunks
_NUMBER: Final = re.compile(rf"[0-9]{{1,{LONGEST_NUMBER}}}")
_CALLERID: Final = re.compile(r'\s*"?(?P<name>[^"<]*?)"?\s*(?:<(?P<number>[^>]*)>)?\s*')
_HARMFUL: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class Known:
    """One internal number. `name` and `phones` are what the PBX and the phones say of themselves: hostile text."""

    number: str
    name: str = ""
    phones: tuple[str, ...] = ()  # User-Agent of each registered phone
    hint: bool = True  # it has a hint: its state can be shown


async def ask(target: Target) -> tuple[Known, ...]:
    """By number. Raises ConnectFailed, LinkLost, LinkDown, TimeoutError."""
    async with asyncio.timeout(PATIENCE), AsyncExitStack() as stack:
        links: dict[str, AmiLink] = {"main": await stack.enter_async_context(logged_in(target.main))}
        for duty, account in target.accounts[1:]:
            with suppress(ConnectFailed):  # what only this account may ask stays unknown; the PBX check says so
                links[duty] = await stack.enter_async_context(logged_in(account))
        asking = Asking(links)
        hinted = {
            hint.number: [device for device in hint.devices if not is_switch(device)]
            for hint in await numbers.hints(asking) or ()
            if _NUMBER.fullmatch(hint.number)
        }
        found = {number: devices for number, devices in hinted.items() if devices}
        contacts = await phones.contacts(asking, tuple(found)) or ()
        for name in (*await _endpoints(asking), *(contact.number for contact in contacts)):
            if _NUMBER.fullmatch(name):  # trunks have words for names
                found.setdefault(name, [f"PJSIP/{name}"])
        agents: dict[str, list[str]] = {}
        for contact in contacts:
            agents.setdefault(contact.number, []).append(_clean(contact.user_agent))
        names = await asyncio.gather(*(_name(asking, number, devices) for number, devices in found.items()))
        return tuple(
            Known(number, name, tuple(agents.get(number, ())), number in hinted)
            for number, name in sorted(zip(found, names, strict=True), key=lambda item: (len(item[0]), item[0]))
        )


def known_numbers(pbx: Pbx) -> tuple[Known, ...]:
    """The same for those who may wait: a second or two, half a minute on a PBX that hangs."""
    return asyncio.run(ask(target_of(pbx)))


async def _endpoints(asking: Asking) -> list[str]:
    """Endpoints of chan_pjsip, registered or not. Needs write=system."""
    if not asking.may("PJSIPShowEndpoints"):
        return []
    events = await asking.collect(actions.pjsip_show_endpoints()) or ()
    return [event.get("ObjectName", "") for event in events]


async def _name(asking: Asking, number: str, devices: list[str]) -> str:
    """From the CallerID of its first phone; an endpoint whose CallerID only repeats the number has no name."""
    for device in devices:
        driver, name = device.partition("/")[0].upper(), resource_of(device)
        if not re.fullmatch(r"[0-9A-Za-z_.-]{1,80}", name):
            continue
        question = f"SIPPEER({name},callerid_name)" if driver == "SIP" else f"PJSIP_ENDPOINT({name},callerid)"
        if shown := name_of(await asking.value(question)):
            return "" if shown == number else shown
    return ""


def name_of(callerid: str) -> str:
    """`"Пётр Иванов" <101>` → `Пётр Иванов`. Empty: no name, or the PBX says that it knows none."""
    match = _CALLERID.fullmatch(_clean(callerid))
    return known(match["name"].strip()) if match else ""


def _clean(text: str) -> str:
    return _HARMFUL.sub("", text).strip()[:200]
