"""The fragments of «Добавить номер»: what they say, step by step."""

import pytest
from django.test import Client
from django.utils import translation

from crm.models import AddressType, ContactInfo, ContactPerson, Counterparty, NumberPlacement, PendingTransfer
from tests.customers.place_steps import (
    FRAGMENT,
    GIVEN,
    HOSTILE,
    LIST,
    NUMBER,
    PLACE,
    SEARCH,
    UNDO,
    chosen,
    come_in,
    fields,
    html,
    keys,
    opened,
    rows,
    step,
    told,
)
from tests.factories import (
    ContactInfoFactory,
    ContactInfoKindFactory,
    ContactPersonFactory,
    CounterpartyFactory,
    CustomerSourceFactory,
    NumberPlacementFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("licensed_pbx")]


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


@pytest.mark.parametrize(
    ("phone", "said"),
    [("", "«Готово» запишет номер в «Телефон»."), ("+7 812 333-44-55", "«Готово» добавит строку «Телефон» с номером.")],
)
def test_what_done_would_do_by_itself_is_said_before(client: Client, phone: str, said: str) -> None:
    """An own row is announced as such: nobody need fear for the number that is there."""
    come_in(client)
    ContactInfoKindFactory(owner="counterparty", name="Телефон")
    company = CounterpartyFactory(phone=phone) if phone else CounterpartyFactory()
    with translation.override("ru"):
        assert f"<span>{said}</span>" in chosen(client, company)


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
