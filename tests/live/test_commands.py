"""From a click to its outcome: refused here, answered by the gateway, timed out; and the journal."""

import asyncio
from typing import Any

import pytest
from channels.db import database_sync_to_async

from telephony.live import command_bus
from telephony.models import ActionLog
from tests.live.browser import PATIENCE
from tests.live.conftest import Office
from tests.live.gateway import StandInGateway

DIAL = {"t": "command", "id": "c1", "name": "originate", "args": {"extension": "101", "number": "102"}}


@database_sync_to_async
def journal() -> list[tuple[Any, ...]]:
    """What was written, oldest first."""
    rows = ActionLog.objects.order_by("id").values_list("user__username", "name", "args", "outcome", "reason")
    return list(rows)


async def ready_page(browse: Any, user: Any) -> Any:
    """Joined, so that the hub knows the PBX."""
    page = await browse(user)
    await page.get()
    await page.send({"t": "join", "audiences": ["office"]})
    await page.until(t="snapshot")
    return page


async def test_carried_out_by_the_gateway(office: Office, gateway: StandInGateway, browse: Any) -> None:
    page = await ready_page(browse, office.operator)
    await page.send(DIAL)
    command = await asyncio.wait_for(gateway.commands.get(), PATIENCE)
    assert (command["user"], command["name"], command["args"]) == (
        office.operator.pk,
        "originate",
        {"extension": "101", "number": "102"},
    )
    await gateway.answer(command, "done", "own_phone_rings", "<Success>")
    assert await page.get() == {
        "t": "outcome",
        "id": "c1",
        "kind": "done",
        "reason": "own_phone_rings",
        "text": "Your phone rings: lift it.",
        "detail": "<Success>",
    }
    assert await journal() == []  # the gateway's own business


@pytest.mark.parametrize(
    ("who", "name", "args", "reason"),
    [
        ("operator", "originate", {"extension": "102", "number": "101"}, "not_your_number"),
        ("supervisor", "originate", {"extension": "101", "number": "102"}, "not_your_number"),
        ("operator", "originate", {"extension": "101", "number": "12;rm"}, "not_dialable"),
        ("operator", "originate", {"extension": "101", "number": "101"}, "own_number"),
        ("operator", "originate", {"extension": "101", "number": "107"}, "colleague_off"),
        ("operator", "originate", {"extension": "101", "number": "108"}, "colleague_busy"),
        ("operator", "hangup", {"extension": "101", "call_id": "9.9"}, "no_such_call"),
        ("operator", "hangup", {"extension": "102", "call_id": "2.2"}, "not_your_number"),
        ("supervisor", "hangup", {"extension": "102", "call_id": "2.2"}, "not_your_number"),
    ],
)
async def test_refused_at_once(
    office: Office, gateway: StandInGateway, browse: Any, *, who: str, name: str, args: dict[str, str], reason: str
) -> None:
    await gateway.publish(
        office={"ext:107": {"state": "off"}, "ext:108": {"state": "talking"}},
        ext_101={"call:1.1": {}},
        ext_102={"call:2.2": {}},
    )
    user = getattr(office, who)
    page = await ready_page(browse, user)
    await page.send({"t": "command", "id": "c1", "name": name, "args": args})
    outcome = await page.until(t="outcome")
    assert (outcome["kind"], outcome["reason"], bool(outcome["text"])) == ("refused", reason, True)
    assert await journal() == [(user.username, name, args, "refused", reason)]
    assert gateway.commands.empty()


async def test_the_right_is_looked_up_at_the_act(office: Office, gateway: StandInGateway, browse: Any) -> None:
    """A number taken away behind the models' back: the open page does not know yet, the command is refused."""
    page = await ready_page(browse, office.operator)
    await database_sync_to_async(office.operator.contact_info.all().update)(user=office.colleague, is_main=False)
    await page.send(DIAL)
    assert (await page.until(t="outcome"))["reason"] == "not_your_number"


async def test_no_link_no_command(office: Office, gateway: StandInGateway, browse: Any) -> None:
    page = await ready_page(browse, office.operator)
    await gateway.publish(office={"link": {"state": "down", "reason": "lost", "data_at": 1.0}})
    await page.until(t="delta")
    await page.send(DIAL)
    outcome = await page.until(t="outcome")
    assert (outcome["kind"], outcome["reason"]) == ("refused", "link_down")


async def test_no_answer_is_an_outcome_too(
    office: Office, gateway: StandInGateway, browse: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command_bus, "DEADLINE", 0.2)
    monkeypatch.setattr(command_bus, "GRACE", 0.0)
    page = await ready_page(browse, office.operator)
    await page.send(DIAL)
    command = await asyncio.wait_for(gateway.commands.get(), PATIENCE)
    outcome = await page.until(t="outcome")
    assert (outcome["kind"], outcome["reason"]) == ("timed_out", "gateway_silent")
    assert await journal() == [(office.operator.username, "originate", DIAL["args"], "timed_out", "gateway_silent")]
    await gateway.answer(command, "done")  # too late: ignored, and nothing breaks
    await page.send({"t": "ping"})
    assert (await page.until(t="pong"))["t"] == "pong"


async def test_one_id_one_command(office: Office, gateway: StandInGateway, browse: Any) -> None:
    page = await ready_page(browse, office.operator)
    await page.send(DIAL)
    await page.send(DIAL)
    assert (await page.until(t="error"))["reason"] == "duplicate_command"
    await gateway.answer(await asyncio.wait_for(gateway.commands.get(), PATIENCE), "done")
    assert (await page.until(t="outcome"))["kind"] == "done"
    assert gateway.commands.empty()


async def test_a_closed_page_does_not_stop_its_command(office: Office, gateway: StandInGateway, browse: Any) -> None:
    page = await ready_page(browse, office.operator)
    await page.send(DIAL)
    command = await asyncio.wait_for(gateway.commands.get(), PATIENCE)
    await page.close()
    await gateway.answer(command, "done")
    again = await ready_page(browse, office.operator)
    await again.send({"t": "ping"})
    assert (await again.until(t="pong"))["t"] == "pong"


async def test_commands_are_rationed(office: Office, gateway: StandInGateway, browse: Any) -> None:
    page = await ready_page(browse, office.operator)
    for number in range(21):
        await page.send({**DIAL, "id": f"c{number}"})
    outcome = await page.until(t="outcome", id="c20")
    assert (outcome["kind"], outcome["reason"]) == ("refused", "too_many_commands")
