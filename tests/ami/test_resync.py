"""The six lists become one snapshot."""

import pytest

from telephony.ami import actions
from telephony.ami.errors import ActionTimeout, LinkDown, LinkLost
from telephony.ami.link import AmiLink
from telephony.ami.resync import load_snapshot
from telephony.core.snapshot import PbxSnapshot
from tests.ami.server import QUICK, AmiServer, Answer, Office, Peer


def listing(*events: tuple[str, ...]) -> Answer:
    return lambda peer, action: peer.listing(action, *events)


def drop(peer: Peer, action: dict[str, str]) -> None:
    peer.drop()


ANSWERS: dict[str, Answer] = {
    "ExtensionStateList": listing(("Event: ExtensionStatus", "Exten: 101", "Status: 0")),
    "CoreShowChannels": listing(),
    "BridgeList": listing(("Event: BridgeListItem", "BridgeUniqueid: b1")),
    "QueueStatus": listing(("Event: QueueParams", "Queue: sales"), ("Event: QueueMember", "Queue: sales")),
    "ParkedCalls": listing(("Event: ParkedCall", "ParkingSpace: 801")),
    "DeviceStateList": listing(("Event: DeviceStateChange", "Device: PJSIP/101")),
}


def plain(snapshot: PbxSnapshot) -> dict[str, object]:
    """Without ActionIDs."""
    lists = ("hints", "channels", "bridges", "queues", "parked", "devices")
    return {
        name: [{key: value for key, value in event.items() if key != "ActionID"} for event in getattr(snapshot, name)]
        for name in lists
    } | {"missing": snapshot.missing}


async def test_the_whole_state() -> None:
    async with (
        AmiServer(answers=ANSWERS).running() as server,
        Office(server.port, wanted=frozenset()).running() as office,
    ):
        snapshot = await load_snapshot(office.link)
    assert plain(snapshot) == {
        "hints": [{"Event": "ExtensionStatus", "Exten": "101", "Status": "0"}],
        "channels": [],
        "bridges": [{"Event": "BridgeListItem", "BridgeUniqueid": "b1"}],
        "queues": [{"Event": "QueueParams", "Queue": "sales"}, {"Event": "QueueMember", "Queue": "sales"}],
        "parked": [{"Event": "ParkedCall", "ParkingSpace": "801"}],
        "devices": [{"Event": "DeviceStateChange", "Device": "PJSIP/101"}],
        "missing": (),
    }


async def test_lists_that_are_refused_are_missing() -> None:
    answers = {name: ANSWERS[name] for name in ("BridgeList", "QueueStatus")}
    async with AmiServer(answers=answers).running() as server, Office(server.port).running() as office:
        snapshot = await load_snapshot(office.link)
    assert snapshot.missing == ("ExtensionStateList", "CoreShowChannels", "ParkedCalls", "DeviceStateList")
    assert len(snapshot.queues) == 2


async def test_a_drop_in_the_middle_is_no_snapshot() -> None:
    server = AmiServer(answers=ANSWERS | {"QueueStatus": drop})
    timings = type(QUICK)(backoff_first=30)
    async with server.running(), Office(server.port, timings=timings).running() as office:
        with pytest.raises(LinkLost):
            await load_snapshot(office.link)
        with pytest.raises(LinkDown):
            await load_snapshot(office.link)


async def test_a_list_that_never_ends_is_no_snapshot() -> None:
    timings = type(QUICK)(collect=0.1)
    answers = ANSWERS | {"ParkedCalls": lambda peer, action: peer.respond(action, "EventList: start")}
    async with AmiServer(answers=answers).running() as server, Office(server.port, timings=timings).running() as office:
        with pytest.raises(ActionTimeout, match="ParkedCalls"):
            await load_snapshot(office.link)


async def test_a_link_that_reads_its_state_at_every_login() -> None:
    taken: list[PbxSnapshot] = []

    async def resync(link: AmiLink) -> None:
        taken.append(await load_snapshot(link))

    async with AmiServer(answers=ANSWERS).running() as server, Office(server.port, resync=resync).running() as office:
        await office.link.send(actions.ping())
        assert len(taken) == 1
        assert office.states == [("resync", ""), ("up", "")]
