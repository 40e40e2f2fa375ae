"""Each defect of panoramisk 1.4 in waiting and reconnecting: first the bare library, then ours (docs/adr/0002)."""

import asyncio

import pytest

from telephony.ami import actions
from telephony.ami.errors import ActionTimeout, LinkDown, LinkLost
from telephony.ami.reasons import Reason
from telephony.core.enums import LinkState
from tests.ami import bare
from tests.ami.server import AmiServer, Office, Peer, block, until


def ignore(peer: Peer, action: dict[str, str]) -> None:
    """No answer."""


def half_a_list(peer: Peer, action: dict[str, str]) -> None:
    peer.respond(action, "EventList: start", "Message: Channels will follow")
    peer.send(block("Event: CoreShowChannel", f"ActionID: {action['ActionID']}"))


CALL = actions.originate(channel="PJSIP/101", context="internal", extension="102")


async def test_a_waiting_action_does_not_fail_when_the_connection_drops() -> None:
    async with AmiServer(Getvar=ignore).running() as server, bare.manager(server.port) as manager:
        future = manager.send_action({"Action": "Getvar", "Variable": "X"})
        await until(lambda: "Getvar" in server.peers[0].names())
        server.peers[0].drop()
        await until(lambda: len(server.peers) == 2)
        assert not future.done()

    async with AmiServer(Getvar=ignore).running() as server, Office(server.port).running() as office:
        waiting = asyncio.create_task(office.link.send(actions.get_variable("X")))
        await until(lambda: "Getvar" in server.peers[0].names())
        server.peers[0].drop()
        with pytest.raises(LinkLost):
            await waiting


async def test_a_list_cut_in_the_middle_never_ends() -> None:
    async with AmiServer(CoreShowChannels=half_a_list).running() as server, bare.manager(server.port) as manager:
        future = manager.send_action({"Action": "CoreShowChannels"})
        await until(lambda: manager.responses and "CoreShowChannels" in server.peers[0].names())
        server.peers[0].drop()
        await until(lambda: len(server.peers) == 2)
        assert not future.done()

    async with AmiServer(CoreShowChannels=half_a_list).running() as server, Office(server.port).running() as office:
        waiting = asyncio.create_task(office.link.collect(actions.core_show_channels()))
        await until(lambda: "CoreShowChannels" in server.peers[0].names())
        server.peers[0].drop()
        with pytest.raises(LinkLost):
            await waiting


async def test_an_action_has_no_deadline() -> None:
    async with AmiServer(Getvar=ignore).running() as server, Office(server.port).running() as office:
        with pytest.raises(ActionTimeout):
            await office.link.send(actions.get_variable("X"), 0.02)
        assert office.link.status.state is LinkState.UP


async def test_originate_without_async_raises_out_of_the_protocol() -> None:
    protocol = bare.protocol()
    protocol.send({"Action": "Originate", "Channel": "PJSIP/101", "ActionID": "1"}, as_list=None)  # as a Manager does
    with pytest.raises(KeyError):
        protocol.data_received(block("Response: Success", "ActionID: 1", "Message: Originate successfully queued"))

    def queued(peer: Peer, action: dict[str, str]) -> None:
        peer.respond(action, "Message: Originate successfully queued")

    assert ("Async", "true") in CALL.fields
    async with AmiServer(Originate=queued).running() as server, Office(server.port).running() as office:
        assert (await office.link.send(CALL))["Message"] == "Originate successfully queued"


async def test_a_callback_that_raises_ends_the_connection() -> None:
    def raises(*args: object) -> None:
        raise ValueError("a callback")

    protocol = bare.protocol()
    protocol.factory.register_event("Hangup", raises)
    with pytest.raises(ValueError, match="a callback"):
        protocol.data_received(block("Event: Hangup"))

    async with AmiServer().running() as server:
        office = Office(server.port)
        office.link._on_event = raises
        async with office.running():
            server.peers[0].send(block("Event: Hangup"))
            await office.link.send(actions.ping())
            assert (len(server.peers), office.link.status.counters.callback_errors) == (1, 1)


async def test_an_originate_is_sent_again_after_a_reconnect() -> None:
    def login(peer: Peer, action: dict[str, str]) -> None:
        peer.respond(action, "Message: Authentication accepted")
        peer.send(block("Event: FullyBooted"))

    def originates(server: AmiServer) -> int:
        return [action["Action"] for action in server.actions].count("Originate")

    async with AmiServer(Login=login, Originate=ignore).running() as server, bare.manager(server.port) as manager:
        await until(lambda: manager.authenticated)
        manager.send_action({"Action": "Originate", "Channel": "PJSIP/101", "Async": "true"})
        await until(lambda: originates(server) == 1)
        server.peers[0].drop()
        await until(lambda: originates(server) == 2)

    async with AmiServer(Login=login, Originate=ignore).running() as server, Office(server.port).running() as office:
        waiting = asyncio.create_task(office.link.send(CALL))
        await until(lambda: originates(server) == 1)
        server.peers[0].drop()
        with pytest.raises(LinkLost):
            await waiting
        await until(lambda: len(server.peers) == 2)
        await office.reach(LinkState.UP)
        await office.link.send(actions.ping())
        assert originates(server) == 1


async def test_actions_sent_while_down_are_queued() -> None:
    protocol = bare.protocol()
    protocol.factory.loop = asyncio.get_running_loop()
    protocol.factory.connect = lambda: None
    protocol.connection_lost(None)
    protocol.send({"Action": "Originate", "Channel": "PJSIP/101", "Async": "true"})
    protocol.close()
    assert [action["Action"] for action in protocol.factory.awaiting_actions] == ["Originate"]

    with pytest.raises(LinkDown):
        await Office(1).link.send(CALL)


async def test_a_wrong_password_is_tried_for_ever_and_raises_nothing() -> None:
    async with AmiServer().running() as server, bare.manager(server.port, secret="wrong"):
        await until(lambda: len(server.peers) >= 4)

    async with AmiServer().running() as server, Office(server.port, secret="wrong").running(LinkState.DENIED) as office:
        assert office.link.status.reason is Reason.DENIED
        assert len(server.peers) == 1  # see test_link_refusals for how long


async def test_a_half_open_link_is_not_noticed() -> None:
    restless = {"ping_delay": 0, "ping_interval": 0}
    async with AmiServer(Ping=ignore).running() as server, bare.manager(server.port, **restless) as manager:
        await until(lambda: server.peers[0].names().count("Ping") >= 8)
        assert (manager._connected, len(server.peers)) == (True, 1)

    # ours: test_link.test_a_deaf_link_is_noticed_and_replaced


async def test_close_does_not_stop_the_reconnecting() -> None:
    async with AmiServer().running() as server, bare.manager(server.port, reconnect_timeout=1) as manager:
        await until(lambda: manager.authenticated)
        server.peers[0].drop()
        await until(lambda: not manager._connected)
        manager.close()
        await until(lambda: len(server.peers) == 2)

    async with AmiServer().running() as server, Office(server.port).running() as office:
        server.peers[0].drop()
        await until(lambda: ("down", "lost") in office.states)
        await office.link.close()
        assert office.states[-1] == ("down", "closed")
        with pytest.raises(LinkDown):
            await office.link.send(actions.ping())
