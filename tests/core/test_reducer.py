"""Single facts that no recording shows: lost, late and odd events; names of devices; queue positions."""

import pytest

from telephony.core import sync, views
from telephony.core.changes import CallChanged, CallEnded, CallStarted
from telephony.core.enums import Direction, Disposition, HangupReason
from telephony.core.reducer import WANTED_EVENTS, Reducer
from telephony.core.snapshot import PbxSnapshot
from tests.core.build import Pbx, channel, hint

A, B = "PJSIP/101-00000001", "PJSIP/102-00000002"
BRIDGE = {"BridgeUniqueid": "b1", "BridgeType": "basic", "BridgeTechnology": "simple_bridge"}


def talk(pbx: Pbx) -> Pbx:
    """101 and 102 are in a bridge."""
    return pbx.tell(
        channel("Newchannel", A, "1.1", ChannelState="4", Exten="102", CallerIDNum="101", CallerIDName="User 101"),
        channel("Newchannel", B, "1.2", "1.1", ChannelState="0", Exten="s"),
        channel("Newstate", B, "1.2", "1.1", ChannelState="6"),
        channel("Newstate", A, "1.1", ChannelState="6"),
        channel("BridgeEnter", B, "1.2", "1.1", **BRIDGE),
        channel("BridgeEnter", A, "1.1", **BRIDGE),
    )


@pytest.mark.parametrize("name", sorted(WANTED_EVENTS))
def test_an_event_with_nothing_in_it_changes_nothing(name: str) -> None:
    assert Reducer().apply({"Event": name}, 1.0) == []
    assert Reducer().apply({}, 1.0) == []


def test_a_late_event_does_not_raise_the_dead() -> None:
    pbx = Pbx(hint("101"), hint("102"))
    newchannel = channel("Newchannel", A, "1.1", ChannelState="4", Exten="102")
    pbx.tell(newchannel, channel("Hangup", A, "1.1", Cause="16"))
    assert pbx.reducer.apply(newchannel, 200.0) == []
    assert pbx.reducer.state.calls == {}


def test_a_hangup_that_came_first_wins() -> None:
    pbx = Pbx(hint("101")).tell(channel("Hangup", A, "1.1", Cause="16"))
    assert pbx.reducer.apply(channel("Newchannel", A, "1.1", ChannelState="4", Exten="102"), 200.0) == []


def test_a_missed_newchannel_is_made_good_by_the_next_event() -> None:
    pbx = Pbx(hint("101"), hint("102")).tell(
        channel("Newstate", A, "1.1", ChannelState="4", Exten="102"),
        channel("BridgeEnter", B, "1.2", "1.1", ChannelState="6", **BRIDGE),
        channel("BridgeEnter", A, "1.1", ChannelState="6", **BRIDGE),
    )
    value = views.talk(pbx.reducer.state, "101", lambda number: None)
    assert value is not None
    assert [peer["number"] for peer in value["peers"]] == ["102"]


def test_a_late_part_of_an_ended_call_is_a_call_of_its_own() -> None:
    pbx = talk(Pbx(hint("101"), hint("102")))
    pbx.tell(channel("Hangup", A, "1.1", Cause="16"), channel("Hangup", B, "1.2", "1.1", Cause="16"))
    changes = pbx.reducer.apply(channel("Newchannel", "PJSIP/102-9", "1.9", "1.1", ChannelState="5"), 300.0)
    assert [change for change in changes if isinstance(change, CallStarted)] == [CallStarted("1.9")]


def test_device_names_are_found_in_any_case_and_by_the_hint_of_the_same_number() -> None:
    pbx = Pbx(hint("201", "pjsip/101&PJSIP/102"), hint("101", "PJSIP/101"))
    pbx.tell(channel("Newchannel", A, "1.1", ChannelState="4", Exten="9"))
    assert pbx.tile("101") == ("talking", "dialing")
    pbx.tell(channel("Newchannel", B, "1.2", ChannelState="4", Exten="9"))
    assert pbx.tile("201") == ("talking", "dialing")


def test_the_changed_linkedid_of_a_channel_joins_two_calls_and_the_older_goes_on() -> None:
    pbx = talk(Pbx(hint("101"), hint("102"), hint("103")))
    other = "PJSIP/103-00000003"
    pbx.tell(channel("Newchannel", other, "1.3", ChannelState="4", Exten="*8"))
    pbx.tell(channel("Newstate", other, "1.3", "1.1", ChannelState="6"))
    assert list(pbx.reducer.state.calls) == ["1.1"]
    assert pbx.reducer.state.calls["1.1"].linkedids == ["1.1", "1.3"]
    assert list(pbx.reducer.state.calls["1.1"].channels) == ["1.1", "1.2", "1.3"]


def test_two_parked_calls_share_a_bridge_but_stay_two() -> None:
    lot = {"BridgeUniqueid": "p1", "BridgeType": "parking", "BridgeTechnology": "holding_bridge"}
    pbx = Pbx(hint("101")).tell(
        channel("Newchannel", "PJSIP/trunk-1", "1.1", ChannelState="4", Exten="101"),
        channel("Newchannel", "PJSIP/trunk-2", "1.2", ChannelState="4", Exten="101"),
        channel("BridgeEnter", "PJSIP/trunk-1", "1.1", ChannelState="6", **lot),
        channel("BridgeEnter", "PJSIP/trunk-2", "1.2", ChannelState="6", **lot),
    )
    states = [views.call_state(call) for call in pbx.reducer.state.calls.values()]
    assert states == ["parked", "parked"]
    assert [call.answered for call in pbx.reducer.state.calls.values()] == [None, None]


