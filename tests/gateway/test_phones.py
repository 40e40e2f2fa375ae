"""Registered phones reach the database: as a list after the log-in, then as they come and go."""

from typing import Any

from telephony.demo.face.accounts import Account
from telephony.models import PhoneContact
from tests.gateway.office import SECRET, Office, gateway
from tests.gateway.waiting import until

THERE = "NonQualified"
ADDRESS = {number: f"sip:{number}@10.0.0.{int(number) % 250 + 1}:5060" for number in ("101", "102", "103", "104")}


def phones() -> list[tuple[Any, ...]]:
    return list(PhoneContact.objects.values_list("number", "uri", "registered", "status", "user_agent"))


async def test_phones_come_and_go(office: Office) -> None:
    office.building.phones["101"].device.user_agent = "Yealink <b>\x00T46U"
    async with gateway():
        first = ("101", ADDRESS["101"], True, THERE, "Yealink <b>T46U")
        others = [(number, ADDRESS[number], True, THERE, "") for number in ("102", "103")]
        await office.until_read(phones, [first, *others])
        office.building.phones["104"].register(ADDRESS["104"])
        await office.until_read(phones, [first, *others, ("104", ADDRESS["104"], True, THERE, "")])
        office.building.phones["101"].unregister()
        gone = ("101", ADDRESS["101"], False, THERE, "Yealink <b>T46U")
        await office.until_read(phones, [gone, *others, ("104", ADDRESS["104"], True, THERE, "")])
        assert office.page.link() == ("up", "")


async def test_an_account_that_may_not_ask_for_the_list_learns_from_events(office: Office) -> None:
    office.server.accounts["astpanel"] = Account(
        "astpanel", SECRET, read=frozenset({"call", "agent", "user", "system"}), write=frozenset({"call", "reporting"})
    )
    phone = office.building.phones["104"]
    async with gateway():
        await until(lambda: office.page.link() == ("up", ""), "the link to be up")
        phone.register(ADDRESS["104"])
        await office.until_read(phones, [("104", ADDRESS["104"], True, THERE, "")])
        phone.unregister()
        await office.until_read(phones, [("104", ADDRESS["104"], False, "Removed", "")])


async def test_phones_are_read_again_after_the_link_was_lost(office: Office) -> None:
    """A phone that logged out meanwhile is not registered any more."""
    async with gateway():
        every = [(number, ADDRESS[number], True, THERE, "") for number in ("101", "102", "103")]
        await office.until_read(phones, every)
        office.server.drop_all()
        office.building.phones["102"].unregister()
        await office.until_read(phones, [every[0], ("102", ADDRESS["102"], False, THERE, ""), every[2]])


async def test_the_account_for_phones_asks_for_the_list(office: Office) -> None:
    """The listening account may not."""
    listen, control = frozenset({"call", "agent", "user", "system"}), frozenset({"call", "originate", "agent"})
    accounts = (
        Account("listen", SECRET, read=listen, write=frozenset({"reporting"})),
        Account("control", SECRET, read=frozenset({"call"}), write=control),
        Account("phones", SECRET, read=frozenset(), write=frozenset({"system"})),
    )
    office.server.accounts |= {account.username: account for account in accounts}
    office.pbx.username, office.pbx.control_username, office.pbx.phone_username = "listen", "control", "phones"
    office.pbx.control_secret = office.pbx.phone_secret = SECRET
    await office.read(office.pbx.save)
    async with gateway():
        every = [(number, ADDRESS[number], True, THERE, "") for number in ("101", "102", "103")]
        await office.until_read(phones, every)
