"""What a key is worth, when and where. No database."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from astpanel.accounts.licensing.verify import GRACE, SET_BACK, SKEW, SOON, Circumstances, State, covers, state_of
from tests.licences import NOON, document

HERE = "11111111-2222-4333-8444-555555555555"
OTHER = "99999999-2222-4333-8444-555555555555"
END = NOON + timedelta(days=60)
SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)


def state(now: datetime = NOON, latest: datetime | None = None, version: str = "1.2.3", **values: Any) -> State:
    return state_of(document(**values), Circumstances(HERE, version, now, latest))


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (NOON, State.VALID),
        (END - SOON - SECOND, State.VALID),
        (END - SOON, State.EXPIRES_SOON),
        (END - SECOND, State.EXPIRES_SOON),
        (END, State.GRACE),
        (END + GRACE - SECOND, State.GRACE),
        (END + GRACE, State.EXPIRED),
        (END + 1000 * DAY, State.EXPIRED),
    ],
)
def test_the_life_of_a_key_with_an_end(now: datetime, expected: State) -> None:
    assert state(now, expires=END) == expected


def test_a_key_without_an_end() -> None:
    assert [state(NOON), state(NOON + 10_000 * DAY)] == [State.VALID, State.VALID]


def test_a_key_for_later() -> None:
    assert [state(NOON - SKEW), state(NOON - SKEW - SECOND)] == [State.VALID, State.NOT_YET_VALID]


def test_the_clock_set_back() -> None:
    latest = END - 20 * DAY
    assert [
        state(latest - SET_BACK, latest, expires=END),  # a day behind: a time zone mended, not a trick
        state(latest - SET_BACK - SECOND, latest, expires=END),
        state(latest - SET_BACK - SECOND, latest),  # nothing to gain
        state(NOON - 100 * DAY, latest),  # a dead battery: the key was valid once and has no end
        state(END - SECOND, END + SECOND, expires=END),  # time does not run backwards
        state(END, latest, expires=END),
    ] == [State.VALID, State.CLOCK_SET_BACK, State.VALID, State.VALID, State.GRACE, State.GRACE]


def test_for_whom_and_what() -> None:
    assert [
        state(installation=HERE),
        state(installation=OTHER),
        state(product="astpanel-pro"),
        state(max_version="1.2"),
        state(max_version="1.1"),
        state(product="other", installation=OTHER, max_version="0", expires=NOON + SECOND, now=END + GRACE),
        state(installation=OTHER, max_version="0"),
    ] == [
        State.VALID,
        State.OTHER_INSTALLATION,
        State.OTHER_PRODUCT,
        State.VALID,
        State.TOO_OLD_FOR_VERSION,
        State.OTHER_PRODUCT,
        State.OTHER_INSTALLATION,
    ]


@pytest.mark.parametrize(
    ("limit", "version", "covered"),
    [
        ("1", "1.9.3", True),
        ("1", "0.1.0", True),
        ("1", "2.0", False),
        ("1.2", "1.2.99", True),
        ("1.2", "1.10", False),
        ("1.2", "1", True),
        ("1.2.3", "1.2.4", False),
    ],
)
def test_versions(limit: str, version: str, covered: bool) -> None:
    assert covers(limit, version) == covered


def test_only_valid_keys_give_seats() -> None:
    assert [each for each in State if each.usable] == [State.VALID, State.EXPIRES_SOON]
