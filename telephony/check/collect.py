"""Asks a PBX everything the findings are made of."""

import time
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from typing import Final

from django.utils.translation import gettext as _

from telephony.ami.dial import ConnectFailed
from telephony.ami.errors import LinkDown, LinkLost
from telephony.ami.link import AmiLink
from telephony.ami.reasons import Reason
from telephony.check import address, calls, numbers, phones
from telephony.check.asking import Asking, logged_in
from telephony.check.facts import AccountFacts, Facts
from telephony.check.target import Target
from telephony.check.web import look_at_web

MAX_FILTERS: Final = 40  # eventfilter lines that are read
Say = Callable[[str], None]


async def collect(
    target: Target, *, internal: Sequence[str], own_number: str = "", say: Say = lambda _said: None
) -> Facts:
    """`internal`: the internal numbers in use. `say` is told in words what is being asked.

    Whatever the PBX does, there is a result.
    """
    now = datetime.now(UTC)
    wanted = tuple(dict.fromkeys((*internal, *((own_number,) if own_number else ()))))
    links: dict[str, AmiLink] = {}
    accounts: list[AccountFacts] = []
    async with AsyncExitStack() as stack:
        for duty, account in target.accounts:
            say(_("Logs in as %(name)s…") % {"name": account.username})
            try:
                links[duty] = await stack.enter_async_context(logged_in(account))
            except ConnectFailed as error:
                accounts.append(AccountFacts(duty, account.username, error.reason))
                if not links:  # the others go to the same door
                    return _unreached(target, accounts, now, own_number)
                continue
            accounts.append(AccountFacts(duty, account.username))
        try:
            return await _ask(target, Asking(links), accounts, now, wanted, own_number, say)
        except (LinkDown, LinkLost) as error:
            lost = AccountFacts(target.accounts[0][0], target.main.username, error.reason or Reason.LOST)
            return _unreached(target, [lost], now, own_number)


def _unreached(target: Target, accounts: list[AccountFacts], now: datetime, own_number: str) -> Facts:
    return Facts(
        accounts=tuple(accounts),
        at=now,
        kind=target.kind,
        transport=target.transport,
        dial_context=target.dial_context,
        own_address=address.towards(target.main.host, target.main.port),
        own_number=own_number,
    )


async def _ask(  # noqa: PLR0913, PLR0917 - the pieces of one function that would be too long
    target: Target,
    asking: Asking,
    accounts: list[AccountFacts],
    now: datetime,
    wanted: tuple[str, ...],
    own_number: str,
    say: Say,
) -> Facts:
    say(_("Asks for the rights…"))
    told = tuple([await _account(asking, account) for account in accounts])
    ahead = await _clock(asking)
    say(_("Asks for hints and phones…"))
    hints = await numbers.hints(asking)
    known = await numbers.numbers(asking, wanted, hints, target.dial_context)
    contacts = await phones.contacts(asking, wanted)
    say(_("Asks for parking lots and queues…"))
    lots = await calls.lots(asking, target.dial_context)
    queues, members = await calls.queues(asking)
    dialplan = await calls.dialplan(asking)
    say(_("Looks at the web server of the PBX…"))
    web = await look_at_web(asking, target)
    return Facts(
        accounts=told,
        at=now,
        kind=target.kind,
        transport=target.transport,
        dial_context=target.dial_context,
        context_exists=await numbers.exists(asking, target.dial_context),
        own_address=address.towards(target.main.host, target.main.port),
        own_number=own_number,
        clock_ahead=ahead,
        channelvars=await asking.setting("manager.conf", "general", "channelvars"),
        hints=hints,
        numbers=known,
        contacts=contacts,
        contacts_complete=asking.may("PJSIPShowContacts"),
        lots=lots,
        lot_configured=bool(await asking.setting("res_parking.conf", "default", "parkpos")),
        queues=queues,
        members=members,
        dialplan=dialplan,
        web=web,
    )


async def _account(asking: Asking, account: AccountFacts) -> AccountFacts:
    """What ListCommands said, and the account's lines of manager.conf as far as the PBX tells them."""
    link = asking.links.get(account.duty)
    if link is None:
        return account
    filters: list[str] = []
    while len(filters) < MAX_FILTERS:
        line = await asking.setting("manager.conf", account.username, "eventfilter", len(filters))
        if not line:
            break
        filters.append(line)
    return AccountFacts(
        duty=account.duty,
        username=account.username,
        commands=link.rights.commands,
        version=link.rights.version or await asking.value("VERSION()"),
        reads=_classes(await asking.setting("manager.conf", account.username, "read")),
        writes=_classes(await asking.setting("manager.conf", account.username, "write")),
        filters=tuple(filters),
    )


def _classes(line: str) -> frozenset[str] | None:
    """`call, agent,user` → its classes. Nothing: not told, or the line is missing."""
    found = frozenset(part.strip() for part in line.split(",") if part.strip())
    return found or None


async def _clock(asking: Asking) -> float | None:
    asked = time.time()
    value = await asking.value("EPOCH")
    if not value.isdecimal():
        return None
    middle = (asked + time.time()) / 2
    return int(value) + 0.5 - middle  # EPOCH is cut to whole seconds
