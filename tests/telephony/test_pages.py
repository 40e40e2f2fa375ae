"""The operator's pages: who gets in, what they are told, and how many queries it costs."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from astpanel.accounts.models import Favourite, PanelUser
from telephony import presenters, selectors
from telephony.models import CallRecord, Pbx
from tests.factories import CallRecordFactory, DepartmentFactory, PanelUserFactory, PbxFactory

pytestmark = pytest.mark.django_db
PAGES = ("panel", "recent", "people", "favourite")


@pytest.fixture
def pbx() -> Pbx:
    return PbxFactory()


@pytest.fixture
def operator(pbx: Pbx) -> PanelUser:
    return PanelUserFactory(number="101", pbx=pbx)


@pytest.fixture
def client(operator: PanelUser) -> Client:
    browser = Client()
    browser.force_login(operator)
    return browser


def record(pbx: Pbx, caller: str, called: str, **values: object) -> CallRecord:
    """A finished call with two participants."""
    values = {"caller_name": "", "started": timezone.now()} | values
    call: CallRecord = CallRecordFactory(pbx=pbx, caller_number=caller, called_number=called, **values)
    return call


@pytest.mark.parametrize("page", PAGES)
def test_a_stranger_is_sent_to_the_log_in(page: str) -> None:
    answer = Client().post(reverse(page)) if page == "favourite" else Client().get(reverse(page))
    assert (answer.status_code, answer.headers["Location"]) == (302, f"{reverse('login')}?next={reverse(page)}")


def test_a_user_not_in_use_is_told_why(pbx: Pbx) -> None:
    browser = Client()
    browser.force_login(PanelUserFactory(in_use=False, pbx=pbx))
    answer = browser.get(reverse("panel"), headers={"Accept-Language": "ru"})
    assert answer.status_code == 403
    assert "«Использовать»" in answer.content.decode()
    assert [browser.get(reverse(page)).status_code for page in ("recent", "people")] == [403, 403]
    assert browser.post(reverse("favourite"), {"number": "101", "on": "1"}).status_code == 403
    assert Favourite.objects.count() == 0


def test_without_a_pbx_the_page_says_what_to_do() -> None:
    browser = Client()
    browser.force_login(PanelUserFactory())
    answer = browser.get(reverse("panel"), headers={"Accept-Language": "ru"})
    assert answer.status_code == 403
    assert "АТС ещё не подключена" in answer.content.decode()


def page_data(browser: Client) -> dict[str, object]:
    """What the page hands to its script."""
    html = browser.get(reverse("panel")).content.decode()
    text = html.partition('<script id="page-data" type="application/json">')[2].partition("<")[0]
    data: dict[str, object] = json.loads(text)
    return data


def test_page_data(client: Client, operator: PanelUser, pbx: Pbx) -> None:
    sales = DepartmentFactory(name="Продажи", order=1)
    boss = PanelUserFactory(number="102", pbx=pbx, department=sales, last_name="Орлов", first_name="<b>", patronymic="")
    PanelUserFactory(number="300", pbx=PbxFactory())  # of another PBX
    PanelUserFactory(number="103", pbx=pbx, is_active=False)
    PanelUserFactory(pbx=pbx)  # without a number
    client.post(reverse("favourite"), {"number": "102", "on": "1"})
    data = page_data(client)
    assert data["user"] == {"id": operator.pk, "name": str(operator), "numbers": ["101"], "supervisor": False}
    assert data["favourites"] == ["102"]
    common = {"status": "on_site", "until": ""}
    assert data["people"] == [
        {"id": boss.pk, "name": "Орлов <b>", "numbers": ["102"], "group": "Продажи", **common},
        {"id": operator.pk, "name": str(operator), "numbers": ["101"], "group": "", **common},
    ]


def test_favourites(client: Client, operator: PanelUser) -> None:
    for on in ("1", "1", "0", "0", "1"):
        assert client.post(reverse("favourite"), {"number": "102", "on": on}).status_code == 204
    assert selectors.favourites(user=operator) == ["102"]


@pytest.mark.parametrize(("number", "on"), [("", "1"), ("1 2", "1"), ("<b>", "1"), ("1" * 33, "1"), ("101", "2")])
def test_bad_favourites(client: Client, number: str, on: str) -> None:
    assert client.post(reverse("favourite"), {"number": number, "on": on}).status_code == 400
    assert Favourite.objects.count() == 0


@pytest.mark.parametrize("people", [1, 30])
def test_colleagues_cost_two_queries(pbx: Pbx, django_assert_num_queries: DjangoAssertNumQueries, people: int) -> None:
    for i in range(people):
        PanelUserFactory(number=str(200 + i), pbx=pbx, department=DepartmentFactory())
    with django_assert_num_queries(2):
        found = selectors.colleagues(pbx_id=pbx.pk)
    assert [person.numbers for person in found] == [(str(200 + i),) for i in range(people)]


def test_recent_calls_seen_by_one_side(pbx: Pbx, operator: PanelUser) -> None:
    PanelUserFactory(number="102", pbx=pbx, last_name="Орлов", first_name="Глеб", patronymic="")
    now = timezone.now()
    record(pbx, "+74951112233", "101", started=now - timedelta(minutes=3), disposition="missed", caller_name="LUCH")
    record(pbx, "anonymous", "101", started=now - timedelta(minutes=4), disposition="missed")
    record(pbx, "101", "102", started=now - timedelta(minutes=2), direction="internal")
    record(pbx, "101", "+79161234567", started=now - timedelta(minutes=1), direction="outbound")
    record(pbx, "102", "+79160000000", started=now, direction="outbound")  # not mine
    record(pbx, "102", "101", started=now, disposition="in_progress")  # shown live
    record(PbxFactory(), "101", "102", started=now)  # another PBX
    calls = selectors.recent_calls(pbx_id=pbx.pk, numbers=["101"])
    rows = [presenters.recent_row(call) for call in calls]
    keys = ("title", "number", "icon", "missed", "dial")
    assert [tuple(row[key] for key in keys) for row in rows] == [
        ("+7 916 123-45-67", "+7 916 123-45-67", "outbound", False, "+79161234567"),
        ("Орлов Глеб", "102", "internal", False, "102"),
        ("LUCH", "+7 495 111-22-33", "missed", True, "+74951112233"),
        ("номер скрыт", "", "missed", True, ""),
    ]


@pytest.mark.parametrize("calls", [1, 3])
def test_recent_calls_cost_the_same_however_many(
    pbx: Pbx, operator: PanelUser, rules_known: None, django_assert_num_queries: DjangoAssertNumQueries, calls: int
) -> None:
    for i in range(calls):
        record(pbx, f"+7495111223{i}", "101")
    with django_assert_num_queries(4):
        assert len(selectors.recent_calls(pbx_id=pbx.pk, numbers=["101"])) == calls


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, ""), (0.4, ""), (59.9, "00:59"), (65, "01:05"), (3733, "1:02:13"), (36_000, "10:00:00")]
)
def test_clock(seconds: float, text: str) -> None:
    assert presenters.clock(seconds) == text


def test_a_locked_log_in_says_what_to_do(operator: PanelUser) -> None:
    browser = Client(headers={"Accept-Language": "ru"})
    wrong = {"username": operator.username, "password": "wrong"}
    answers = [browser.post(reverse("login"), wrong) for _ in range(8)]
    assert [answer.status_code for answer in answers] == [200] * 7 + [429]
    assert "Слишком много неверных паролей" in answers[-1].content.decode()
