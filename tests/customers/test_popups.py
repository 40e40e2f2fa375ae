"""One device at a time shows the pop-up of a call: the lease, its end, hostile questions, twenty devices at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from astpanel.accounts.models import PanelUser
from telephony.customers import popup_views
from telephony.customers.popups import KEPT, LEASE, Claim, claim, give_up, prune
from telephony.models import Pbx, PopupClaim
from tests.databases import PrivateDatabase
from tests.factories import PanelUserFactory, PbxFactory

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
DEVICES = 20


@pytest.fixture
def pbx() -> Pbx:
    return PbxFactory()


@pytest.fixture
def operator(pbx: Pbx) -> PanelUser:
    return PanelUserFactory(number="101", pbx=pbx)


def ask(user: PanelUser, device: str, seconds: float = 0.0, call: str = "1.1") -> Claim:
    now = NOW + timedelta(seconds=seconds)
    return claim(user_id=user.pk, pbx_id=user.pbx_id or 0, call=call, device=device, now=now)


@pytest.mark.django_db
def test_the_first_has_it_keeps_it_and_others_wait(operator: PanelUser) -> None:
    other = PanelUserFactory(pbx=operator.pbx)
    assert [ask(operator, "a"), ask(operator, "b"), ask(operator, "a", 2), ask(operator, "b", 3)] == [
        Claim(True, 2.0), Claim(False, 2.0), Claim(True, 2.0), Claim(False, 2.0),
    ]  # fmt: skip
    assert ask(operator, "b", 6.5) == Claim(False, 0.5)
    assert [ask(operator, "b", call="1.2").mine, ask(other, "b").mine] == [True, True]
    assert PopupClaim.objects.count() == 3


@pytest.mark.django_db
def test_who_slept_with_it_has_lost_it(operator: PanelUser) -> None:
    after = LEASE.total_seconds()
    assert [ask(operator, "a").mine, ask(operator, "b", after).mine, ask(operator, "a", after + 1).mine] == [
        True, True, False,
    ]  # fmt: skip


@pytest.mark.django_db
def test_given_up_by_who_has_it_only(operator: PanelUser) -> None:
    ask(operator, "a")
    whose: dict[str, Any] = {"user_id": operator.pk, "pbx_id": operator.pbx_id, "call": "1.1"}
    give_up(**whose, device="b", now=NOW + timedelta(seconds=1))
    assert ask(operator, "b", 1).mine is False
    give_up(**whose, device="a", now=NOW + timedelta(seconds=1))
    assert [ask(operator, "b", 1).mine, ask(operator, "a", 1).mine] == [True, False]


@pytest.mark.django_db
def test_old_rows_go(operator: PanelUser) -> None:
    ask(operator, "a", -KEPT.total_seconds() - LEASE.total_seconds() - 1)
    ask(operator, "a", call="1.2")
    assert prune(now=NOW) == 1
    assert list(PopupClaim.objects.values_list("linkedid", flat=True)) == ["1.2"]


@pytest.mark.parametrize("before", ["nobody", "expired", "given up"])
def test_twenty_devices_at_once_and_one_has_it(private_database: PrivateDatabase, before: str) -> None:
    user: PanelUser = PanelUserFactory(pbx=PbxFactory())
    if before != "nobody":
        ask(user, "z", -60)
    if before == "given up":
        give_up(user_id=user.pk, pbx_id=user.pbx_id or 0, call="1.1", device="z", now=NOW - timedelta(seconds=59))
    together = Barrier(DEVICES)

    def one(number: int) -> bool:
        try:
            PopupClaim.objects.exists()  # connected before the start
            together.wait(60)
            return ask(user, f"device{number}").mine
        finally:
            connection.close()

    with ThreadPoolExecutor(DEVICES) as pool:
        won = [number for number, mine in enumerate(pool.map(one, range(DEVICES))) if mine]
    assert [f"device{number}" for number in won] == list(PopupClaim.objects.values_list("device", flat=True))


@pytest.fixture
def client(operator: PanelUser) -> Client:
    popup_views._limits.clear()  # of users of other tests, who had the same ids
    browser = Client()
    browser.force_login(operator)
    return browser


def post(client: Client, call: str = "1.1", device: str = "a1", **more: str) -> Any:
    return client.post(reverse("popup-claim"), {"call": call, "device": device, **more})


@pytest.mark.django_db
def test_over_http(client: Client, operator: PanelUser, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    post(client)
    with django_assert_num_queries(10):  # session, user, three of the licence (else once a minute), four facts, renewal
        answer = post(client)
    assert (answer.json(), answer["Cache-Control"]) == ({"mine": True, "again_in": 2.0}, ANSWER_IS_NEVER_KEPT)
    assert post(client, device="b2").json()["mine"] is False
    gone = post(client, give_up="1")
    assert (gone.status_code, gone.content) == (204, b"")
    assert post(client, device="b2").json() == {"mine": True, "again_in": 2.0}


ANSWER_IS_NEVER_KEPT = "max-age=0, no-cache, no-store, must-revalidate, private"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("call", "device"),
    [
        *(("", "a"), ("1.1", ""), ("x" * 151, "a"), ("1.1", "a" * 65), ("1.1\r\nAction: Originate", "a")),
        *(("1\x00", "a"), ("1\u202e", "a"), ("1.1", "a b"), ("1.1", "ü"), ("1.1", "a\n")),
    ],
)
def test_hostile_questions_are_refused(client: Client, call: str, device: str) -> None:
    assert (post(client, call, device).status_code, PopupClaim.objects.count()) == (400, 0)


@pytest.mark.django_db
def test_it_takes_whatever_a_linkedid_may_be(client: Client) -> None:
    assert post(client, "«АТС»-" + "7" * 144, "f" * 64).json()["mine"] is True


@pytest.mark.django_db
def test_not_more_often_than_devices_need(client: Client) -> None:
    answers = [post(client).status_code for _ in range(popup_views.QUESTIONS[0] + 1)]
    assert answers == [200] * popup_views.QUESTIONS[0] + [429]


@pytest.mark.django_db
def test_strangers(client: Client, pbx: Pbx) -> None:
    for name in ("popup-claim", "caller-facts"):
        send = Client().post if name == "popup-claim" else Client().get
        answer = send(reverse(name), {"call": "1.1", "device": "a", "number": "1"})
        assert (answer.status_code, answer.headers["Location"].partition("?")[0]) == (302, reverse("login"))
        script = send(reverse(name), {"call": "1.1", "device": "a"}, headers={"HX-Request": "true"})
        assert (script.status_code, script.content) == (401, b"")
    for who in ({"in_use": False}, {"is_active": False}):
        other = Client()
        other.force_login(PanelUserFactory(pbx=pbx, **who))
        assert post(other).status_code in {302, 403}
    away = Client()
    away.force_login(PanelUserFactory(number="105", pbx=PbxFactory(enabled=False)))
    assert post(away).status_code == 403
    assert (client.get(reverse("popup-claim")).status_code, client.post(reverse("caller-facts")).status_code) == (
        405,
        405,
    )
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(PanelUserFactory(number="106", pbx=pbx))
    assert post(strict).status_code == 403
    assert PopupClaim.objects.count() == 0
