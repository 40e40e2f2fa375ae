"""Gateways as processes: killed in the middle of a call, replaced by a standby, stopped while the database is away."""

import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import call_command

from telephony.models import CallRecord, GatewayLease
from tests.databases import PrivateDatabase
from tests.gateway.office import Office
from tests.gateway.processes import environment, gateway_process
from tests.gateway.waiting import until
from tests.servers import Redis

pytestmark = pytest.mark.parametrize("layer", [pytest.param("redis", marks=pytest.mark.redis)], indirect=True)


@pytest.fixture
def env(private_database: PrivateDatabase, redis_server: Redis, tmp_path: Path) -> dict[str, str]:
    return environment(private_database.url, redis_server.url, tmp_path)


def _calls() -> list[tuple[str, str, int, bool]]:
    """Disposition, participants, legs, and whether the answer is known."""
    calls = CallRecord.objects.order_by("id").prefetch_related("participants", "legs")
    return [
        (c.disposition, " ".join(p.number for p in c.participants.all()), len(c.legs.all()), c.answered is not None)
        for c in calls
    ]


async def test_killed_in_the_middle_of_a_call(office: Office, env: dict[str, str], tmp_path: Path) -> None:
    page = office.page
    async with gateway_process(env, tmp_path, "first") as first:
        await until(lambda: page.link() == ("up", ""), "the first gateway")
        channel, _ = await office.talk("101", "102")
        await office.until_read(_calls, [("in_progress", "101 102", 2, True)])
        before = await office.read(CallRecord.objects.get)
        await first.end(signal.SIGKILL)
    second_call = office.call("103", "101")  # begins and ends while nobody looks
    office.building.phones["103"].hang_up(second_call)
    async with gateway_process(env, tmp_path, "second") as second:
        await until(
            lambda: page.replica.epoch == page.epochs[-1] != page.epochs[0] and page.link() == ("up", ""),
            "the second gateway",
        )
        assert page.phone("101") == "talking"
        office.building.phones["101"].hang_up(channel)
        await office.until_read(_calls, [("answered", "101 102", 2, True)])
        after = await office.read(CallRecord.objects.get)
        known = ("linkedid", "direction", "caller_number", "called_number", "started", "answered", "wait_seconds")
        assert [getattr(after, name) for name in known] == [getattr(before, name) for name in known[:-1]] + [
            pytest.approx((after.answered - after.started).total_seconds())  # type: ignore[operator]  # it is answered
        ]
        assert after.talk_seconds == pytest.approx((after.ended - after.answered).total_seconds(), abs=0.1)  # type: ignore[operator]  # it has ended
        assert await second.end(signal.SIGTERM) == 0


async def test_standby_takes_over_and_the_old_one_is_not_missed(
    office: Office, env: dict[str, str], tmp_path: Path
) -> None:
    page = office.page
    async with gateway_process(env, tmp_path, "first") as first:
        await until(lambda: page.link() == ("up", ""), "the first gateway")
        async with gateway_process(env, tmp_path, "second") as second:
            await until(lambda: "standing by" in second.log(), "the second one to stand by")
            channel, _ = await office.talk("101", "102")
            await office.until_read(_calls, [("in_progress", "101 102", 2, True)])
            await first.end(signal.SIGKILL)
            await until(
                lambda: page.replica.epoch == page.epochs[-1] != page.epochs[0] and page.link() == ("up", ""),
                "the standby to take over",
            )
            assert page.phone("101") == "talking"
            office.building.phones["101"].hang_up(channel)
            await office.until_read(_calls, [("answered", "101 102", 2, True)])
            holder, epoch = await office.read(lambda: GatewayLease.objects.values_list("holder", "epoch").get())
            assert (int(holder.split(":")[1]), epoch) == (second.pid, 2)


