"""The life of a link: log in, read the state, be live, be lost, end."""

import asyncio
import hashlib
import time
from dataclasses import replace

import pytest

from telephony.ami import actions, session
from telephony.ami.errors import LinkLost
from telephony.ami.link import AmiLink
from telephony.ami.reasons import Reason
from telephony.ami.status import LinkCounters
from telephony.ami.wire import Message
from telephony.core.enums import LinkState
from tests.ami.server import QUICK, AmiServer, Office, Peer, block, until

HANGUP = block("Event: Hangup", "Privilege: call,all", "Channel: PJSIP/101-00000001", "Cause: 16")
HANGUP_MESSAGE = {"Event": "Hangup", "Privilege": "call,all", "Channel": "PJSIP/101-00000001", "Cause": "16"}


async def test_logs_in_and_passes_events_on() -> None:
    async with AmiServer().running() as server, Office(server.port).running() as office:
        before = time.time()
        server.peers[0].send(HANGUP)
        await until(lambda: office.events)
        assert office.events == [HANGUP_MESSAGE]
        status = office.link.status
        assert (status.state, status.reason, status.version) == (LinkState.UP, Reason.NONE, "22.10.1")
        assert before <= (office.link.data_at or 0) <= time.time()
        assert office.states == [("resync", ""), ("up", "")]
    assert office.states[-1] == ("down", "closed")
    assert server.peers[0].names() == ["Login", "ListCommands", "CoreSettings", "Logoff"]


async def test_the_secret_does_not_cross_a_link_with_challenge() -> None:
    def challenge(peer: Peer, action: dict[str, str]) -> None:
        peer.respond(action, "Challenge: 125065091")

    def login(peer: Peer, action: dict[str, str]) -> None:
        right = hashlib.md5(b"125065091s3cret", usedforsecurity=False).hexdigest()
        if action == {**action, "AuthType": "MD5", "Key": right} and "Secret" not in action:
            peer.respond(action, "Message: Authentication accepted")

    server = AmiServer(Challenge=challenge, Login=login)
    async with server.running(), Office(server.port, challenge=True).running():
        assert server.peers[0].names()[:2] == ["Challenge", "Login"]


async def test_events_during_the_snapshot_come_after_it_and_in_order() -> None:
    def hints(peer: Peer, action: dict[str, str]) -> None:
        peer.send(block("Event: Early", "N: 1"))
        peer.respond(action, "EventList: start")
        peer.send(block("Event: ExtensionStatus", f"ActionID: {action['ActionID']}", "Exten: 101"))
        peer.send(block("Event: Early", "N: 2"))
        peer.send(block("Event: Done", f"ActionID: {action['ActionID']}", "EventList: Complete") + block("Event: Late"))

    order: list[object] = []
    listed: list[Message] = []

    async def resync(link: AmiLink) -> None:
        listed.extend(await link.collect(actions.extension_state_list()))
        order.append(link.status.state)

    async with AmiServer(ExtensionStateList=hints).running() as server:
        office = Office(server.port, resync=resync)
        office.link._on_event = lambda message, received: order.append(message["Event"] + message.get("N", ""))
        async with office.running():
            await until(lambda: "Late" in order)
    assert [event["Exten"] for event in listed] == ["101"]
    assert order == [LinkState.RESYNC, "Early1", "Early2", "Late"]


async def test_fully_booted_after_the_login_reads_the_state_again() -> None:
    reads: list[int] = []

    async def resync(link: AmiLink) -> None:
        reads.append(len(reads))

    async with AmiServer().running() as server:
        office = Office(server.port, resync=resync, wanted=frozenset({"Hangup"}))
        async with office.running():
            server.peers[0].send(block("Event: FullyBooted", "Uptime: 3") + HANGUP)
            await until(lambda: len(reads) == 2 and office.events)
            await office.reach(LinkState.UP)
            assert office.events == [HANGUP_MESSAGE]
            office.link.request_resync()
            await until(lambda: len(reads) == 3)


async def test_fully_booted_at_login_is_no_reason_to_read_twice() -> None:
    reads: list[int] = []

    async def resync(link: AmiLink) -> None:
        reads.append(1)
        await link.send(actions.ping())

    def login(peer: Peer, action: dict[str, str]) -> None:
        peer.respond(action, "Message: Authentication accepted")
        peer.send(block("Event: FullyBooted", "Uptime: 3000"))

    async with AmiServer(Login=login).running() as server, Office(server.port, resync=resync).running() as office:
        await office.link.send(actions.ping())
        assert reads == [1]


async def test_a_hook_that_raises_starts_the_link_again() -> None:
    tries: list[int] = []

    async def resync(link: AmiLink) -> None:
        tries.append(1)
        if len(tries) < 3:
            raise RuntimeError("the database is away")

    async with AmiServer().running() as server, Office(server.port, resync=resync).running() as office:
        assert ("down", "resync_failed") in office.states
        assert len(tries) == len(server.peers) == 3


async def test_callbacks_that_raise_do_not_harm_the_link() -> None:
    def raises(*args: object) -> None:
        raise KeyError("Async")

    async with AmiServer().running() as server:
        office = Office(server.port, tap=raises)
        office.link._on_event = raises
        office.link._on_status = raises
        async with office.running():
            server.peers[0].send(HANGUP * 3)
            await office.link.send(actions.ping())
            assert (office.link.status.state, len(server.peers)) == (LinkState.UP, 1)
            assert office.link.status.counters.callback_errors >= 3 + 2 + 4


