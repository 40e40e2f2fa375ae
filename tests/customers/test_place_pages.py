"""The fragments of «Добавить номер»: who gets them, what they say, what they cost."""

import json
import re
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from astpanel.accounts.models import PanelUser
from crm.models import AddressType, ContactInfo, ContactPerson, Counterparty, NumberPlacement, PendingTransfer
from tests.factories import (
    CallRecordFactory,
    ContactInfoFactory,
    ContactInfoKindFactory,
    ContactPersonFactory,
    CounterpartyFactory,
    CustomerSourceFactory,
    NumberPlacementFactory,
    PanelUserFactory,
    PbxFactory,
)
from tests.licences import give_key

pytestmark = pytest.mark.django_db
GIVEN, NUMBER = "+74957654321", "+7 495 765-43-21"
PLACE, SEARCH, UNDO, LIST = "/panel/place/", "/panel/place/search/", "/panel/place/undo/", "/panel/placements/"
HOSTILE = '"><script>alert(1)</script>&amp;\u202e'
FRAGMENT = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def office() -> None:
    give_key()
    PbxFactory()


def come_in(client: Client, **values: Any) -> PanelUser:
    user = PanelUserFactory(number="101", **values)
    client.force_login(user)
    return user


def html(response: Any) -> str:
    assert response.status_code == 200, response.content
    return str(response.content.decode())


def fields(text: str) -> dict[str, str]:
    """What a browser would post back of the form, without any button."""
    found = dict(re.findall(r'<input type="hidden"\s+name="(\w+)"\s+value="([^"]*)"', text))
    return {name: unescape(value) for name, value in found.items()}


def opened(client: Client, **query: str) -> str:
    return html(client.get(PLACE, {"number": GIVEN, **query}, headers=FRAGMENT))


def step(client: Client, before: str, **pressed: str) -> Any:
    return client.post(PLACE, {**fields(before), **pressed}, headers=FRAGMENT)


def chosen(client: Client, customer: Counterparty | ContactPerson, **query: str) -> str:
    kind = "person" if isinstance(customer, ContactPerson) else "counterparty"
    return html(step(client, opened(client, **query), choose=f"{kind}/{customer.pk}"))


def keys(text: str) -> list[str]:
    return re.findall(r'data-row="(\w+)"', text)


def rows() -> list[tuple[str, str, bool]]:
    return list(ContactInfo.objects.filter(user=None).order_by("id").values_list("kind__name", "value", "is_main"))


def told(response: Any) -> dict[str, Any]:
    assert response.status_code == 204, response.content
    return dict(json.loads(response.headers["HX-Trigger"])["place-done"])


# --- who may -----------------------------------------------------------------------------------------------------
VIEWS = [("get", PLACE), ("post", PLACE), ("get", SEARCH), ("post", UNDO), ("get", LIST)]


@pytest.mark.parametrize(("method", "address"), VIEWS)
def test_a_stranger_is_sent_to_log_in(client: Client, method: str, address: str) -> None:
    assert getattr(client, method)(address, headers=FRAGMENT).status_code == 401
    assert getattr(client, method)(address).headers["Location"].startswith("/login/")


@pytest.mark.parametrize(("method", "address"), VIEWS)
def test_a_user_without_a_seat_gets_nothing(client: Client, method: str, address: str) -> None:
    come_in(client, in_use=False)
    assert getattr(client, method)(address, {"number": GIVEN}, headers=FRAGMENT).status_code == 403


@pytest.mark.parametrize(("method", "address"), VIEWS[:4])
def test_a_user_without_the_right_is_told_why(client: Client, method: str, address: str) -> None:
    """At the act too: the page may have been opened before the right was taken away."""
    come_in(client, may_add_numbers=False)
    data = {"number": GIVEN, "placement": "1", "finish": "1"}
    answer = getattr(client, method)(address, data, headers=FRAGMENT)
    assert answer.status_code == 403
    assert "администратор" in answer.content.decode() or "администратор" in answer.json()["text"]
    assert rows() == []


@pytest.mark.parametrize("address", [SEARCH, LIST])
def test_only_asking(client: Client, address: str) -> None:
    come_in(client)
    assert client.post(address).status_code == 405


