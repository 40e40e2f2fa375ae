"""Live: real phones, a real Asterisk, the product's own link and reducer. Each key scenario ends in the calls that its
reviewed recording tells of, so that recordings cannot grow stale while Asterisk, link or phones move on."""

from pathlib import Path
from typing import Any

import pytest

from telephony.core.enums import Disposition, HangupReason
from telephony.core.recording import Recording, parse
from tests.demo.likeness import likeness
from tests.pbx.asterisk import Asterisk
from tests.pbx.live_eye import LiveEye
from tests.pbx.office import Office
from tests.pbx.record import RECORDINGS
from tests.pbx.scenarios.every import ALL

KEY = (
    "ab_answer_a_hangs_up",
    "ab_busy",
    "ab_caller_gives_up",
    "ab_unregistered",
    "ab_hold_and_resume",
    "inbound_answer",
    "outbound_cancelled",
    "group_one_answers",
    "two_devices_second_answers",
    "local_optimised_away",
    "two_calls_of_one_user",
    "queue_ringall_answer",
    "queue_caller_abandons",
    "queue_ringall_member_rejects",
    "xfer_blind_by_callee",
    "xfer_attended_by_callee",
    "xfer_blonde",
    "pickup_of_the_group",
    "forward_to_mobile",
    "park_and_take_by_slot",
    "click_to_dial_answered",
    "spy_listen",
    "late_join_talking",
    "link_lost_answer_unseen",
    "pbx_restarts",
)


def _recorded(asterisk: Asterisk, name: str) -> Recording:
    path: Path = RECORDINGS / asterisk.version / f"{name}.jsonl"
    with path.open(encoding="utf-8") as lines:
        return parse(lines)


def _played(asterisk: Asterisk, office: Office, name: str, by: str) -> list[object]:
    """The calls that the product's own link and reducer make of this scenario."""
    scenario = ALL[name]
    eye = LiveEye(asterisk, by)
    office.open(eye, connected=scenario.connected)
    scenario.play(office)
    office.quiet()
    return likeness(eye.recording(scenario.name, scenario.story, asterisk.version))[0]


def _ends_unseen(call: Any) -> object:
    """A call that the PBX itself ended: the same call, whose end nobody saw."""
    direction, _, hangup_reason, who, answered, people, legs = call
    if hangup_reason is not HangupReason.SYSTEM:
        return call
    legs = [(device, number, lifted, 0) for device, number, lifted, _ in legs]
    return direction, Disposition.INTERRUPTED, HangupReason.LOST, who, answered, people, legs


@pytest.mark.parametrize("name", KEY)
def test_the_calls_are_those_of_the_recording(asterisk: Asterisk, office: Office, name: str) -> None:
    assert _played(asterisk, office, name, "ami") == likeness(_recorded(asterisk, name))[0]


OVER_AJAM = {"22": "ajam-http", "16": "ajam-https"}
OTHERS = tuple(name for name, scenario in ALL.items() if "22" in scenario.versions and name not in KEY)


@pytest.mark.parametrize("name", KEY)
def test_the_same_over_ajam(asterisk: Asterisk, office: Office, name: str) -> None:
    """One difference: a PBX that shuts down answers 503 at once, so that the hang-ups it makes are not heard of."""
    recorded = likeness(_recorded(asterisk, name))[0]
    expected = sorted(map(_ends_unseen, recorded), key=repr) if name == "pbx_restarts" else recorded
    assert _played(asterisk, office, name, OVER_AJAM[asterisk.version]) == expected


@pytest.mark.asterisk_version("22")
@pytest.mark.parametrize("name", OTHERS)
def test_all_the_others_over_ajam(asterisk: Asterisk, office: Office, name: str) -> None:
    assert _played(asterisk, office, name, OVER_AJAM[asterisk.version]) == likeness(_recorded(asterisk, name))[0]