async def test_a_deaf_link_is_noticed_and_replaced() -> None:
    timings = type(QUICK)(ping_interval=0.05, ping_deadline=0.1, backoff_first=0.01, backoff_max=0.05)
    async with AmiServer().running() as server, Office(server.port, timings=timings).running() as office:
        await until(lambda: "Ping" in server.peers[0].names())
        server.silent = True
        waiting = asyncio.create_task(office.link.send(actions.get_variable("A")))
        await until(lambda: ("down", "deaf") in office.states)
        server.silent = False
        with pytest.raises(LinkLost) as caught:
            await waiting
        assert caught.value.reason is Reason.DEAF
        await office.reach(LinkState.UP)


async def test_a_busy_link_is_not_deaf() -> None:
    """A pong that stands behind megabytes of a list is late, but bytes come."""
    timings = type(QUICK)(ping_interval=0.02, ping_deadline=0.3)
    seen: list[dict[str, str]] = []

    def ping(peer: Peer, action: dict[str, str]) -> None:
        seen.append(action)
        if len(seen) == 1:
            peer.send(HANGUP)
        else:
            peer.respond(action, "Ping: Pong")

    async with AmiServer(Ping=ping).running() as server, Office(server.port, timings=timings).running() as office:
        await until(lambda: len(seen) >= 3)
        assert office.states == [("resync", ""), ("up", "")]


@pytest.mark.parametrize("state", [LinkState.CONNECTING, LinkState.RESYNC, LinkState.UP, LinkState.DENIED])
async def test_close_works_at_any_moment(state: LinkState) -> None:
    async def for_ever(link: AmiLink) -> None:
        await asyncio.Event().wait()

    async with AmiServer().running() as server:
        port = 1 if state is LinkState.CONNECTING else server.port
        secret = "wrong" if state is LinkState.DENIED else "s3cret"
        hook = for_ever if state is LinkState.RESYNC else None
        office = Office(port, secret=secret, resync=hook)
        task = asyncio.create_task(office.link.run())
        await office.reach(state)
        await asyncio.gather(office.link.close(), office.link.close())
        assert (task.done(), office.link.status.state, office.link.status.reason) == (True, "down", "closed")
        await task


async def test_close_after_any_number_of_steps() -> None:
    """Also while the connection is lost and made again: a cancellation that is swallowed would hang here."""
    dropping = AmiServer(CoreSettings=lambda peer, action: peer.drop())
    async with AmiServer().running() as steady, dropping.running():
        for steps in range(80):
            for server in (steady, dropping):
                office = Office(server.port)
                task = asyncio.create_task(office.link.run())
                for _ in range(steps):
                    await asyncio.sleep(0)
                await office.link.close()
                await task
                assert (office.link.status.state, office.link.status.reason) == (LinkState.DOWN, Reason.CLOSED)


async def test_a_hook_that_is_cancelled_from_elsewhere_starts_the_link_again() -> None:
    tries: list[int] = []

    async def resync(link: AmiLink) -> None:
        tries.append(1)
        if len(tries) == 1:
            raise asyncio.CancelledError

    async with AmiServer().running() as server, Office(server.port, resync=resync).running() as office:
        assert ("down", "resync_failed") in office.states
        assert len(tries) == 2


async def test_a_flood_during_the_snapshot_starts_again_instead_of_growing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "MAX_BUFFER", 10)
    reads: list[int] = []

    async def resync(link: AmiLink) -> None:
        reads.append(1)
        if len(reads) == 1:
            server.peers[0].send(HANGUP * 11)
            await asyncio.Event().wait()

    server = AmiServer()
    async with server.running(), Office(server.port, resync=resync).running() as office:
        assert ("down", "resync_failed") in office.states
        assert office.events == []


async def test_close_before_run_and_from_within_the_hook() -> None:
    office = Office(1)
    await office.link.close()
    await office.link.run()

    async def resync(link: AmiLink) -> None:
        await link.close()

    async with AmiServer().running() as server:
        await Office(server.port, resync=resync).link.run()


async def test_a_cancelled_run_leaves_nothing_behind() -> None:
    async with AmiServer().running() as server:
        office = Office(server.port)
        task = asyncio.create_task(office.link.run())
        await office.reach(LinkState.UP)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert office.link.status.reason is Reason.CLOSED
        await until(server.peers[0].gone.is_set)


async def test_reconfigure_moves_to_another_pbx() -> None:
    async with (
        AmiServer().running() as first,
        AmiServer().running() as second,
        Office(first.port).running() as office,
    ):
        office.link.reconfigure(replace(office.link.account, port=second.port))
        await until(lambda: second.peers)
        await office.reach(LinkState.UP)
        assert (len(first.peers), len(second.peers)) == (1, 1)


async def test_counters_go_on_over_connections() -> None:
    async with AmiServer().running() as server, Office(server.port, wanted=frozenset()).running() as office:
        server.peers[0].send(HANGUP + b"garbage\r\n\r\n")
        await until(lambda: office.link.status.counters.garbage)
        server.peers[0].drop()
        await until(lambda: len(server.peers) == 2)
        await office.reach(LinkState.UP)
        counters = office.link.status.counters
        assert counters == LinkCounters(
            bytes=counters.bytes, messages=6, skipped=1, garbage=2, attempts=2, logins=2, drops=1
        )