def test_every_form_wants_the_token(client: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    come_in(strict)
    assert [strict.post(address, {"number": GIVEN}).status_code for address in (PLACE, UNDO)] == [403, 403]


# --- the number --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("number", ["", "anonymous", "*98", "101", "1" * 90, HOSTILE])
def test_what_cannot_be_placed_is_said(client: Client, number: str) -> None:
    come_in(client)
    text = html(client.get(PLACE, {"number": number}, headers=FRAGMENT))
    assert "data-place-close" in text
    assert "place-q" not in text
    assert "<script>" not in text


def test_opened_for_a_customer_who_is_known_already(client: Client) -> None:
    come_in(client)
    company = CounterpartyFactory(name="Луч")
    text = opened(client, kind="counterparty", id=str(company.pk), call="1.7")
    assert (fields(text)["company"], fields(text)["call"]) == (str(company.pk), "1.7")


@pytest.mark.parametrize("pk", ["999", "x", "", "9" * 40])
def test_opened_for_nobody(client: Client, pk: str) -> None:
    come_in(client)
    answer = client.get(PLACE, {"number": GIVEN, "kind": "counterparty", "id": pk}, headers=FRAGMENT)
    assert answer.status_code == (200 if pk == "999" else 400)


# --- step by step ------------------------------------------------------------------------------------------------
def test_three_requests_put_it_in_its_place(client: Client) -> None:
    user = come_in(client)
    company = CounterpartyFactory(name="Луч")
    found = html(client.get(SEARCH, {"q": "луч"}, headers=FRAGMENT))
    assert f'value="counterparty/{company.pk}"' in found
    with translation.override("ru"):
        done = told(step(client, chosen(client, company, call="1.7"), finish="1"))
    placement = NumberPlacement.objects.get()
    assert done["undo"] == placement.pk
    assert (placement.by, placement.linkedid, rows()) == (user, "1.7", [("Телефон", NUMBER, True)])


def test_nothing_is_written_before_done(client: Client) -> None:
    come_in(client)
    company = CounterpartyFactory(phone="+7 812 333-44-55")
    before = rows()
    text = chosen(client, company)
    for press in ("put", "overwrite", "main_row", "edit", "delete", "restore"):
        text = html(step(client, text, **{press: keys(text)[0]}))
    html(step(client, opened(client), create="company", q="Новая"))
    assert (rows(), Counterparty.objects.count(), NumberPlacement.objects.count()) == (before, 1, 0)


def test_the_question_before_something_is_overwritten(client: Client) -> None:
    come_in(client)
    text = chosen(client, CounterpartyFactory(phone="+7 812 333-44-55"))
    row = keys(text)[0]
    asked = html(step(client, text, put=row))
    assert 'role="alertdialog"' in asked
    told(step(client, html(step(client, asked, keep=row)), finish="1"))
    assert rows() == [("Телефон", NUMBER, False), ("Телефон", "+7 812 333-44-55", False)]


def test_the_table_is_the_contacts_when_one_is_chosen(client: Client) -> None:
    come_in(client)
    company = CounterpartyFactory(name="Луч", phone="+7 812 333-44-55")
    person = ContactPersonFactory(counterparty=company, name="Вера Лесная", phone="+7 916 000-00-01")
    text = chosen(client, company)
    assert "+7 812 333-44-55" in text
    text = html(step(client, text, change_contact="1", contact=str(person.pk)))
    assert ("+7 812 333-44-55" in text, "+7 916 000-00-01" in text) == (False, True)
    told(step(client, text, finish="1"))
    assert NumberPlacement.objects.get().person == person


def test_edits_of_a_table_are_not_dropped_without_a_question(client: Client) -> None:
    come_in(client)
    company = CounterpartyFactory(phone="+7 812 333-44-55")
    ContactPersonFactory(counterparty=company)
    text = chosen(client, company)
    text = html(step(client, text, delete=keys(text)[0]))
    for press in ({"change_contact": "1", "contact": "new"}, {"back": "1"}):
        asked = html(step(client, text, **press))
        assert 'role="alertdialog"' in asked
        assert fields(asked)["draft"] == fields(text)["draft"]
    assert 'id="place-q"' in html(step(client, text, back="sure"))
    assert 'name="person_name"' in html(step(client, text, switch="new"))


def test_a_new_person_of_a_new_company(client: Client) -> None:
    come_in(client)
    text = html(step(client, opened(client), create="company", q="  ООО   Новая "))
    text = html(step(client, text, change_contact="1", contact="new"))
    assert step(client, text, finish="1", person_name=" ").status_code == 200  # a name is asked for
    told(step(client, text, finish="1", person_name="Нина Новикова"))
    person = ContactPerson.objects.get()
    assert (person.name, person.counterparty.name, person.counterparty.kind) == (
        "Нина Новикова",
        "ООО Новая",
        "company",
    )


def test_the_full_dialog(client: Client) -> None:
    come_in(client)
    mail = ContactInfoKindFactory(name="Почта", type=AddressType.EMAIL, order=5)
    phone = ContactInfoKindFactory()
    text = chosen(client, CounterpartyFactory())
    wrong = html(step(client, html(step(client, text, edit="")), save="", kind=str(mail.pk), value="no mail"))
    assert 'aria-invalid="true"' in wrong
    several = {"save": "", "kind": str(phone.pk), "value": "+7 812 333-44-55, +7 812 333-44-66"}
    text = html(step(client, text, **several))
    text = html(step(client, text, save="", kind=str(phone.pk), value="+7 812 333-44-77", extension="05", main="on"))
    refused = html(step(client, text, save="", kind=str(phone.pk), value="+7 812 333-44-77", extension="5x"))
    assert 'aria-invalid="true"' in refused
    told(step(client, text, finish="1"))
    assert sorted(rows()) == [
        ("Телефон", "+7 495 765-43-21", False),
        ("Телефон", "+7 812 333-44-55", False),
        ("Телефон", "+7 812 333-44-66", False),
        ("Телефон", "+7 812 333-44-77 доб. 05", True),
    ]


def test_somebody_has_it_already(client: Client) -> None:
    come_in(client)
    north = CounterpartyFactory(name="Север", phone=NUMBER)
    company = CounterpartyFactory(name="Луч")
    first = opened(client)
    assert f'value="counterparty/{north.pk}"' in first
    text = chosen(client, company)
    assert 'value="move"' in text
    told(step(client, text, finish="1", others="move"))
    assert list(ContactInfo.objects.filter(user=None).values_list("counterparty__name", "value")) == [("Луч", NUMBER)]


def test_somebody_got_it_meanwhile(client: Client) -> None:
    come_in(client)
    text = chosen(client, CounterpartyFactory(name="Луч"))
    CounterpartyFactory(name="Север", phone=NUMBER)
    again = html(step(client, text, finish="1"))
    assert "Север" in again
    told(step(client, again, finish="1", others="share"))
    assert ContactInfo.objects.filter(value=NUMBER).count() == 2


def test_the_rows_were_changed_meanwhile(client: Client) -> None:
    come_in(client)
    company = CounterpartyFactory(name="Луч", phone="+7 812 333-44-55")
    text = chosen(client, company)
    text = html(step(client, text, delete=keys(text)[0]))
    row = ContactInfo.objects.get(counterparty=company)
    row.value = "+7 812 000-00-00"
    row.save()
    again = html(step(client, text, finish="1"))
    assert ("+7 812 000-00-00" in again, "+7 812 333-44-55" in again) == (True, True)
    assert NumberPlacement.objects.count() == 0
    told(step(client, again, finish="1"))
    assert rows() == [("Телефон", NUMBER, True)]


def test_done_twice_adds_it_once(client: Client) -> None:
    come_in(client)
    text = chosen(client, CounterpartyFactory(name="Луч"))
    told(step(client, text, finish="1"))
    again = html(step(client, text, finish="1"))
    done = told(step(client, again, finish="1"))
    assert (done["undo"], len(rows()), NumberPlacement.objects.count()) == (None, 1, 1)


def test_the_customer_is_gone_meanwhile(client: Client) -> None:
    come_in(client)
    company, other = CounterpartyFactory(name="Луч"), CounterpartyFactory(name="Лучший")
    text = chosen(client, company)
    Counterparty.objects.filter(pk=company.pk).update(merged_into=other)
    assert "Лучший" in html(step(client, text, put=keys(text)[0]))
    Counterparty.objects.filter(pk=company.pk).delete()
    assert 'id="place-q"' in html(step(client, text, finish="1"))
    assert rows() == []


def test_a_customer_of_1c_waits_for_the_transfer(client: Client) -> None:
    come_in(client)
    source = CustomerSourceFactory(configuration="ut_11", enabled=True)
    company = CounterpartyFactory(name="Луч", source=source, external_ref="0f1d-1")
    done = told(step(client, chosen(client, company), finish="1"))
    transfer = PendingTransfer.objects.get()
    assert (transfer.value, transfer.state, done["detail"] != "") == (NUMBER, "waiting", True)
    assert client.post(UNDO, {"placement": done["undo"]}).status_code == 200
    transfer.refresh_from_db()
    assert (transfer.state, rows()) == ("dropped", [])


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"finish": "1"},
        {"put": "1"},
        {"choose": "user/1"},
        {"choose": "counterparty/x"},
        {"create": "user", "q": "Имя"},
        {"create": "company", "q": "Имя\u202e"},
        {"draft": "{}", "company": "1", "put": "1"},
        {"draft": "", "company": "", "company_kind": "company", "company_name": "И", "finish": "1"},
        {"draft": "{}", "company": "", "company_kind": "god", "finish": "1"},
    ],
)
def test_what_our_page_never_posts(client: Client, data: dict[str, str]) -> None:
    come_in(client)
    Counterparty.objects.create(pk=1, name="Луч")
    assert client.post(PLACE, {"number": GIVEN, **data}, headers=FRAGMENT).status_code == 400


