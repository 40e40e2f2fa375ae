"""The colour of a tile: which facts lead to which state."""

import pytest

from tests.core.build import Pbx, channel, device, hint

RINGING = {"ChannelState": "5"}
UP = {"ChannelState": "6"}


@pytest.mark.parametrize(
    ("status", "tile"),
    [
        (0, ("free", "")),
        (1, ("free", "")),
        (2, ("free", "")),
        (4, ("off", "")),
        (8, ("ringing", "")),
        (9, ("ringing", "")),
    ],
)
def test_the_hint_alone(status: int, tile: tuple[str, str]) -> None:
    assert Pbx(hint("101", status=status)).tile("101") == tile


@pytest.mark.parametrize("status", [-1, -2])
def test_a_removed_hint_is_no_colleague_any_more(status: int) -> None:
    pbx = Pbx(hint("101")).tell(hint("101", status=status))
    assert pbx.reducer.state.extensions == {}
    assert pbx.reducer.state.devices == {}


def test_an_idle_switch_does_not_hide_an_unregistered_phone() -> None:
    devices = (device("PJSIP/101", "UNAVAILABLE"), device("Custom:DND101", "NOT_INUSE"))
    pbx = Pbx(hint("101", "PJSIP/101&Custom:DND101,CustomPresence:101", 0), devices=devices)
    assert pbx.tile("101") == ("off", "")
    assert pbx.why("101")[0] == ("device", "PJSIP/101", "UNAVAILABLE")
    assert pbx.tell(device("PJSIP/101", "NOT_INUSE")).tile("101") == ("free", "")


def test_do_not_disturb_is_told_and_gives_way_to_a_talk() -> None:
    pbx = Pbx(hint("101", "PJSIP/101&Custom:DND101"), devices=(device("PJSIP/101", "NOT_INUSE"),))
    pbx.tell(device("Custom:DND101", "BUSY"), hint("101", "PJSIP/101&Custom:DND101", 1))
    assert pbx.tile("101") == ("free", "dnd")
    pbx.tell(channel("Newchannel", "PJSIP/101-00000001", "1.1", ChannelState="4", Exten="102"))
    assert pbx.tile("101") == ("talking", "dialing")
    pbx.tell(channel("Hangup", "PJSIP/101-00000001", "1.1", Cause="16"))
    assert pbx.tile("101") == ("free", "dnd")
    assert pbx.tell(device("Custom:DND101", "NOT_INUSE")).tile("101") == ("free", "")


def test_a_hint_that_lags_behind_the_hang_up_is_not_do_not_disturb() -> None:
    pbx = Pbx(hint("101", "PJSIP/101&Custom:DND101"), devices=(device("PJSIP/101", "NOT_INUSE"),))
    pbx.tell(
        channel("Newchannel", "PJSIP/101-00000001", "1.1", ChannelState="4", Exten="102"),
        hint("101", "PJSIP/101&Custom:DND101", 1),
        channel("Hangup", "PJSIP/101-00000001", "1.1", Cause="16"),
    )
    assert pbx.tile("101") == ("free", "")


def test_without_the_right_to_list_devices_the_hint_alone_tells_do_not_disturb() -> None:
    assert Pbx(hint("101", "PJSIP/101&Custom:DND101", 1)).tile("101") == ("free", "dnd")


def test_hints_that_watch_no_phone_are_no_colleagues() -> None:
    pbx = Pbx(hint("801", "park:801@parkedcalls"), hint("*76", "Custom:NIGHT"), hint("101"))
    assert list(pbx.reducer.state.extensions) == ["101"]


def test_ringing_while_talking_stays_talking_and_hold_is_told_only_if_nothing_else_goes_on() -> None:
    pbx = Pbx(hint("101")).tell(
        channel("Newchannel", "PJSIP/101-1", "1.1", ChannelState="4", Exten="600"),
        channel("Newstate", "PJSIP/101-1", "1.1", **UP),
        hint("101", status=9),
        channel("Newchannel", "PJSIP/trunk-2", "1.2", ChannelState="4", Exten="101"),
        channel("Newchannel", "PJSIP/101-3", "1.3", "1.2", ChannelState="0"),
        channel("Newstate", "PJSIP/101-3", "1.3", "1.2", **RINGING),
    )
    assert pbx.tile("101") == ("talking", "")
    pbx.tell(channel("Hold", "PJSIP/101-1", "1.1"))
    assert pbx.tile("101") == ("talking", "on_hold")
    pbx.tell(channel("Newstate", "PJSIP/101-3", "1.3", "1.2", **UP))
    assert pbx.tile("101") == ("talking", "")
    assert pbx.why("101") == [
        ("channel", "PJSIP/101-1", "Hold"),
        ("channel", "PJSIP/101-3", "Up"),
        ("hint", "PJSIP/101", "9"),
    ]


def test_since_moves_only_when_the_tile_changes() -> None:
    pbx = Pbx(hint("101"))
    pbx.tell(hint("101", status=8), hint("101", status=9))
    assert pbx.reducer.state.extensions["101"].since == 101.0
