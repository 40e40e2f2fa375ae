"""Live: real phones, a real Asterisk, the product's own link and reducer. Each key scenario ends in the calls that its
reviewed recording tells of, so that recordings cannot grow stale while Asterisk, link or phones move on."""

from pathlib import Path

import pytest

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


@pytest.mark.parametrize("name", KEY)
def test_the_calls_are_those_of_the_recording(asterisk: Asterisk, office: Office, name: str) -> None:
    scenario = ALL[name]
    eye = LiveEye(asterisk)
    office.open(eye, connected=scenario.connected)
    scenario.play(office)
    office.quiet()
    live = eye.recording(scenario.name, scenario.story, asterisk.version)
    assert likeness(live)[0] == likeness(_recorded(asterisk, name))[0]
