"""The copy of a gateway's state: deltas, gaps, snapshots, another gateway. And a property: it always ends right."""

import copy
import random

from hypothesis import given, settings
from hypothesis import strategies as st

from telephony.live.replica import Audiences, Replica, difference, merge


def fresh(seq: int = 5) -> Replica:
    replica = Replica()
    replica.snapshot("g1", seq, {"office": {"ext:101": 1, "ext:102": 2}})
    return replica


def test_knows_nothing_until_the_first_snapshot() -> None:
    replica = Replica()
    assert replica.delta("g1", 1, {"office": {"ext:101": 1}}) is None
    assert (replica.stale, replica.state("office")) == (True, {})


def test_deltas_in_order() -> None:
    replica = fresh()
    assert replica.delta("g1", 6, {"office": {"ext:101": None}, "board": {"call:1": {}}}) == {
        "office": {"ext:101": None},
        "board": {"call:1": {}},
    }
    assert (replica.seq, replica.audiences) == (6, {"office": {"ext:102": 2}, "board": {"call:1": {}}})


def test_an_audience_without_keys_is_forgotten() -> None:
    replica = fresh()
    replica.delta("g1", 6, {"ext/101": {"call:1": {}}})
    replica.delta("g1", 7, {"ext/101": {"call:1": None}})
    assert set(replica.audiences) == {"office"}


def test_delivered_twice_changes_nothing() -> None:
    replica = fresh()
    assert (replica.delta("g1", 5, {"office": {"ext:101": 9}}), replica.state("office")["ext:101"]) == ({}, 1)


def test_gap_is_closed_by_a_snapshot_and_the_deltas_after_it() -> None:
    replica = fresh()
    assert replica.delta("g1", 7, {"office": {"ext:103": 7}}) is None
    assert replica.delta("g1", 8, {"office": {"ext:103": 8}}) is None
    snapshot: Audiences = {"office": {"ext:101": 6, "ext:102": 2}}
    assert replica.snapshot("g1", 6, snapshot) == {"office": {"ext:101": 6, "ext:103": 8}}
    assert (replica.stale, replica.seq) == (False, 8)


def test_a_snapshot_before_the_gap_is_not_enough() -> None:
    replica = fresh()
    replica.delta("g1", 8, {"office": {"ext:103": 8}})
    assert (replica.snapshot("g1", 6, {"office": {}}), replica.stale) == (None, True)
    assert replica.snapshot("g1", 8, {"office": {"ext:103": 8}}) == {
        "office": {"ext:101": None, "ext:102": None, "ext:103": 8}
    }


def test_a_snapshot_nobody_waits_for_changes_nothing() -> None:
    replica = fresh()
    assert (replica.snapshot("g1", 3, {"office": {}}), replica.seq) == ({}, 5)


def test_another_gateway() -> None:
    replica = fresh()
    assert replica.delta("g2", 6, {"office": {"ext:101": 9}}) is None
    assert replica.snapshot("g2", 6, {"office": {"ext:101": 9}}) == {"office": {"ext:101": 9, "ext:102": None}}
    assert (replica.epoch, replica.seq) == ("g2", 6)


def test_beats_show_what_was_lost() -> None:
    replica = fresh()
    assert [replica.beat("g1", 5), replica.stale] == [True, False]
    assert [replica.beat("g1", 6), replica.stale] == [False, True]
    assert [fresh().beat("g2", 5)] == [False]


STATES = st.dictionaries(
    st.sampled_from(["office", "board", "ext/101"]),
    st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 3), min_size=1),
)


@settings(deadline=None)  # a busy machine is slow
@given(STATES, STATES)
def test_a_difference_leads_from_one_to_the_other(old: Audiences, new: Audiences) -> None:
    state = copy.deepcopy(old)
    merge(state, difference(old, new))
    assert state == new


@settings(deadline=None)  # a busy machine is slow
@given(st.randoms(use_true_random=False))
def test_whatever_is_lost_or_doubled_a_beat_and_a_snapshot_make_it_right(chance: random.Random) -> None:
    truth: Audiences = {}
    replica = Replica()
    epoch, seq = "g1", 0
    shown: Audiences = {}
    for _ in range(60):
        if chance.random() < 0.05:
            epoch, seq = epoch + "'", 0
        seq += 1
        key = chance.choice("abcdef")
        body: Audiences = {chance.choice(["office", "board"]): {key: chance.choice([None, 1, 2])}}
        merge(truth, copy.deepcopy(body))
        for _ in range(chance.choice([0, 1, 1, 1, 2])):
            merge(shown, replica.delta(epoch, seq, copy.deepcopy(body)) or {})
        if replica.stale and chance.random() < 0.3:
            merge(shown, replica.snapshot(epoch, seq, copy.deepcopy(truth)) or {})
    if not replica.beat(epoch, seq):
        merge(shown, replica.snapshot(epoch, seq, copy.deepcopy(truth)) or {})
    assert (replica.audiences, shown) == (truth, truth)
