"""Actions over a link: answers, lists, deadlines, and what becomes of them when it drops."""

import asyncio

import pytest

from telephony.ami import actions
from telephony.ami.errors import ActionFailed, ActionTimeout, LinkDown, LinkLost, UnsafeValue
from telephony.ami.reasons import Reason
from telephony.core.enums import LinkState
from tests.ami.server import AmiServer, Office, Peer, block, until

HANGUP = block("Event: Hangup", "Privilege: call,all", "Channel: PJSIP/101-00000001", "Cause: 16")


def ignore(peer: Peer, action: dict[str, str]) -> None:
    """No answer."""


async def test_answers_reach_who_asked() -> None:
    def getvar(peer: Peer, action: dict[str, str]) -> None:
        held.append(action)
        if len(held) == 2:  # the second is answered first
            for asked in reversed(held):
                peer.respond(asked, f"Value: {asked['Variable']}")

    held: list[dict[str, str]] = []
    async with AmiServer(Getvar=getvar).running() as server, Office(server.port).running() as office:
        answers = await asyncio.gather(*(office.link.send(actions.get_variable(name)) for name in ("A", "B")))
        assert [answer["Value"] for answer in answers] == ["A", "B"]


async def test_an_error_of_the_pbx() -> None:
    def hangup(peer: Peer, action: dict[str, str]) -> None:
        peer.respond(action, "Message: No such channel", response="Error")

    async with AmiServer(Hangup=hangup).running() as server, Office(server.port).running() as office:
        with pytest.raises(ActionFailed) as caught:
            await office.link.send(actions.hangup("PJSIP/101-1"))
        assert (caught.value.text, caught.value.permission_denied) == ("No such channel", False)


async def test_a_list_and_an_empty_one_and_a_refused_one() -> None:
    def queues(peer: Peer, action: dict[str, str]) -> None:
        peer.listing(action, ("Event: QueueParams", "Queue: sales"), ("Event: QueueMember", "Queue: sales"))

    def contacts(peer: Peer, action: dict[str, str]) -> None:
        peer.respond(action, "Message: No Contacts found\n", response="Error")

    def lots(peer: Peer, action: dict[str, str]) -> None:
        peer.respond(action, "Message: nothing at all")

    server = AmiServer(QueueStatus=queues, PJSIPShowContacts=contacts, Parkinglots=lots)
    async with server.running(), Office(server.port, wanted=frozenset()).running() as office:
        listed = await office.link.collect(actions.queue_status())
        assert [event["Event"] for event in listed] == ["QueueParams", "QueueMember"]
        assert await office.link.collect(actions.pjsip_show_contacts()) == ()
        assert await office.link.collect(actions.parking_lots()) == ()
        with pytest.raises(ActionFailed, match="unknown command"):
            await office.link.collect(actions.bridge_list())
        assert office.events == []


async def test_a_deadline_leaves_nothing_behind_and_a_late_answer_is_harmless() -> None:
    async with AmiServer(Getvar=ignore).running() as server, Office(server.port).running() as office:
        with pytest.raises(ActionTimeout):
            await office.link.send(actions.get_variable("A"), 0.05)
        asked = server.actions[-1]
        server.peers[0].respond(asked, "Value: 1")
        server.peers[0].respond(asked, "Value: 1")
        server.peers[0].send(HANGUP)
        await until(lambda: office.events)
        assert office.link.status.counters.orphans == 2


async def test_originate_waits_for_the_phone() -> None:
    def originate(peer: Peer, action: dict[str, str]) -> None:
        answered = "Success" if action["Channel"] == "PJSIP/101" else "Failure"
        peer.respond(action, "Message: Originate successfully queued")
        lines = (f"ActionID: {action['ActionID']}", f"Response: {answered}", "Reason: 5", "Uniqueid: 1.1")
        peer.send(block("Event: OriginateResponse", *lines))

    def call(phone: str) -> actions.Action:
        return actions.originate(channel=phone, context="internal", extension="102")

    async with AmiServer(Originate=originate).running() as server, Office(server.port).running() as office:
        assert (await office.link.originate(call("PJSIP/101")))["Uniqueid"] == "1.1"
        with pytest.raises(ActionFailed, match="reason 5"):
            await office.link.originate(call("PJSIP/102"))
        assert (await office.link.send(call("PJSIP/101")))["Message"] == "Originate successfully queued"
        await until(lambda: len(office.events) == 3)  # also for everybody else
        assert {event["Event"] for event in office.events} == {"OriginateResponse"}


async def test_a_drop_fails_what_waits_at_once_and_it_is_not_sent_again() -> None:
    def half(peer: Peer, action: dict[str, str]) -> None:
        peer.respond(action, "EventList: start")
        peer.send(block("Event: CoreShowChannel", f"ActionID: {action['ActionID']}"))

    server = AmiServer(Originate=ignore, CoreShowChannels=half)
    async with server.running(), Office(server.port).running() as office:
        call = actions.originate(channel="PJSIP/101", context="internal", extension="102")
        waiting = [
            asyncio.create_task(office.link.send(call)),
            asyncio.create_task(office.link.collect(actions.core_show_channels())),
        ]
        await until(lambda: "CoreShowChannels" in server.peers[0].names())
        server.peers[0].drop()
        outcomes = await asyncio.gather(*waiting, return_exceptions=True)
        assert [type(outcome) for outcome in outcomes] == [LinkLost, LinkLost]
        await until(lambda: len(server.peers) == 2)
        await office.reach(LinkState.UP)
        assert office.states == [("resync", ""), ("up", ""), ("down", "lost"), ("resync", "lost"), ("up", "")]
        await office.link.send(actions.ping())
        assert [action["Action"] for action in server.actions].count("Originate") == 1
        assert office.link.status.counters.drops == 1


async def test_nothing_is_queued_while_the_link_is_down() -> None:
    office = Office(1)
    with pytest.raises(LinkDown):
        await office.link.send(actions.ping())
    async with office.running(None):
        await until(lambda: office.link.status.reason is Reason.REFUSED)
        with pytest.raises(LinkDown) as caught:
            await office.link.send(actions.hangup("PJSIP/101-1"))
        assert caught.value.reason is Reason.REFUSED


async def test_a_forbidden_value_is_refused_before_it_reaches_the_wire() -> None:
    async with AmiServer().running() as server, Office(server.port).running() as office:
        before = len(server.actions)
        with pytest.raises(UnsafeValue):
            await office.link.send(actions.hangup("PJSIP/101\r\nAction: Command\r\nCommand: core stop now"))
        await office.link.send(actions.ping())
        assert [action["Action"] for action in server.actions[before:]] == ["Ping"]
