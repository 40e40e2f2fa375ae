"""The link over HTTP when all goes well, and what goes on the wire."""

import asyncio
import logging
import time
from contextlib import asynccontextmanager
from typing import Any

import pytest

from telephony.ami import actions, ajam
from telephony.ami.errors import ActionFailed, ActionTimeout, LinkLost, UnsafeValue
from telephony.ami.link import AmiLink
from telephony.ami.reasons import Reason
from telephony.core.enums import LinkState
from tests.ami.ajam_server import AjamServer, AjamSession, Fields, Request, page
from tests.ami.server import QUICK, Office, block, until

HANGUP = block("Event: Hangup", "Uniqueid: 1.1", "CallerIDName: Иван")


def over_http(server: AjamServer, **options: object) -> Office:
    return Office(server.port, transport="ajam", **options)


def ignore(session: AjamSession, action: Fields) -> None:
    """No answer for this action in the answer."""


async def test_log_in_state_and_events() -> None:
    states: list[int] = []

    async def resync(link: AmiLink) -> None:
        await server.session.happen(HANGUP)
        states.append(len(await link.collect(actions.queue_status())))

    def queues(session: AjamSession, action: Fields) -> None:
        session.listing(action, ("Event: QueueParams", "Queue: sales"), ("Event: QueueMember", "Queue: sales"))

    server = AjamServer(QueueStatus=queues)
    async with server.running(), over_http(server, resync=resync).running() as office:
        assert office.states == [("resync", ""), ("up", "")]
        assert (office.link.status.version, states) == ("22.10.1", [2])
        assert server.names[:4] == ["Challenge", "Login", "ListCommands", "CoreSettings"]
        await until(lambda: office.events)
        await server.session.happen(*(block("Event: Hangup", f"Uniqueid: {n}") for n in range(500)))
        await until(lambda: len(office.events) == 501)
        assert [event["Uniqueid"] for event in office.events] == ["1.1", *map(str, range(500))]
        assert office.events[0]["CallerIDName"] == "Иван"
        counters = office.link.status.counters
        assert (counters.garbage, counters.orphans, counters.logins) == (0, 0, 1)
    assert server.ended == [next(iter(server.sessions), server.ended[0])]


async def test_an_action_is_answered_while_a_poll_waits() -> None:
    async with AjamServer().running() as server, over_http(server).running() as office:
        await until(lambda: server.session.polls == 1)
        assert (await office.link.send(actions.ping()))["Ping"] == "Pong"
        assert server.session.polls == 1


async def test_the_answer_of_an_originate_comes_with_the_events() -> None:
    answers = {"PJSIP/101": "Success", "PJSIP/102": "Failure"}
    later: list[asyncio.Task[None]] = []

    def originate(session: AjamSession, action: Fields) -> None:
        session.respond(action, "Message: Originate successfully queued")
        lines = (f"ActionID: {action['ActionID']}", f"Response: {answers[action['Channel']]}", "Reason: 5")
        later.append(asyncio.create_task(session.happen(block("Event: OriginateResponse", *lines))))

    def call(phone: str) -> actions.Action:
        return actions.originate(channel=phone, context="internal", extension="102", variables={"A": "1", "B": "2"})

    async with AjamServer(Originate=originate).running() as server, over_http(server).running() as office:
        assert (await office.link.originate(call("PJSIP/101")))["Reason"] == "5"
        with pytest.raises(ActionFailed, match="reason 5"):
            await office.link.originate(call("PJSIP/102"))
        await until(lambda: [event["Event"] for event in office.events] == ["OriginateResponse"] * 2)
        await asyncio.gather(*later)


async def test_nothing_secret_is_in_an_address_or_a_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with AjamServer("/asterisk").running() as server, over_http(server, http_prefix="asterisk/").running():
        await until(lambda: server.session.polls)
        session = server.session.id.strip('"')
    assert {request.path for request in server.requests} == {"/asterisk/rawman"}
    assert [text for text in ("s3cret", session, "/rawman") if text in caplog.text] == []


async def test_a_name_or_value_that_would_be_an_action_of_its_own() -> None:
    async with AjamServer().running() as server:
        async with over_http(server, username="a\r\nb").running(None) as office:
            await office.reach(LinkState.DENIED)
            assert server.names == ["Challenge"]
        async with over_http(server).running() as office:
            before = len(server.names)
            for value in ("PJSIP/101\r\nAction: Command", "a\0b", "x" * 2000):
                with pytest.raises(UnsafeValue):
                    await office.link.send(actions.hangup(value))
            many = actions.originate(channel="PJSIP/101", variables={f"V{n}": "ж" * 400 for n in range(60)})
            with pytest.raises(UnsafeValue, match="20000"):
                await office.link.send(many)
            with pytest.raises(ActionFailed, match="unknown command"):
                await office.link.send(actions.hangup("PJSIP/101&Action=Command&x=%41+y"))
            assert server.names[before:] == ["Hangup"]
            assert server.requests[-1].action["Channel"] == "PJSIP/101&Action=Command&x=%41+y"