async def test_clean_stop_hands_over_at_once(office: Office, env: dict[str, str], tmp_path: Path) -> None:
    page = office.page
    async with gateway_process(env, tmp_path, "first") as first:
        await until(lambda: page.link() == ("up", ""), "the first gateway")
        async with gateway_process(env, tmp_path, "second") as second:
            await until(lambda: "standing by" in second.log(), "the second one to stand by")
            assert await first.end(signal.SIGTERM) == 0
            await until(
                lambda: page.replica.epoch == page.epochs[-1] != page.epochs[0] and page.link() == ("up", ""),
                "the standby to take over",
                5,
            )


async def test_frozen_gateway_that_wakes_up_replaced_gives_way(
    office: Office, env: dict[str, str], tmp_path: Path
) -> None:
    page = office.page
    async with gateway_process(env, tmp_path, "first") as first:
        await until(lambda: page.link() == ("up", ""), "the first gateway")
        async with gateway_process(env, tmp_path, "second") as second:
            await until(lambda: "standing by" in second.log(), "the second one to stand by")
            first._process.send_signal(signal.SIGSTOP)
            await until(
                lambda: page.replica.epoch == page.epochs[-1] != page.epochs[0] and page.link() == ("up", ""),
                "the standby to take over",
            )
            first._process.send_signal(signal.SIGCONT)
            await until(lambda: "another gateway has taken over" in first.log(), "the first one to notice")
            _, leg = await office.talk("101", "102")
            office.building.phones["102"].hang_up(leg)
            await office.until_read(_calls, [("answered", "101 102", 2, True)])
            assert await office.read(lambda: GatewayLease.objects.get().epoch) == 2


@pytest.mark.parametrize("private_database", [pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True)
@pytest.mark.parametrize("trouble", ["stopped", "frozen"])
async def test_stopped_while_the_database_is_away(
    office: Office, env: dict[str, str], tmp_path: Path, private_database: PrivateDatabase, trouble: str
) -> None:
    page, server = office.page, private_database.server
    assert server
    async with gateway_process(env, tmp_path, "first") as first:
        await until(lambda: page.link() == ("up", ""), "the first gateway")
        restore: Callable[[], None] = server.start if trouble == "stopped" else server.thaw
        server.stop(signal.SIGQUIT) if trouble == "stopped" else server.freeze()
        try:
            for caller, called in (("101", "102"), ("102", "103")):  # the live view goes on
                channel, _ = await office.talk(caller, called)
                office.building.phones[caller].hang_up(channel)
                await until(lambda: page.phone("102") == "free", "the end of the call")
            assert await first.end(signal.SIGTERM) == 0
        finally:
            restore()
    assert len(list((tmp_path / "spool").iterdir())) == 1
    async with gateway_process(env, tmp_path, "second"):
        await office.until_read(_calls, [("answered", "101 102", 2, True), ("answered", "102 103", 2, True)])
        await until(lambda: not list((tmp_path / "spool").iterdir()), "the spool to be removed")


async def test_status_says_how_it_stands(
    office: Office, env: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def status() -> str:
        call_command("run_gateway", "--status")
        return capsys.readouterr().out

    address = f"office (127.0.0.1:{office.pbx.port})"
    assert await office.read(status) == f"{address}: no gateway has ever run\n"
    async with gateway_process(env, tmp_path, "first") as first:
        await until(lambda: office.page.link() == ("up", ""), "the gateway")
        await office.talk("101", "102")
        await office.until_read(lambda: GatewayLease.objects.get().status.get("calls"), 1)
        lines = (await office.read(status)).splitlines()
        holder = await office.read(lambda: GatewayLease.objects.get().holder)
        assert lines[0] == f"{address}: gateway {holder}, epoch 1"
        assert lines[1].startswith("  link: live, Asterisk 22.10.1; last word from the PBX ")
        assert lines[2] == "  calls now: 1, extensions: 4, drift: 0 in 0 reconciliations"
        assert lines[3] == "  records: 0 written, 0 buffered, 0 retries, 0 rejected"
        await first.end(signal.SIGTERM)
    (line,) = (await office.read(status)).splitlines()
    assert line.startswith(f"{address}: NO GATEWAY; the last one, {holder}, ended ")
