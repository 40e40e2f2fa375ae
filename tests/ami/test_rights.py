"""What an account may do, which version it talks to, and the noise it can have filtered."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony.ami import filters, rights
from telephony.ami.backoff import Backoff
from telephony.ami.rights import FEATURES, Lacking
from tests.ami.server import AmiServer, Answer, Office, Peer

EVERYTHING = frozenset(name for feature in FEATURES for name in feature.actions)


def commands(*names: str) -> Answer:
    def answer(peer: Peer, action: dict[str, str]) -> None:
        peer.respond(action, *(f"{name}: Text.  (Priv: system,all)" for name in names))

    return answer


def test_all_rights_and_none() -> None:
    assert rights.lacking(EVERYTHING) == ()
    assert [feature.code for feature in rights.lacking(())] == [feature.code for feature in FEATURES]


def test_half_of_a_feature_is_lacking() -> None:
    assert rights.lacking(EVERYTHING - {"Atxfer", "Parkinglots"}) == (
        Lacking("parking", ("Parkinglots",), "call"),
        Lacking("transfer", ("Atxfer",), "call"),
    )


async def test_a_link_knows_its_rights() -> None:
    server = AmiServer(ListCommands=commands(*EVERYTHING - {"Originate", "Hangup", "Filter"}))
    async with server.running(), Office(server.port).running() as office:
        assert office.link.status.missing == ("originate", "hangup", "filters")
        assert office.link.rights.version == "22.10.1"


async def test_an_account_that_may_not_ask_for_the_version() -> None:
    def refuse(peer: Peer, action: dict[str, str]) -> None:
        peer.respond(action, "Message: Permission denied", response="Error")

    async with AmiServer(CoreSettings=refuse).running() as server, Office(server.port).running() as office:
        assert office.link.status.version == ""


@pytest.mark.parametrize(
    ("version", "major"),
    [
        ("22.10.1+dfsg+~cs6.17.60671434-1", 22),
        ("16.28.0~dfsg-0+deb11u4", 16),
        ("certified/20.7-cert3", 20),
        ("GIT-22-a1b2c3", 22),
        ("", None),
        ("unknown", None),
    ],
)
def test_major_version(version: str, major: int | None) -> None:
    assert rights.major_version(version) == major


@pytest.mark.parametrize(
    ("version", "by_name"),
    [
        ("16.28.0~dfsg-0+deb11u4", False),
        ("18.25.0", False),
        ("18.26.0", True),
        ("19.8.1", False),
        ("20.11.1", True),
        ("21.5.0", False),
        ("22.0.0", False),
        ("22.10.1+dfsg", True),
        ("23.0.0", True),
        ("certified/20.7-cert3", False),
        ("", False),
    ],
)
def test_which_asterisk_filters_by_name(version: str, by_name: bool) -> None:
    assert filters.filters_by_name(version) is by_name


@pytest.mark.parametrize(("version", "count"), [("22.10.1", len(filters.NOISE) - 1), ("16.28.0", 1)])
async def test_noise_is_filtered_at_the_pbx(version: str, count: int) -> None:
    def settings(peer: Peer, action: dict[str, str]) -> None:
        peer.respond(action, f"AsteriskVersion: {version}")

    server = AmiServer(
        ListCommands=commands("Filter"),
        CoreSettings=settings,
        Filter=lambda peer, action: peer.respond(action, "Message: Success"),
    )
    async with server.running(), Office(server.port, wanted=frozenset({"Hangup", "VarSet"})).running():
        sent = [action for action in server.actions if action["Action"] == "Filter"]
    assert len(sent) == count
    assert "VarSet" not in str(sent)  # it is wanted
    assert "CEL" in str(sent)


async def test_a_refused_filter_changes_nothing() -> None:
    server = AmiServer(ListCommands=commands("Filter"))
    async with server.running(), Office(server.port, wanted=frozenset({"Hangup"})).running():
        assert [action["Action"] for action in server.actions].count("Filter") == 1


def test_nothing_is_filtered_when_everything_is_wanted() -> None:
    assert filters.noise(None) == ()


@given(st.integers(min_value=0, max_value=2**32), st.integers(min_value=1, max_value=200))
def test_backoff_stays_between_its_bounds_and_grows(seed: int, failures: int) -> None:
    backoff = Backoff(1.0, 30.0, random.Random(seed))
    waits = [backoff.next() for _ in range(failures)]
    assert all(1.0 <= wait <= 30.0 for wait in waits)
    assert all(wait >= 15.0 for wait in waits[5:])
    backoff.reset()
    assert backoff.next() == 1.0
