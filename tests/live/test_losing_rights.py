"""A right lost while the page is open: taken away at once, or by the periodic look."""

from collections.abc import Callable
from typing import Any

import pytest
from channels.db import database_sync_to_async
from django.contrib.auth.models import Group, Permission
from django.contrib.sessions.models import Session
from django.db import transaction
from django.test import Client

from astpanel.accounts.models import PanelUser
from telephony.live.hub import Hub
from telephony.models import Pbx
from tests.factories import ContactInfoFactory, InternalKindFactory, PbxFactory
from tests.live.conftest import Office
from tests.live.gateway import StandInGateway


async def joined(browse: Any, user: PanelUser, *audiences: str) -> Any:
    """A page that reads these."""
    page = await browse(user)
    await page.get()
    await page.send({"t": "join", "audiences": list(audiences)})
    for _ in audiences:
        assert (await page.get())["t"] == "snapshot"
    return page


def switch_off(user: PanelUser, _: str) -> None:
    user.is_active = False
    user.save()


def take_seat(user: PanelUser, _: str) -> None:
    user.in_use = False
    user.save()


def delete(user: PanelUser, _: str) -> None:
    user.delete()


def log_out(user: PanelUser, session: str) -> None:
    client = Client()
    client.cookies["sessionid"] = session
    client.post("/logout/")


def change_password(user: PanelUser, _: str) -> None:
    user.set_password("another one")
    user.save()


@pytest.mark.parametrize(
    ("how", "code"),
    [(switch_off, 4403), (take_seat, 4403), (delete, 4401), (log_out, 4401), (change_password, 4401)],
    ids=lambda value: getattr(value, "__name__", value),
)
async def test_the_socket_is_closed(
    office: Office, gateway: StandInGateway, browse: Any, how: Callable[[PanelUser, str], None], code: int
) -> None:
    other = await joined(browse, office.colleague, "office")
    page = await joined(browse, office.operator, "office", "ext/101")
    await database_sync_to_async(how)(office.operator, page.session)
    assert await page.until(closed=code) == {"closed": code}
    await gateway.publish(office={"ext:101": {"state": "off"}})
    assert (await other.until(t="delta"))["set"] == {"ext:101": {"state": "off"}}


def withdraw_directly(user: PanelUser) -> None:
    user.user_permissions.clear()


def withdraw_group(user: PanelUser) -> None:
    user.groups.clear()


def withdraw_from_group(user: PanelUser) -> None:
    Group.objects.get(name="supervisors").permissions.clear()


@pytest.mark.parametrize("how", [withdraw_directly, withdraw_group, withdraw_from_group])
async def test_no_supervisor_any_more(
    office: Office, gateway: StandInGateway, browse: Any, how: Callable[[PanelUser], None]
) -> None:
    def through_group() -> None:
        right = Permission.objects.get(codename="supervise")
        office.supervisor.user_permissions.clear()
        group = Group.objects.create(name="supervisors")
        group.permissions.add(right)
        office.supervisor.groups.add(group)

    if how is not withdraw_directly:
        await database_sync_to_async(through_group)()
    page = await joined(browse, office.supervisor, "office", "board")
    await database_sync_to_async(how)(office.supervisor)
    frame = await page.until(t="refused")
    assert (frame["audience"], frame["reason"]) == ("board", "not_supervisor")
    await gateway.publish(board={"call:1": {}}, office={"ext:101": {}})
    assert (await page.get())["audience"] == "office"


async def test_another_number(office: Office, gateway: StandInGateway, browse: Any) -> None:
    page = await joined(browse, office.operator, "ext/101")

    def renumber() -> None:
        row = office.operator.contact_info.get()
        row.value = "105"
        row.save()

    await database_sync_to_async(renumber)()
    frame = await page.until(t="refused")
    assert (frame["audience"], frame["reason"]) == ("ext/101", "not_your_number")
    await page.send({"t": "join", "audiences": ["ext/105"]})
    assert (await page.until(t="snapshot"))["audience"] == "ext/105"


async def test_a_number_that_was_given_can_be_joined(office: Office, gateway: StandInGateway, browse: Any) -> None:
    page = await joined(browse, office.operator, "office")

    def give() -> None:
        ContactInfoFactory(user=office.operator, kind=InternalKindFactory(), value="205")

    await database_sync_to_async(give)()
    await page.send({"t": "join", "audiences": ["ext/205"]})
    assert (await page.until(t="snapshot", audience="ext/205"))["state"] == {}


async def test_another_pbx(office: Office, gateway: StandInGateway, browse: Any) -> None:
    """The page goes over to the new PBX by itself."""
    page = await joined(browse, office.operator, "office")

    def move() -> Pbx:
        pbx: Pbx = PbxFactory()
        office.operator.pbx = pbx
        office.operator.save()
        return pbx

    other = await database_sync_to_async(move)()
    async with StandInGateway(other.pk, epoch="g2") as second:
        assert (await page.until(t="snapshot", epoch="g2"))["state"] == second.state["office"]


async def test_no_pbx_any_more(office: Office, gateway: StandInGateway, browse: Any) -> None:
    page = await joined(browse, office.operator, "office")

    def disable() -> None:
        office.pbx.enabled = False
        office.pbx.save()

    await database_sync_to_async(disable)()
    assert (await page.until(t="refused"))["reason"] == "no_pbx"


async def test_nothing_is_announced_before_the_commit(office: Office, gateway: StandInGateway, browse: Any) -> None:
    page = await joined(browse, office.operator, "office")

    def rolled_back() -> None:
        with transaction.atomic():
            take_seat(office.operator, "")
            transaction.set_rollback(True)

    await database_sync_to_async(rolled_back)()
    await page.send({"t": "ping"})
    assert (await page.until(t="pong"))["t"] == "pong"


async def test_the_periodic_look_finds_what_was_not_announced(
    office: Office, gateway: StandInGateway, browse: Any, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("telephony.live.rights.PERIOD", 0.0)
    page = await joined(browse, office.operator, "office")
    await database_sync_to_async(Session.objects.all().update)(expire_date="2001-01-01T00:00:00Z")
    assert await page.until(closed=4401) == {"closed": 4401}
