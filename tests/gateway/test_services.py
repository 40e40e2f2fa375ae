"""Call records: written once however often and in whatever order they are told."""

from dataclasses import replace

from django.db import connection
from django.test.utils import CaptureQueriesContext

from telephony.core.enums import Disposition, HangupReason
from telephony.models import CallParticipant, Pbx
from telephony.services import Vanished, close_vanished, record_calls
from tests.gateway.summaries import T0, answered_call, rows, running_call

ANSWERED = (
    "1763800000.1 inbound answered 84951112233→101 +74951112233 0/5/15 5+10 "
    "[+74951112233:10 101:10] [1763800000.1:16 1763800000.2:16]"
)
RUNNING = "1763800000.1 inbound in_progress 84951112233→101 +74951112233 0/-/- 0+0 [+74951112233:0] [1763800000.1:0]"


def test_running_then_ended(pbx: Pbx) -> None:
    record_calls(pbx_id=pbx.pk, calls=[running_call()])
    assert rows() == [RUNNING]
    record_calls(pbx_id=pbx.pk, calls=[answered_call()])
    assert rows() == [ANSWERED]


def test_replay_in_any_order_ends_in_the_same_rows(pbx: Pbx) -> None:
    for call in (answered_call(), running_call(), answered_call(), running_call()):
        record_calls(pbx_id=pbx.pk, calls=[call])
    assert rows() == [ANSWERED]


def test_folded_call_leaves_no_row(pbx: Pbx) -> None:
    record_calls(pbx_id=pbx.pk, calls=[running_call(), running_call("1763800007.5")])
    record_calls(pbx_id=pbx.pk, calls=[answered_call()], folded=["1763800007.5"])
    assert rows() == [ANSWERED]


def test_the_middle_of_a_call_does_not_blur_its_beginning(pbx: Pbx) -> None:
    """A gateway died after the answer (at 5 s); the next one saw the call only from 9 s on."""
    record_calls(pbx_id=pbx.pk, calls=[replace(running_call(), answered=T0 + 5)])
    late = replace(answered_call(), started=T0 + 9, answered=T0 + 9, talk_seconds=6.0, wait_seconds=0.0, caller_name="")
    record_calls(pbx_id=pbx.pk, calls=[late])
    assert rows() == [ANSWERED]


def test_a_call_whose_last_moment_alone_was_seen_stays_answered(pbx: Pbx) -> None:
    """The next gateway logged in when the two had just been parted: for it nobody ever talked."""
    record_calls(pbx_id=pbx.pk, calls=[replace(running_call(), answered=T0 + 5)])
    last = replace(
        answered_call(),
        started=T0 + 14,
        answered=None,
        talk_seconds=0.0,
        wait_seconds=1.0,
        disposition=Disposition.MISSED,
    )
    record_calls(pbx_id=pbx.pk, calls=[last])
    assert rows() == [ANSWERED]


def test_calls_gone_from_the_pbx_are_interrupted(pbx: Pbx) -> None:
    gone = running_call("1763800050.7")
    record_calls(pbx_id=pbx.pk, calls=[running_call(), gone])
    assert close_vanished(pbx_id=pbx.pk, live=[running_call()], at=T0 + 60) == Vanished(1, 0, {})
    assert rows() == [
        RUNNING,
        "1763800050.7 inbound interrupted 84951112233→101 +74951112233 0/-/60 0+0 [+74951112233:0] [1763800050.7:0]",
    ]


def test_whose_calls_were_interrupted_is_told(pbx: Pbx) -> None:
    calls = [replace(answered_call(f"{1763800000 + n}.1", T0 + n), ended=None) for n in (9, 0)]
    record_calls(pbx_id=pbx.pk, calls=[replace(call, disposition=Disposition.IN_PROGRESS) for call in calls])
    gone = close_vanished(pbx_id=pbx.pk, live=[], at=T0 + 60)
    assert gone == Vanished(2, 0, {"101": "1763800009.1"})


def test_an_interrupted_call_whose_end_was_seen_after_all(pbx: Pbx) -> None:
    record_calls(pbx_id=pbx.pk, calls=[running_call()])
    close_vanished(pbx_id=pbx.pk, live=[], at=T0 + 60)
    record_calls(pbx_id=pbx.pk, calls=[running_call(), answered_call()])
    assert rows() == [ANSWERED]


def test_of_two_interrupted_ends_the_fuller_one_stays(pbx: Pbx) -> None:
    """The PBX crashed at 15 s: first the call is found gone, then comes what the gateway had seen of it; and again."""
    seen = replace(answered_call(), disposition=Disposition.INTERRUPTED, hangup_reason=HangupReason.LOST)
    record_calls(pbx_id=pbx.pk, calls=[running_call()])
    close_vanished(pbx_id=pbx.pk, live=[], at=T0 + 60)
    record_calls(pbx_id=pbx.pk, calls=[seen])
    record_calls(pbx_id=pbx.pk, calls=[replace(seen, talk_seconds=0.0, ended=T0 + 60)])
    record_calls(pbx_id=pbx.pk, calls=[replace(running_call(), talk_seconds=99.0)])
    assert rows() == [ANSWERED.replace("answered", "interrupted")]


def test_a_call_joined_while_nobody_watched_is_folded(pbx: Pbx) -> None:
    record_calls(pbx_id=pbx.pk, calls=[running_call(), running_call("1763800000.2")])
    assert close_vanished(pbx_id=pbx.pk, live=[answered_call()], at=T0 + 60) == Vanished(0, 1, {})
    assert rows() == [RUNNING]


def test_hostile_text_fits_into_the_columns(pbx: Pbx) -> None:
    call = answered_call()
    hostile = "\0<script>\ud800\u202e" + "x" * 10_000
    who = replace(call.participants[0], name=hostile, number=hostile)
    leg = replace(call.legs[0], channel=hostile, number=hostile, cause=-5)
    record_calls(
        pbx_id=pbx.pk,
        calls=[
            replace(
                call,
                caller_name=hostile,
                caller_number=hostile,
                called_number=hostile,
                queue=hostile,
                participants=(who,),
                legs=(leg, leg),
                hangup_reason=HangupReason.UNKNOWN,
                disposition=Disposition.ANSWERED,
            )
        ],
    )
    stored = CallParticipant.objects.get()
    assert (stored.name, stored.number) == (
        ("<script>?\u202e" + "x" * 10_000)[:255],
        ("<script>?\u202e" + "x" * 80)[:80],
    )


def test_two_pbxs_may_use_the_same_linkedid(pbx: Pbx) -> None:
    other = Pbx.objects.create(name="branch", host="127.0.0.1", username="astpanel")
    record_calls(pbx_id=pbx.pk, calls=[answered_call()])
    record_calls(pbx_id=other.pk, calls=[answered_call()])
    assert rows() == [ANSWERED, ANSWERED]


def test_queries_do_not_grow_with_the_calls(pbx: Pbx, rules_known: None) -> None:
    counts = []
    for first, count in ((10, 1), (20, 3), (30, 20)):
        calls = [answered_call(f"17638{first}{number:03}.1") for number in range(count)]
        with CaptureQueriesContext(connection) as queries:
            record_calls(pbx_id=pbx.pk, calls=calls)
        counts.append(len(queries))
    assert counts == [8, 8, 8]
