"""Three AMI accounts on real Asterisks: what each is for, and what the panel says when one of them does not work."""

import asyncio
import time

import pytest

from telephony.models import GatewayLease
from telephony.services import ask_retry
from tests.databases import migrated_postgresql, migrated_sqlite, private_database
from tests.gateway.conftest import layer
from tests.gateway.waiting import until
from tests.pbx.asterisk import Asterisk
from tests.pbx.gateway_desk import Desk, open_desk, three_accounts
from tests.pbx.office import Office
from tests.servers import postgresql, redis_server

__all__ = ["layer", "migrated_postgresql", "migrated_sqlite", "postgresql", "private_database", "redis_server"]

pytestmark = [
    pytest.mark.parametrize(
        "private_database", [pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True
    ),
    pytest.mark.parametrize("layer", [pytest.param("redis", marks=pytest.mark.redis)], indirect=True),
    pytest.mark.usefixtures("layer", "private_database"),
]
RINGS = ("done", "own_phone_rings", "")


async def commands(desk: Desk, reason: str) -> None:
    """Until the badge gives this reason why commands cannot be sent, and the state is read again."""

    def shown() -> bool:
        return desk.link().get("commands") == reason and desk.page.link() == ("up", "")

    await until(shown, f"commands: {reason or 'possible'}")


async def reported(desk: Desk, accounts: dict[str, dict[str, str]]) -> None:
    """Until `run_gateway --status` tells of these further accounts."""
    end = time.monotonic() + 60
    found = None
    while found != accounts and time.monotonic() < end:
        await asyncio.sleep(0.1)
        found = await desk.reader.run(lambda: GatewayLease.objects.get().status.get("accounts"), patience=60)
    assert found == accounts


async def dials(desk: Desk) -> tuple[str, str, str]:
    """101 clicks at 102; again, if the state is just read anew because another account has logged in."""
    outcome = ("refused", "link_down", "")
    while outcome == ("refused", "link_down", ""):
        await until(lambda: desk.page.link() == ("up", ""), "the link to be up")
        outcome = await desk.page.command(desk.user.pk, "originate", extension="101", number="102")
    return outcome


async def test_a_call_that_was_parked_before_is_shown_in_its_slot(asterisk: Asterisk, office: Office) -> None:
    """The listening account may not list parked calls (write=call); the control account is asked."""

    def park() -> None:
        client, own = office.phone("trunk"), office.phone("101")
        client.call("74951112244", clid="79161234567")
        own.answer()
        client.talks()
        own.blind_transfer("800")
        own.over()

    async with open_desk(three_accounts(asterisk), office, before=park) as desk:
        await until(lambda: "park:default:801" in desk.page.state("office"), "the slot to be shown")
        await desk.does("102", "call", "801")
        await desk.shows(_102="talking")
        await until(lambda: "park:default:801" not in desk.page.state("office"), "the slot to be free")
        await desk.does("102", "hang_up")
        await desk.shows(_102="free")


async def test_a_wrong_password_for_commands_leaves_the_events_alone(asterisk: Asterisk, office: Office) -> None:
    pbx = three_accounts(asterisk)
    pbx.control_secret = "wrong"
    async with open_desk(pbx, office) as desk:
        await commands(desk, "denied")
        await desk.does("102", "call", "103")
        await desk.does("103", "answer")
        await desk.shows(_102="talking", _103="talking")
        await desk.does("103", "hang_up")
        await desk.shows(_102="free", _103="free")
        assert await dials(desk) == ("refused", "commands_down", "denied")
        assert desk.page.link() == ("up", "")
        await desk.save(control_secret=asterisk.secret)
        await commands(desk, "")
        assert await dials(desk) == RINGS
        await desk.does("101", "reject")
        await desk.shows(_101="free")
        await desk.save(control_username="", control_secret="")  # now the listener has to do it, and may not
        await reported(desk, {"phone": {"state": "up", "reason": ""}})
        assert await dials(desk) == ("refused", "pbx_no_right", "Permission denied")


async def test_an_account_that_is_mended_on_the_pbx_is_tried_again(asterisk: Asterisk, office: Office) -> None:
    """Nothing has changed in the portal: somebody presses "try again"."""
    pbx = three_accounts(asterisk)
    pbx.control_username = "late"
    async with open_desk(pbx, office) as desk:
        await commands(desk, "denied")
        settings = asterisk.inside / "etc/manager.conf"
        before = settings.read_text()
        try:
            added = f"\n[late]\nsecret = {asterisk.secret}\nread = call\nwrite = call,originate\n"
            settings.write_text(before + added)
            office.ami.do("Command", Command="manager reload")
            await desk.reader.run(lambda: ask_retry(pbx_id=desk.pbx.pk), patience=60)
            await commands(desk, "")
            assert await dials(desk) == RINGS
            await desk.does("101", "reject")
            await desk.shows(_101="free")
        finally:
            settings.write_text(before)
            office.ami.do("Command", Command="manager reload")