def test_the_positions_of_a_queue_close_up_also_when_the_leave_was_lost() -> None:
    pbx = Pbx()
    for index in (1, 2, 3):
        trunk = f"PJSIP/trunk-{index}"
        pbx.tell(channel("Newchannel", trunk, f"1.{index}", ChannelState="4", Exten="90"))
        pbx.tell(channel("QueueCallerJoin", trunk, f"1.{index}", Queue="sales", Position=str(index)))
    pbx.tell(channel("Hangup", "PJSIP/trunk-1", "1.1", Cause="16"))
    value = views.queue(pbx.reducer.state, "sales", lambda number: None)
    assert value is not None
    assert [(one["position"], one["call"]) for one in value["waiting"]] == [(1, "1.2"), (2, "1.3")]


def test_a_silent_channel_is_a_ghost_only_when_it_is_missing_twice() -> None:
    pbx = talk(Pbx(hint("101"), hint("102")))
    empty = PbxSnapshot(hints=(hint("101"), hint("102")))
    changes, drift = pbx.reducer.reconcile(empty, 200.0)
    assert (changes, drift, pbx.reducer.suspects) == ([], 0, 2)
    changes, drift = pbx.reducer.reconcile(empty, 200.0 + sync.GRACE)
    ended = [change.summary for change in changes if isinstance(change, CallEnded)]
    assert drift == 2
    assert [(one.disposition, one.hangup_reason) for one in ended] == [(Disposition.INTERRUPTED, HangupReason.LOST)]
    assert pbx.reducer.suspects == 0


def test_a_list_that_was_refused_proves_nothing() -> None:
    pbx = talk(Pbx(hint("101"), hint("102")))
    refused = PbxSnapshot(missing=("CoreShowChannels", "ExtensionStateList", "QueueStatus", "ParkedCalls"))
    for at in (200.0, 300.0):
        assert pbx.reducer.reconcile(refused, at) == ([], 0)
    assert pbx.reducer.load(refused, 400.0) == []
    assert list(pbx.reducer.state.calls) == ["1.1"]


def test_a_dialler_rings_outside_first_and_whoever_of_us_comes_is_the_caller() -> None:
    trunk = "PJSIP/trunk-00000001"
    pbx = Pbx(hint("101")).tell(
        channel("Newchannel", trunk, "1.1", ChannelState="0", Exten="s"),
        {
            "Event": "DialBegin",
            "DestChannel": trunk,
            "DestUniqueid": "1.1",
            "DestLinkedid": "1.1",
            "DialString": "79161234567@trunk",
        },
        channel("NewCallerid", trunk, "1.1", CallerIDNum="79161234567"),
        channel("Newstate", trunk, "1.1", ChannelState="6"),
        channel("Newchannel", "PJSIP/101-2", "1.2", "1.1", ChannelState="0", Exten="s"),
    )
    value = views.call(pbx.reducer.state, "1.1", lambda number: None)
    assert value is not None
    assert (value["direction"], value["caller"]["number"], value["called"]["number"]) == (
        Direction.OUTBOUND,
        "101",
        "79161234567",
    )


def test_changes_of_one_call_are_one_value() -> None:
    pbx = talk(Pbx(hint("101"), hint("102")))
    one = pbx.reducer.apply(channel("Hold", A, "1.1"), 200.0)
    other = pbx.reducer.apply(channel("Unhold", A, "1.1"), 201.0)
    assert one[0] is other[0]
    assert one[0] == CallChanged("1.1")


def test_a_caller_who_hangs_up_while_the_two_are_put_together_ended_the_call() -> None:
    """Seen on Asterisk 16: HangupRequest comes between the two BridgeEnter of one answer."""
    pbx = Pbx(hint("101"), hint("102")).tell(
        channel("Newchannel", "PJSIP/101-1", "1.1", ChannelState="4", Exten="102", CallerIDNum="101"),
        channel("Newchannel", "PJSIP/102-2", "1.2", "1.1", ChannelState="5"),
        channel("Newstate", "PJSIP/102-2", "1.2", "1.1", ChannelState="6"),
        channel("Newstate", "PJSIP/101-1", "1.1", ChannelState="6"),
        channel("BridgeEnter", "PJSIP/102-2", "1.2", "1.1", BridgeUniqueid="b", BridgeNumChannels="1"),
        channel("HangupRequest", "PJSIP/101-1", "1.1"),
        channel("BridgeEnter", "PJSIP/101-1", "1.1", BridgeUniqueid="b", BridgeNumChannels="2"),
        channel("BridgeLeave", "PJSIP/101-1", "1.1", BridgeUniqueid="b", BridgeNumChannels="1"),
        channel("BridgeLeave", "PJSIP/102-2", "1.2", "1.1", BridgeUniqueid="b", BridgeNumChannels="0"),
        channel("Hangup", "PJSIP/101-1", "1.1", Cause="16"),
        channel("Hangup", "PJSIP/102-2", "1.2", "1.1", Cause="16"),
    )
    assert [(call.disposition, call.hangup_reason) for call in pbx.ended] == [("answered", "caller")]


@pytest.mark.parametrize("name", ["<unknown>", "Unknown", "unknown", "UNKNOWN", ""])
def test_a_name_that_only_says_unknown_is_no_name(name: str) -> None:
    pbx = Pbx(hint("101")).tell(
        channel(
            "Newchannel", "PJSIP/trunk-1", "1.1", ChannelState="4", Exten="101", CallerIDNum="7495", CallerIDName=name
        ),
        channel("Hangup", "PJSIP/trunk-1", "1.1", Cause="16"),
    )
    assert [(call.caller_number, call.caller_name) for call in pbx.ended] == [("7495", "")]