# --- hostile texts -----------------------------------------------------------------------------------------------
def test_hostile_names_are_texts(client: Client) -> None:
    come_in(client)
    kind = ContactInfoKindFactory(name=HOSTILE)
    company = CounterpartyFactory(name=HOSTILE)
    ContactPersonFactory(counterparty=company, name=HOSTILE, position=HOSTILE)
    ContactInfoFactory(kind=kind, counterparty=company, value=HOSTILE)
    ContactInfoFactory(kind=kind, counterparty=CounterpartyFactory(name=HOSTILE), value=NUMBER)
    pages = [
        opened(client, call=HOSTILE),
        html(client.get(SEARCH, {"q": HOSTILE}, headers=FRAGMENT)),
        chosen(client, company),
        html(step(client, chosen(client, company), put=keys(chosen(client, company))[0])),
        html(step(client, chosen(client, company), edit=keys(chosen(client, company))[0])),
    ]
    NumberPlacementFactory(counterparty=company, number=HOSTILE)
    pages.append(html(client.get(LIST, {"kind": "counterparty", "id": company.pk}, headers=FRAGMENT)))
    assert [("<script" in page, "script" in page) for page in pages] == [(False, True)] * len(pages)


# --- undo and the list -------------------------------------------------------------------------------------------
def test_taken_back(client: Client) -> None:
    come_in(client)
    done = told(step(client, chosen(client, CounterpartyFactory(name="Луч")), finish="1"))
    assert f'data-undo-placement="{done["undo"]}"' in html(client.get(LIST, headers=FRAGMENT))
    answer = client.post(UNDO, {"placement": done["undo"]})
    assert (answer.status_code, answer.json()["ok"], rows()) == (200, True, [])
    again = client.post(UNDO, {"placement": done["undo"]})
    assert (again.status_code, again.json()["ok"]) == (409, False)
    assert "data-undo-placement" not in html(client.get(LIST, headers=FRAGMENT))


