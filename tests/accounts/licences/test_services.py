"""Keys added, the trial, the clock: what is accepted, and what is said when not."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from astpanel.accounts.licensing.services import create_trial, install_demo_key, install_key, note_time, protection
from astpanel.accounts.licensing.verify import State
from astpanel.accounts.models import Installation, License
from tests.factories import PASSWORD, InstallationFactory, LicenseFactory, PanelUserFactory
from tests.licences import NOON, sealed

pytestmark = pytest.mark.django_db
NOW = NOON + timedelta(days=1)
DAY = timedelta(days=1)


def install(now: datetime = NOW, **values: Any) -> License:
    return install_key(document=sealed(**values).encode(), by=None, now=now)


def refusal(now: datetime = NOW, data: bytes | None = None, **values: Any) -> str:
    with pytest.raises(ValidationError) as caught:
        install_key(document=sealed(**values).encode() if data is None else data, by=None, now=now)
    return str(caught.value.code)


def states(now: datetime = NOW) -> list[tuple[str, State]]:
    return [(key.license.key_id, key.state) for key in protection(now=now).keys]


def test_a_key_is_added() -> None:
    by = PanelUserFactory()
    row = install_key(document=sealed(seats=5, max_version="3").encode(), by=by, now=NOW)
    fields = (row.key_id, row.kind, row.holder, row.seats, row.issued, row.expires, row.max_version, row.added_by)
    assert fields == ("TEST-1", "permanent", "ООО «Ромашка»", 5, NOON, None, "3", by)
    assert (states(), protection(now=NOW).seats_total) == ([("TEST-1", State.VALID)], 5)


def test_what_is_not_for_here_is_refused_and_nothing_is_written() -> None:
    forged = sealed().encode().replace(b"\n", b"\n", 1)
    lines = forged.decode().splitlines()
    lines[1] = ("B" if lines[1][0] != "B" else "C") + lines[1][1:]
    assert [
        refusal(data=b"junk"),
        refusal(data="\n".join(lines).encode()),
        refusal(signer="stranger"),
        refusal(product="other"),
        refusal(installation="11111111-2222-4333-8444-555555555555"),
        refusal(max_version="0.0"),
        refusal(expires=NOON + DAY, now=NOW + 30 * DAY),
    ] == [
        "no_licence",
        "tampered",
        "unknown_signer",
        "other_product",
        "other_installation",
        "too_old_for_version",
        "expired",
    ]
    assert not License.objects.exists()


def test_what_is_accepted_though_it_does_not_count_now() -> None:
    install(key="LATER", issued=NOW + 9 * DAY)
    install(key="JUST-OVER", expires=NOW - timedelta(hours=1))
    here = str(InstallationFactory().uuid)
    install(key="OURS", installation=here)
    assert dict(states()) == {"LATER": State.NOT_YET_VALID, "JUST-OVER": State.GRACE, "OURS": State.VALID}


def test_the_same_key_twice() -> None:
    install()
    assert refusal() == "exists"
    install(issued=NOON + DAY, seats=20)  # a renewal under the same number
    assert refusal() == "older"
    row = License.objects.get()
    assert (row.seats, states()) == (20, [("TEST-1", State.VALID)])


def test_a_row_that_was_changed_is_mended_by_its_file() -> None:
    install()
    for change in ({"seats": 999}, {"document": "gone"}):
        License.objects.update(**change)
        assert states() == [("TEST-1", State.TAMPERED)]
        install()
        assert (states(), License.objects.get().seats) == ([("TEST-1", State.VALID)], 10)


def test_the_trial_is_made_once() -> None:
    row = create_trial(by=None, now=NOW)
    assert (row.kind, row.seats, row.expires, row.installation) == (
        "trial",
        25,
        NOW + timedelta(days=30),
        str(Installation.objects.get().uuid),
    )
    assert states() == [(row.key_id, State.VALID)]
    row.delete()
    with pytest.raises(ValidationError) as caught:
        create_trial(by=None, now=NOW)
    assert caught.value.code == "trial_exists"
    assert not License.objects.exists()


def test_a_trial_cannot_be_made_longer_by_editing_it() -> None:
    create_trial(by=None, now=NOW)
    License.objects.update(expires=NOW + 9999 * DAY, kind="permanent", seats=9999)
    assert [state for _, state in states()] == [State.TAMPERED]


def test_a_trial_does_not_count_elsewhere() -> None:
    create_trial(by=None, now=NOW)
    Installation.objects.update(uuid="11111111-2222-4333-8444-555555555555")
    assert [state for _, state in states()] == [State.UNKNOWN_SIGNER]


def test_the_demos_key_counts_in_a_demo_only_and_is_made_anew(settings: Settings) -> None:
    settings.DEMO = True
    first = install_demo_key(now=NOW)
    assert (install_demo_key(now=NOW + DAY).pk, states()) == (first.pk, [("DEMO", State.VALID)])
    later = install_demo_key(now=NOW + 400 * DAY)
    assert (License.objects.get().pk, later.issued) == (later.pk, NOW + 400 * DAY)
    settings.DEMO = False
    assert states(NOW + 400 * DAY) == [("DEMO", State.UNKNOWN_SIGNER)]


def test_the_latest_moment_moves_forward_and_not_too_often() -> None:
    InstallationFactory()

    def seen(now: datetime) -> datetime | None:
        note_time(now=now)
        return Installation.objects.get().latest_seen

    assert [seen(NOW), seen(NOW + timedelta(minutes=4)), seen(NOW + timedelta(minutes=6)), seen(NOON)] == [
        NOW,
        NOW,
        NOW + timedelta(minutes=6),
        NOW + timedelta(minutes=6),
    ]


def test_logging_in_moves_it(client: Client) -> None:
    LicenseFactory()
    InstallationFactory()
    user = PanelUserFactory()
    before = timezone.now()
    client.post("/login/", {"username": user.username, "password": PASSWORD})
    latest = Installation.objects.get().latest_seen
    assert latest is not None
    assert before <= latest <= timezone.now()


def test_no_trial_while_the_clock_is_behind() -> None:
    InstallationFactory()
    note_time(now=NOW)
    with pytest.raises(ValidationError) as caught:
        create_trial(by=None, now=NOW - 2 * DAY)
    assert caught.value.code == "clock_set_back"
    assert Installation.objects.get().trial_created is None


def test_the_vendor_forgives_a_clock_that_once_ran_ahead() -> None:
    """Noted by accident: 2035. The clock is right again and yet behind; only the vendor knows better, and only once."""
    here = InstallationFactory()
    wrong = datetime(2035, 1, 1, 12, 0, 0, 500, tzinfo=NOW.tzinfo)
    note_time(now=wrong)
    install(key="TIMED", expires=NOW + 60 * DAY)
    assert states() == [("TIMED", State.CLOCK_SET_BACK)]
    forgiving = {"forgives_clock": wrong.replace(microsecond=0), "expires": NOW + 90 * DAY}
    install(key="ANY", **forgiving)  # made for no installation: forgives nothing
    install(key="NOT-THAT", installation=str(here.uuid), **forgiving | {"forgives_clock": NOON})
    assert {state for _, state in states()} == {State.CLOCK_SET_BACK}
    install(key="FORGIVEN", installation=str(here.uuid), **forgiving)
    assert (Installation.objects.get().latest_seen, {state for _, state in states()}) == (NOW, {State.VALID})
    note_time(now=NOW + 80 * DAY)
    License.objects.filter(key_id="FORGIVEN").delete()
    install(key="FORGIVEN", installation=str(here.uuid), **forgiving)  # the clock set back and the old file again
    assert {state for _, state in states()} == {State.CLOCK_SET_BACK}