async def test_cookies_of_a_proxy_go_back_as_well() -> None:
    def instead(request: Request) -> bytes | None:
        if request.name != "Challenge":
            return None
        body = block("Response: Success", f"ActionID: {request.action['ActionID']}", "Challenge: 1")
        return page(body, "Set-Cookie: node=b; Path=/; Secure", "Set-Cookie: odd", "Connection: close")

    async with AjamServer(instead=instead).running() as server, over_http(server).running() as office:
        await office.link.send(actions.ping())
        polls = [request for request in server.requests if request.name == "Ping"]
        assert sorted(polls[0].headers["cookie"].split("; ")) == [f"mansession_id={server.session.id}", "node=b"]


async def test_a_proxy_of_the_environment_does_not_see_the_password(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    async with AjamServer().running() as server, over_http(server).running() as office:
        assert office.link.status.state is LinkState.UP


async def test_a_pbx_whose_sessions_are_too_short_to_wait_is_not_flooded() -> None:
    """`httptimeout = 10`: each WaitEvent comes back at once."""
    server = AjamServer()
    server.longest_wait = 0
    async with server.running(), over_http(server).running() as office:
        began, polls = time.monotonic(), _polls(server)
        await until(lambda: _polls(server) >= polls + 4)
        assert time.monotonic() - began >= 3 * ajam.PAUSE
        await server.session.happen(HANGUP)
        await until(lambda: office.events)


def _polls(server: AjamServer) -> int:
    return sum(request.name == "WaitEvent" for request in server.requests)


async def test_answers_in_pieces_and_without_keep_alive() -> None:
    """A proxy may cut an answer anywhere, and close after each."""

    def chunked(request: Request) -> bytes | None:
        if request.name != "QueueStatus":
            return None
        action_id = request.action["ActionID"]
        body = block("Response: Success", f"ActionID: {action_id}", "EventList: start")
        body += block("Event: QueueParams", f"ActionID: {action_id}", "Queue: продажи")
        body += block("Event: QueueStatusComplete", f"ActionID: {action_id}", "EventList: Complete")
        pieces = b"".join(b"1\r\n" + body[n : n + 1] + b"\r\n" for n in range(len(body))) + b"0\r\n\r\n"
        return b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n" + pieces

    async with AjamServer(instead=chunked).running() as server, over_http(server).running() as office:
        listed = await office.link.collect(actions.queue_status())
        assert [event["Queue"] for event in listed] == ["продажи"]


async def test_a_slow_answer_is_late_and_harms_nobody() -> None:
    release = asyncio.Event()

    async def slow_or_not(request: Request) -> bytes:
        if request.name == "Getvar":
            await release.wait()
        return await usual(request)

    server = AjamServer(Getvar=lambda session, action: session.respond(action, "Value: 1"))
    usual = server._answer
    server._answer = slow_or_not  # type: ignore[method-assign]  # slower
    async with server.running(), over_http(server).running() as office:
        with pytest.raises(ActionTimeout):
            await office.link.send(actions.get_variable("A"), 0.05)
        assert (await office.link.send(actions.ping()))["Ping"] == "Pong"
        release.set()
        await until(lambda: office.link.status.counters.orphans == 1)
        assert office.states == [("resync", ""), ("up", "")]


@asynccontextmanager
async def closing(office: Office) -> Any:
    """Run it; close it at the end of the block, and see that it ended."""
    task = asyncio.create_task(office.link.run())
    yield
    await asyncio.gather(office.link.close(), office.link.close())
    await task
    assert (office.link.status.state, office.link.status.reason) == (LinkState.DOWN, Reason.CLOSED)


@pytest.mark.parametrize("state", [LinkState.CONNECTING, LinkState.RESYNC, LinkState.UP, LinkState.DENIED])
async def test_close_works_at_any_moment(state: LinkState) -> None:
    async def for_ever(link: AmiLink) -> None:
        await asyncio.Event().wait()

    async with AjamServer().running() as server:
        office = Office(
            1 if state is LinkState.CONNECTING else server.port,
            transport="ajam",
            secret="wrong" if state is LinkState.DENIED else "s3cret",
            resync=for_ever if state is LinkState.RESYNC else None,
        )
        async with closing(office):
            await office.reach(state)


async def test_close_after_any_number_of_steps() -> None:
    async with AjamServer().running() as server:
        for steps in range(0, 120, 3):
            async with closing(over_http(server)):
                for _ in range(steps):
                    await asyncio.sleep(0)


async def test_the_session_is_ended_when_the_account_changes() -> None:
    """Else the PBX would keep it for a minute, and `allowmultiplelogin = no` would lock us out."""
    async with AjamServer().running() as server, over_http(server).running() as office:
        first = server.session.id
        office.link.reconfigure(office.link.account)
        await until(lambda: office.link.status.counters.logins == 2)
        await office.reach(LinkState.UP)
        assert server.ended == [first]


async def test_what_waits_fails_when_the_session_ends() -> None:
    async with AjamServer(Originate=ignore).running() as server, over_http(server).running() as office:
        server.answers["Originate"] = lambda session, action: session.respond(action, "Message: queued")
        call = actions.originate(channel="PJSIP/101", context="internal", extension="102")
        waiting = asyncio.create_task(office.link.originate(call))
        await until(lambda: "Originate" in server.names)
        office.link.reconfigure(office.link.account)
        with pytest.raises(LinkLost):
            await waiting
        assert server.names.count("Originate") == 1
        assert QUICK.action > 1