def test_another_user_does_not_take_it_back(client: Client) -> None:
    come_in(client)
    done = told(step(client, chosen(client, CounterpartyFactory(name="Луч")), finish="1"))
    come_in(client)
    assert client.post(UNDO, {"placement": done["undo"]}).status_code == 409
    assert len(rows()) == 1


@pytest.mark.parametrize("placement", ["", "x", "-1", "9" * 40])
def test_no_placement(client: Client, placement: str) -> None:
    come_in(client)
    assert client.post(UNDO, {"placement": placement}).status_code == 400


def test_the_list_of_nobody(client: Client) -> None:
    come_in(client)
    assert client.get(LIST, {"kind": "user", "id": "1"}, headers=FRAGMENT).status_code == 400


# --- the history's rows ------------------------------------------------------------------------------------------
def test_unknown_numbers_of_the_history_can_be_added(client: Client) -> None:
    user = come_in(client)
    for number in (GIVEN, "+79161234567", "anonymous"):
        CallRecordFactory(pbx=PbxFactory._meta.model.objects.get(), caller_number=number, caller_name="")
    CounterpartyFactory(name="Луч", phone="+7 916 123-45-67")
    text = html(client.get("/panel/recent/"))
    assert re.findall(r'data-open-place="([^"]*)"', text) == [GIVEN]
    assert 'data-tip="' not in text
    user.may_add_numbers = False
    user.save()
    text = html(client.get("/panel/recent/"))
    assert text.count('data-open-place="') == text.count('data-tip="') == 1


# --- what it costs -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("count", [1, 3])
def test_queries(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, rules_known: None, count: int
) -> None:
    come_in(client)
    companies = [CounterpartyFactory(name=f"Луч {i}", phone=NUMBER) for i in range(count)]
    persons = [ContactPersonFactory(counterparty=companies[0], phone=f"+7 916 000-00-0{i}") for i in range(count)]
    NumberPlacementFactory.create_batch(count, by=PanelUser.objects.get(), counterparty=companies[0])
    opened(client)  # licences are looked at once a minute
    with django_assert_num_queries(OPENED):
        first = opened(client)
    with django_assert_num_queries(CHOSEN):
        text = html(step(client, first, choose=f"counterparty/{companies[0].pk}"))
    with django_assert_num_queries(STEP):
        html(step(client, text, put=keys(text)[-1]))
    with django_assert_num_queries(FOUND):
        html(client.get(SEARCH, {"q": "луч"}, headers=FRAGMENT))
    with django_assert_num_queries(LISTED):
        html(client.get(LIST, headers=FRAGMENT))
    assert len(persons) == count


OPENED, CHOSEN, STEP, FOUND, LISTED = 7, 11, 10, 11, 7
