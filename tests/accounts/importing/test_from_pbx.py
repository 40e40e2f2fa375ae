"""«Взять с АТС»: a real manager interface on the loopback (the demo PBX), and users made of what it knows."""

import asyncio
from collections.abc import Iterator
from threading import Thread
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from astpanel.accounts.importing.from_pbx import free_username, split_name
from astpanel.accounts.models import PanelUser, UserImport
from astpanel.accounts.selectors import internal_numbers
from telephony.check.people import name_of
from telephony.demo.office import DemoLink
from telephony.demo.people import EMPLOYEES
from telephony.models import Pbx
from telephony.standalone.pbx import start_demo_pbx
from tests.factories import DepartmentFactory, InternalKindFactory, LicenseFactory, PanelUserFactory, PbxFactory
from tests.servers import free_port

HEADERS = {"accept-language": "en"}
NUMBERS = [employee.number for employee in EMPLOYEES]


@pytest.fixture(scope="module")
def demo() -> Iterator[DemoLink]:
    """The demo PBX in a loop of its own."""
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever)
    thread.start()
    server, link = asyncio.run_coroutine_threadsafe(start_demo_pbx(), loop).result(30)
    yield link
    asyncio.run_coroutine_threadsafe(_end(server), loop).result(30)
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


async def _end(server: Any) -> None:
    """The office goes home: no task is left behind."""
    await server.stop()
    rest = asyncio.all_tasks() - {asyncio.current_task()}
    for task in rest:
        task.cancel()
    await asyncio.gather(*rest, return_exceptions=True)


@pytest.fixture
def pbx(db: None, demo: DemoLink) -> Pbx:
    InternalKindFactory()
    row: Pbx = PbxFactory(
        name="Демо", kind="demo", host=demo.host, port=demo.port, username=demo.username, secret=demo.secret
    )
    return row


@pytest.fixture
def admin(client: Client, pbx: Pbx) -> Client:
    client.force_login(PanelUserFactory(admin=True, username="root", in_use=False))
    return client


def ask(client: Client, **query: Any) -> Any:
    return client.get(reverse("admin:users_from_pbx"), query, headers=HEADERS)


def make(client: Client, *numbers: str, **choices: Any) -> Any:
    data = {"number": numbers, "order": "first", **choices}
    return client.post(reverse("admin:users_from_pbx"), data, follow=True, headers=HEADERS)


def test_one_click_makes_users_of_all(admin: Client, pbx: Pbx) -> None:
    LicenseFactory(seats=50)
    department = DepartmentFactory(name="Новые")
    found = ask(admin).context["found"]
    assert set(NUMBERS) <= {entry.number for entry in found}
    done = make(admin, *(entry.number for entry in found), department=department.pk, in_use="on")
    assert done.context["made"].state == UserImport.State.DONE
    for employee in EMPLOYEES:
        user = PanelUser.objects.get(contact_info__value=employee.number)
        assert (user.username, user.last_name, user.first_name, user.pbx, user.department, user.in_use) == (
            *(employee.number, employee.last_name, employee.first_name, pbx, department, True),
        )
        assert (internal_numbers(user), user.has_usable_password()) == ([employee.number], False)
    assert ask(admin).context["found"] == []


def test_numbers_of_users_are_left_out_and_log_ins_kept_apart(admin: Client, pbx: Pbx) -> None:
    LicenseFactory(seats=50)
    first, second = NUMBERS[:2]
    PanelUserFactory(number=first, pbx=pbx)
    PanelUserFactory(username=second)  # called like the number, but it is not theirs
    found = {entry.number for entry in ask(admin).context["found"]}
    assert (first in found, second in found) == (False, True)
    make(admin, first, second, "666")  # one is somebody's, one the PBX does not know
    made = PanelUser.objects.filter(pbx=pbx).exclude(contact_info__value=first)
    assert list(made.values_list("username", "contact_info__value")) == [(f"{second}-2", second)]


def test_seats_that_do_not_suffice_are_said_and_nothing_is_made(admin: Client) -> None:
    LicenseFactory(seats=1)
    page = ask(admin)
    assert (page.context["seats"].allowed, page.context["form"].initial["in_use"]) == (False, False)
    looked = make(admin, *NUMBERS[:2], in_use="on")
    assert looked.context["made"].state == UserImport.State.CHECKED
    assert [bool(outcome["errors"]) for outcome in looked.context["made"].outcomes] == [False, True]
    assert PanelUser.objects.count() == 1
    assert make(admin, *NUMBERS[:2]).context["made"].state == UserImport.State.DONE


def test_a_pbx_that_cannot_be_asked_says_why(admin: Client, pbx: Pbx) -> None:
    for change in ({"secret": "wrong"}, {"port": free_port()}):
        before = {name: getattr(pbx, name) for name in change}
        for name, value in change.items():
            setattr(pbx, name, value)
        pbx.save()
        page = ask(admin)
        assert (page.status_code, page.context["found"], bool(page.context["problem"])) == (200, [], True)
        assert "wrong" not in page.context["problem"].split()
        assert make(admin, "101").context["problem"] == page.context["problem"]
        for name, value in before.items():
            setattr(pbx, name, value)
    assert PanelUser.objects.count() == 1


def test_without_a_pbx_the_page_says_what_to_do(admin: Client) -> None:
    Pbx.objects.all().delete()
    assert reverse("admin:telephony_pbx_add") in ask(admin).content.decode()


@pytest.mark.parametrize(
    ("callerid", "name"),
    [
        ('"Пётр Иванов" <101>', "Пётр Иванов"),
        ("Пётр Иванов <101>", "Пётр Иванов"),
        ('"" <101>', ""),
        ("<101>", ""),
        ("<unknown>", ""),
        ("101", "101"),
        ('"<script>" <101>', ""),
        ("\u202eИванов\r\nAction: x <101>", "ИвановAction: x"),
        ("", ""),
    ],
)
def test_names_in_a_callerid(callerid: str, name: str) -> None:
    assert name_of(callerid) == name


def test_names_are_split_as_chosen() -> None:
    names = ("Иванов Пётр Сергеевич", "Пётр Иванов", "Приёмная", "", "А Б В Г")
    assert [list(split_name(name, first_name_first=False).values()) for name in names] == [
        ["Иванов", "Пётр", "Сергеевич"],
        ["Пётр", "Иванов"],
        ["Приёмная"],
        [],
        ["А", "Б", "В Г"],
    ]
    assert [list(split_name(name, first_name_first=True).values()) for name in names[1:3]] == [
        ["Иванов", "Пётр"],
        ["Приёмная"],
    ]


def test_free_log_ins() -> None:
    assert [free_username("101", taken) for taken in (set(), {"101"}, {"101", "101-2"})] == ["101", "101-2", "101-3"]
