"""What goes wrong around a running gateway: settings change, events are lost, the layer is away, our own defects."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from pytest_django.fixtures import Settings

from telephony.core.reducer import HANDLERS
from telephony.models import CallRecord, GatewayLease, Pbx
from tests.gateway.office import Office, gateway
from tests.gateway.waiting import until
from tests.servers import Redis

MEMORY = pytest.mark.parametrize("layer", ["memory"], indirect=True)
REDIS = pytest.mark.parametrize("layer", [pytest.param("redis", marks=pytest.mark.redis)], indirect=True)


def _dispositions() -> list[str]:
    return list(CallRecord.objects.order_by("id").values_list("disposition", flat=True))


def _link(pbx: Pbx) -> dict[str, str]:
    link: dict[str, str] = GatewayLease.objects.get(pbx=pbx).status.get("link", {})
    return link


@contextmanager
def deaf(office: Office) -> Iterator[None]:
    """The PBX's events are lost on the way."""
    listeners = office.building.pbx.listeners
    kept, listeners[:] = list(listeners), []
    try:
        yield
    finally:
        listeners[:] = kept


@MEMORY
async def test_changed_settings_are_used_without_a_restart(office: Office) -> None:
    page, rows = office.page, Pbx.objects.filter(pk=office.pbx.pk)
    right = office.pbx.secret
    async with gateway():
        await until(lambda: page.link() == ("up", ""), "the link to be up")
        office.pbx.secret = "wrong"
        await office.read(office.pbx.save)
        await until(lambda: page.link() == ("denied", "denied"), "the wrong password to be refused")
        office.pbx.secret = right
        await office.read(office.pbx.save)
        await until(lambda: page.link() == ("up", ""), "the right password to be used")
        assert len(page.epochs) == 1
        await office.read(lambda: rows.update(enabled=False))
        await until(lambda: page.link() == ("down", "gateway_stopped"), "the switched-off PBX to be left")
        await office.read(lambda: rows.update(enabled=True))
        await until(lambda: page.link() == ("up", "") and len(page.epochs) == 2, "the PBX to be back")


@MEMORY
async def test_lost_events_are_found_and_counted(office: Office, settings: Settings) -> None:
    settings.RECONCILE_SECONDS = 0.5
    page = office.page
    async with gateway():
        await until(lambda: page.link() == ("up", ""), "the link to be up")
        channel, _ = await office.talk("101", "102")
        with deaf(office):
            office.building.phones["101"].hang_up(channel)
            await until(lambda: not office.building.pbx.channels, "the call to end unheard")
        await until(lambda: page.phone("101") == page.phone("102") == "free", "the ghosts to vanish")
        assert page.calls("board") == []
        assert page.state("office")["link"]["drift"] > 0
        await office.until_read(_dispositions, ["interrupted"])
        await office.until_read(lambda: GatewayLease.objects.get().status["gateway"]["drift"] > 0, True)


@MEMORY
async def test_a_defect_of_ours_is_logged_and_mended(
    office: Office, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("a defect")

    page = office.page
    async with gateway():
        await until(lambda: page.link() == ("up", ""), "the link to be up")
        with caplog.at_level(logging.ERROR), monkeypatch.context() as patch:
            patch.setitem(HANDLERS, "DialBegin", broken)
            channel = office.call("101", "102")
            leg = await office.ringing("102")
            await until(lambda: "event DialBegin broke the reducer" in caplog.text, "the defect to be logged")
        await until(lambda: page.phone("102") == "ringing", "the state to be read anew")
        office.building.phones["102"].answer(leg)
        await until(lambda: page.phone("101") == page.phone("102") == "talking", "both to talk")
        office.building.phones["101"].hang_up(channel)
        await office.until_read(_dispositions, ["answered"])


@REDIS
async def test_live_view_comes_back_with_redis(office: Office, redis_server: Redis) -> None:
    page = office.page
    async with gateway():
        await until(lambda: page.link() == ("up", ""), "the link to be up")
        redis_server.stop()
        try:
            channel = office.call("101", "102")
            office.building.phones["102"].answer(await office.ringing("102"))
            await office.until_read(_dispositions, ["in_progress"])
        finally:
            redis_server.start()
        await until(lambda: page.phone("101") == page.phone("102") == "talking", "the page to catch up")
        office.building.phones["101"].hang_up(channel)
        await until(lambda: page.phone("101") == "free", "the page to follow")
        await office.until_read(_dispositions, ["answered"])


@MEMORY
async def test_several_pbxs_in_one_process(office: Office) -> None:
    """A PBX that cannot be reached disturbs nobody."""
    other = await office.read(lambda: Pbx.objects.create(name="branch", host="127.0.0.1", port=1, username="x"))
    async with gateway():
        await until(lambda: office.page.link() == ("up", ""), "the link to be up")
        await office.until_read(
            lambda: GatewayLease.objects.get(pbx=other).status.get("link", {}).get("reason"), "refused"
        )
        _, leg = await office.talk("101", "102")
        office.building.phones["102"].hang_up(leg)
        await office.until_read(_dispositions, ["answered"])
