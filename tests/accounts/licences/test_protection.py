"""The keys together: seats, grace times, closing, and the words for each."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from django.utils import translation
from pytest_django import DjangoAssertNumQueries, Settings

from astpanel.accounts.licensing.access import KEPT, Bar, access, bars, keeper
from astpanel.accounts.licensing.document import Fault
from astpanel.accounts.licensing.protection import Protection
from astpanel.accounts.licensing.selectors import protection
from astpanel.accounts.licensing.verify import GRACE, State
from astpanel.accounts.licensing.words import FAULTS, LABELS, fault_text, key_text
from astpanel.accounts.models import Installation, License
from tests.factories import InstallationFactory, LicenseFactory, PanelUserFactory
from tests.licences import NOON, document

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
LONG_AGO = NOON - 300 * DAY


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


@dataclass(frozen=True)
class Told:
    """What a page shows."""

    level: str
    usable: bool
    seats: tuple[int, int, int]  # used, total, covered
    closed: bool
    until: datetime | None
    text: str


def tell(state: Protection) -> Told:
    seats = (state.seats_used, state.seats_total, state.seats_covered)
    return Told(state.level, state.usable, seats, state.closed, state.grace_until, state.reason)


def told(now: datetime = NOON) -> Told:
    return tell(protection(now=now))


def old_installation() -> None:
    InstallationFactory()
    Installation.objects.update(created=LONG_AGO)


def new_installation() -> None:
    InstallationFactory()
    Installation.objects.update(created=NOON - DAY)


CLOSED = "The panel is closed until a valid key is added; nothing is deleted."


def test_a_new_portal_without_a_key() -> None:
    new_installation()
    until = NOON - DAY + GRACE
    text = "There is no licence key yet. The panel works until March 15, 2026."
    assert told() == Told("warning", False, (0, 0, 0), False, until, text)
    PanelUserFactory.create_batch(2)
    assert told() == Told("warning", False, (2, 0, 2), False, until, text)
    text = f"There is no licence key yet. {CLOSED}"
    assert told(until) == Told("error", False, (2, 0, 0), True, None, text)


def test_seats_add_up() -> None:
    old_installation()
    LicenseFactory(seats=5)
    LicenseFactory(seats=3, kind="trial", expires=NOON + 30 * DAY)
    LicenseFactory(seats=50, issued=NOON + DAY)  # not yet
    PanelUserFactory.create_batch(3)
    PanelUserFactory(in_use=False)
    PanelUserFactory(is_active=False)
    assert told() == Told("ok", True, (3, 8, 3), False, None, "3 of 8 seats taken.")


def test_an_end_that_is_near() -> None:
    old_installation()
    LicenseFactory(expires=NOON + 3 * DAY)
    assert told().text == "0 of 10 seats taken. A key ends on March 5, 2026."
    assert told().level == "warning"


def test_the_end_the_grace_time_and_the_closing() -> None:
    old_installation()
    end = NOON + 30 * DAY
    LicenseFactory(kind="trial", seats=5, expires=end)
    PanelUserFactory.create_batch(2)
    assert told().level == "ok"
    text = "The licence ended on April 1, 2026."
    grace = Told("warning", False, (2, 0, 2), False, end + GRACE, f"{text} The panel works until April 15, 2026.")
    assert [told(end), told(end + GRACE - DAY)] == [grace, grace]
    over = Told("error", False, (2, 0, 0), True, None, f"{text} {CLOSED}")
    assert told(end + GRACE) == over
    LicenseFactory(seats=2)
    assert told(end + GRACE) == Told("ok", True, (2, 2, 2), False, None, "2 of 2 seats taken.")


def test_more_users_than_seats_after_one_of_two_keys_has_ended() -> None:
    old_installation()
    LicenseFactory(seats=2)
    LicenseFactory(seats=2, issued=LONG_AGO, expires=NOON)
    users = PanelUserFactory.create_batch(3)
    over = "Users in use: 3, seats of the licence keys: 2."
    text = f"{over} All can work until March 16, 2026."
    assert told() == Told("warning", True, (3, 2, 3), False, NOON + GRACE, text)
    text = f"{over} The panel opens for 2 of them only: free seats or add a key."
    assert told(NOON + GRACE) == Told("error", True, (3, 2, 2), False, None, text)
    stand = bars(now=NOON + GRACE)
    assert [stand.of(user.pk) for user in users] == [Bar.NONE, Bar.NONE, Bar.NO_SEAT]
    assert {bars(now=NOON).of(user.pk) for user in users} == {Bar.NONE}


def test_some_work_on_in_the_grace_time_of_a_key_that_was_too_small() -> None:
    old_installation()
    LicenseFactory(seats=2, issued=LONG_AGO, expires=NOON)
    users = PanelUserFactory.create_batch(3)
    state = protection(now=NOON)
    assert (state.closed, state.seats_covered, state.grace_until, state.level) == (False, 2, NOON + GRACE, "error")
    assert [bars(now=NOON).of(user.pk) for user in users] == [Bar.NONE, Bar.NONE, Bar.NO_SEAT]


def test_a_clock_set_back_closes_until_it_is_right() -> None:
    InstallationFactory()
    Installation.objects.update(created=LONG_AGO, latest_seen=NOON)
    LicenseFactory(expires=NOON + 90 * DAY, issued=NOON - 90 * DAY)
    PanelUserFactory()
    clock = "The clock of the server is behind the latest moment seen: set it right, then keys count again."
    state = protection(now=NOON - 2 * DAY)
    assert ([key.state for key in state.keys], state.closed, state.reason) == (
        [State.CLOCK_SET_BACK],
        True,
        f"{clock} {CLOSED}",
    )
    assert told(NOON).level == "ok"
    LicenseFactory()  # without an end
    assert told(NOON - 2 * DAY).level == "ok"


@pytest.mark.parametrize(
    "change",
    [
        {"seats": 11},
        {"kind": "trial"},
        {"holder": "ООО «Луч»"},
        {"key_id": "OTHER"},
        {"issued": NOON - DAY},
        {"expires": NOON + 999 * DAY},
        {"expires": None},
        {"max_version": "9"},
        {"installation": "11111111-2222-4333-8444-555555555555"},
        {"document": ""},
        {"document": "-----BEGIN ASTPANEL LICENCE-----\n\x01\ud83d"[:-1]},
    ],
)
def test_a_row_changed_past_the_portal_counts_no_more(change: dict[str, object]) -> None:
    old_installation()
    LicenseFactory(expires=NOON + 90 * DAY)
    assert told().level == "ok"
    License.objects.update(**change)
    state = protection(now=NOON)
    assert ([key.state for key in state.keys], state.closed, state.seats_total) == ([State.TAMPERED], True, 0)


def test_another_installation_after_the_secret_has_changed(settings: Settings) -> None:
    from astpanel.accounts.licensing.services import create_trial  # noqa: PLC0415 - beside what it is about

    old_installation()
    create_trial(by=None, now=NOON)
    old, settings.SECRET_KEY = settings.SECRET_KEY, "another secret key of fifty characters, made for this test"
    assert [key.state for key in protection(now=NOON).keys] == [State.UNKNOWN_SIGNER]
    settings.SECRET_KEY_FALLBACKS = [old]
    assert [key.state for key in protection(now=NOON).keys] == [State.VALID]


def test_unreadable_verification_keys(settings: Settings) -> None:
    old_installation()
    LicenseFactory()
    settings.LICENSE_KEYS = ["nonsense"]
    state = protection(now=NOON)
    assert (state.available, state.usable, state.level) == (False, False, "error")
    assert state.reason == "The keys that verify licences cannot be read: check ASTPANEL_LICENSE_KEYS."


def test_every_state_and_fault_has_words() -> None:
    assert set(LABELS) == set(State)
    assert set(FAULTS) == set(Fault)
    full = document(
        expires=NOON, installation="11111111-2222-4333-8444-555555555555", max_version="1", holder="%(x)s {}"
    )
    for language in ("ru", "en"):
        with translation.override(language):
            texts = [key_text(state, full) for state in State] + [fault_text(fault) for fault in Fault]
        assert all(texts)
        assert len(set(texts)) == len(texts)


def test_three_queries_for_any_number_of_keys(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    old_installation()
    for _ in range(2):
        LicenseFactory()
        with django_assert_num_queries(3):
            protection(now=NOON)


def test_the_hot_path_asks_the_database_once_a_minute_and_after_a_change(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    old_installation()
    row = LicenseFactory(seats=1)
    PanelUserFactory.create_batch(3)
    with django_assert_num_queries(4):  # the keys, and who is without a seat
        assert bars(now=NOON).first_without_seat is not None
    with django_assert_num_queries(0):
        bars(now=NOON)
        bars(now=NOON + 9 * DAY)
    access().read -= KEPT + 1
    with django_assert_num_queries(4):
        bars(now=NOON)
    row.delete()
    assert bars(now=NOON).closed
    License.objects.all().delete()
    keeper.forget()
    LicenseFactory()
    assert not bars(now=NOON).closed
