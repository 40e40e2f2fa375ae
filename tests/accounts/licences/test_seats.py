"""Who may be flagged «Использовать»."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.test import Client
from django.utils import translation

from astpanel.accounts import bulk, services
from astpanel.accounts.licensing.seats import claim, may_use_more
from astpanel.accounts.models import PanelUser
from tests.databases import PrivateDatabase
from tests.factories import InstallationFactory, LicenseFactory, PanelUserFactory

CHANCE = 1.5  # seconds the second one has to do it wrong
PEOPLE = [("Иванов", "Пётр"), ("Петров", "Иван"), ("Сидоров", "Сергей"), ("Орлов", "<b>Олег</b>"), ("Юрьев", "Юрий")]


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


def people(count: int, **values: Any) -> list[PanelUser]:
    names = PEOPLE[:count]
    return [PanelUserFactory(last_name=last, first_name=first, patronymic="", **values) for last, first in names]


def in_use() -> int:
    return PanelUser.objects.filter(in_use=True).count()


@pytest.mark.django_db
def test_without_a_key_there_are_no_seats() -> None:
    verdict = may_use_more(count=1)
    text = "No licence key is valid, so there are no seats: add a key under “Licences”."
    assert (verdict.allowed, verdict.free, verdict.total, verdict.text) == (False, 0, 0, text)
    assert verdict.html == f'{text} <a href="/admin/accounts/license/">Licences</a>'
    with pytest.raises(ValidationError) as caught:
        services.create_user(username="new", password="x")
    assert (caught.value.code, PanelUser.objects.count()) == ("no_seats", 0)
    assert services.create_user(username="new", password="x", in_use=False).pk


@pytest.mark.django_db
def test_the_message_names_who_holds_the_seats() -> None:
    LicenseFactory(seats=5)
    people(5)
    PanelUserFactory(in_use=False, last_name="Ааа")
    verdict = may_use_more(count=1)
    assert verdict.text == (
        "All 5 seats are taken. They are held by: Иванов Пётр, Орлов <b>Олег</b>, Петров Иван and 2 more. "
        "Take the mark “Use” off somebody, or add a key."
    )
    assert "Орлов &lt;b&gt;Олег&lt;/b&gt;" in verdict.html
    assert verdict.html.endswith(
        '<a href="/admin/accounts/paneluser/?in_use__exact=1&amp;is_active__exact=1">Who holds the seats</a>'
    )


@pytest.mark.django_db
def test_some_seats_are_free_but_too_few() -> None:
    LicenseFactory(seats=3)
    people(2)
    assert may_use_more(count=1).allowed
    assert may_use_more(count=2).text == (
        "2 seats are needed, 1 is free. They are held by: Иванов Пётр, Петров Иван. "
        "Take the mark “Use” off somebody, or add a key."
    )


@pytest.mark.django_db
def test_many_at_once_all_or_none_and_who_has_a_seat_keeps_it() -> None:
    LicenseFactory(seats=3)
    seated = people(2)
    waiting = PanelUserFactory.create_batch(2, in_use=False)
    off = PanelUserFactory(in_use=False, is_active=False)  # switched off: takes no seat until switched on
    with pytest.raises(ValidationError) as caught:
        services.set_in_use(users=[*seated, *waiting], on=True)
    assert (caught.value.code, in_use()) == ("no_seats", 2)
    assert services.set_in_use(users=[*seated, waiting[0], off], on=True) == 2
    assert services.set_in_use(users=seated, on=True) == 0
    with pytest.raises(ValidationError):
        bulk.change_users(ids=[off.pk], field="is_active", value=True)
    assert services.set_in_use(users=seated[:1], on=False) == 1
    assert bulk.change_users(ids=[off.pk], field="is_active", value=True) == 1


@pytest.mark.django_db
def test_the_page_of_a_user(client: Client) -> None:
    LicenseFactory(seats=1)
    boss = PanelUserFactory(admin=True, last_name="Главный", first_name="", patronymic="", username="boss")
    client.force_login(boss)
    client.cookies["django_language"] = "en"
    password = "Длинный-пароль-7"
    rows = {"contact_info-TOTAL_FORMS": "0", "contact_info-INITIAL_FORMS": "0"}
    data = rows | {"username": "new", "usable_password": "true", "password1": password, "password2": password}
    page = client.post("/admin/accounts/paneluser/add/", data | {"in_use": "on"}).content.decode()
    assert "The only seat is taken. They are held by: Главный." in page
    assert '<a href="/admin/accounts/paneluser/?in_use__exact=1&amp;is_active__exact=1">Who holds the seats</a>' in page
    assert client.post("/admin/accounts/paneluser/add/", data).status_code == 302
    new = PanelUser.objects.get(username="new")
    assert not new.in_use


@pytest.mark.django_db
def test_seats_are_claimed_in_a_transaction() -> None:
    LicenseFactory()
    with transaction.atomic():
        claim(count=1)
    claim(count=0)


def test_two_administrators_at_once_give_the_last_seat_once(private_database: PrivateDatabase) -> None:
    """The second one asks while the first one's transaction is open, and must wait for it."""
    InstallationFactory()  # else making its row would hold the second one up
    LicenseFactory(seats=1)
    first, second = PanelUserFactory.create_batch(2, in_use=False)
    outcomes: list[Any] = []
    answered = threading.Event()

    def give_second() -> None:
        try:
            outcomes.append(services.set_in_use(users=[second], on=True))
        except ValidationError as error:
            outcomes.append(error.code)
        finally:
            connection.close()
            answered.set()

    other = threading.Thread(target=give_second)
    with transaction.atomic():
        outcomes.append(services.set_in_use(users=[first], on=True))
        other.start()
        overtook = answered.wait(CHANCE)
    other.join(60)
    assert (overtook, outcomes, in_use()) == (False, [1, "no_seats"], 1)
