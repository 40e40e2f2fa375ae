"""Lists and forms of customers: search, filters, what the source keeps, what was merged, queries at any size."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from astpanel.accounts.models import PanelUser
from astpanel.admin_parts import REACHABLE
from crm.models import ContactPerson, Counterparty
from tests.crm.admin.pages import HOSTILE, address, administrator, rows_of_form, staff
from tests.factories import (
    ContactInfoFactory,
    ContactInfoKindFactory,
    ContactPersonFactory,
    CounterpartyFactory,
    CustomerSourceFactory,
    PanelUserFactory,
)

pytestmark = pytest.mark.django_db
ENGLISH = {"accept-language": "en"}


def listed(client: Client, model: Any = Counterparty, **asked: str) -> list[str]:
    page = client.get(address(model, "changelist"), asked)
    return [row.name for row in page.context["cl"].result_list]


def test_search_by_any_part(client: Client) -> None:
    administrator(client)
    manager = PanelUserFactory(last_name="Сидоров")
    CounterpartyFactory(name="ООО «Ёлка»", phone="8 (495) 111-22-33", manager=manager)
    luch = CounterpartyFactory(name="Луч")
    ContactPersonFactory(counterparty=luch, name="Петров Пётр", phone="8 916 777-88-99")
    found = {
        text: listed(client, q=text)
        for text in ("елк", "ООО ЁЛ", "495 111", "+7 (495) 11", "22-33", "петр", "сидор", "нет", "%", "77788")
    }
    elka = ["ООО «Ёлка»"]
    assert found == {
        **dict.fromkeys(("елк", "ООО ЁЛ", "495 111", "+7 (495) 11", "22-33", "сидор"), elka),
        "петр": ["Луч"],
        **{text: [] for text in ("нет", "%", "77788")},
    }
    persons = {text: listed(client, ContactPerson, q=text) for text in ("77788", "луч", "8916777", "елка")}
    person = ["Петров Пётр"]
    assert persons == {"77788": person, "луч": person, "8916777": person, "елка": []}


def test_filters(client: Client) -> None:
    administrator(client)
    source, manager = CustomerSourceFactory(), PanelUserFactory(last_name="Сидоров")
    kept = CounterpartyFactory(name="Из базы", source=source, external_ref="1", manager=manager, phone="1112233")
    CounterpartyFactory(name="Свой", kind="person")
    CounterpartyFactory(name="В архиве", archived=True)
    CounterpartyFactory(name="Слитый", archived=True, merged_into=kept)
    asked: dict[str, dict[str, str]] = {
        "in use": {},
        "archived": {"state": "archived"},
        "merged": {"state": "merged"},
        "all": {"state": "all"},
        "manager": {"manager": str(manager.pk)},
        "nobody": {"manager": "none"},
        "source": {"source": str(source.pk)},
        "own": {"source": "none"},
        "person": {"kind__exact": "person"},
        "number": {"phone": "yes"},
        "no number": {"phone": "no"},
        "nonsense": {"manager": "x", "source": "9" * 30, "phone": "?", "state": "?"},
    }
    assert {name: listed(client, **filters) for name, filters in asked.items()} == {
        "in use": ["Из базы", "Свой"],
        "archived": ["В архиве"],
        "merged": ["Слитый"],
        "all": ["В архиве", "Из базы", "Свой", "Слитый"],
        "manager": ["Из базы"],
        "nobody": ["Свой"],
        "source": ["Из базы"],
        "own": ["Свой"],
        "person": ["Свой"],
        "number": ["Из базы"],
        "no number": ["Свой"],
        "nonsense": ["Из базы", "Свой"],
    }


@pytest.mark.parametrize(("text", "queries"), [("", 7), ("луч", 10), ("495111", 11)])
@pytest.mark.parametrize("count", [1, 3])
def test_queries_of_the_list(client: Client, count: int, text: str, queries: int, rules_known: None) -> None:
    administrator(client)
    for number in range(count):
        company = CounterpartyFactory(name=f"Луч {number}", phone=f"8 495 111-22-0{number}", manager=PanelUserFactory())
        ContactPersonFactory(counterparty=company)
    client.get(address(Counterparty, "changelist"), {"q": text})
    with CaptureQueriesContext(connection) as captured:
        client.get(address(Counterparty, "changelist"), {"q": text})
    assert len(captured) == queries, "\n".join(query["sql"] for query in captured.captured_queries)
    counts = [query["sql"] for query in captured.captured_queries if "COUNT(" in query["sql"]]
    assert [f"LIMIT {REACHABLE}" in sql for sql in counts] == [True]


def test_what_the_source_keeps_is_read_only_and_says_why(client: Client) -> None:
    administrator(client)
    source = CustomerSourceFactory(configuration="ut11")
    row = CounterpartyFactory(name="Из базы", source=source, external_ref="1")
    person = ContactPersonFactory(counterparty=row, name="Петров", source=source, external_ref="2")
    kind = ContactInfoKindFactory()
    page = client.get(address(Counterparty, "change", row.pk), headers=ENGLISH).content.decode()
    assert "Kept by the source of customers" in page
    sent = {
        "kind": "company",
        "name": "Другое",
        "manager": str(PanelUserFactory().pk),
        "archived": "on",
        "note": "Новая",
    }
    sent |= {"external_ref": "9", **rows_of_form("contact_info", [{"kind": kind.pk, "value": "111-22-33"}])}
    persons = [{"id": person.pk, "counterparty": row.pk, "name": "Иной", "position": "директор", "archived": "on"}]
    sent |= rows_of_form("contact_persons", persons, initial=1)
    assert client.post(address(Counterparty, "change", row.pk), sent).status_code == 302
    row.refresh_from_db()
    person.refresh_from_db()
    stored = (row.name, row.manager, row.archived, row.external_ref, row.note, row.contact_info.count())
    assert stored == ("Из базы", None, False, "1", "Новая", 1)
    assert (person.name, person.archived, person.position) == ("Петров", False, "директор")


def test_who_was_merged_away_is_only_looked_at(client: Client) -> None:
    administrator(client)
    kept = CounterpartyFactory(name="Остался")
    row = CounterpartyFactory(name="Слитый", archived=True, merged_into=kept)
    page = client.get(address(Counterparty, "change", row.pk), headers=ENGLISH)
    text = page.content.decode()
    assert (page.status_code, 'name="_save"' in text) == (200, False)
    assert "This one was merged into another and can only be looked at." in text
    assert f'<a href="{address(Counterparty, "change", kept.pk)}"><bdi>Остался</bdi></a>' in text
    assert client.post(address(Counterparty, "change", row.pk), {"name": "x"}).status_code == 403


def test_a_new_customer_has_no_empty_fields_about_sources(client: Client) -> None:
    administrator(client)
    page = client.get(address(Counterparty, "add"), headers=ENGLISH).content.decode()
    assert ("field-origin" in page, "field-leads_to" in page) == (False, False)


def test_autocompletion_offers_customers_in_use(client: Client) -> None:
    administrator(client)
    CounterpartyFactory(name="Луч")
    CounterpartyFactory(name="Луч старый", archived=True)
    asked = {"app_label": "crm", "model_name": "contactperson", "field_name": "counterparty", "term": "луч"}
    answer = client.get(reverse("admin:autocomplete"), asked).json()
    assert [row["text"] for row in answer["results"]] == ["Луч"]


@pytest.mark.parametrize(
    "name", [HOSTILE, "😀" * 255, "x" * 255, '=HYPERLINK("http://x")', "\u202eкурб\u202c", "a\u0000b"[:1]]
)
@pytest.mark.parametrize("model", [Counterparty, ContactPerson])
def test_hostile_names(client: Client, model: Any, name: str) -> None:
    administrator(client)
    company = CounterpartyFactory(name=name)
    row = company if model is Counterparty else ContactPersonFactory(counterparty=company, name=name)
    owner = {"counterparty": company, "kind": ContactInfoKindFactory(name=HOSTILE)}
    ContactInfoFactory(**owner, value="1112233 <b>")
    for page in (address(model, "changelist"), address(model, "change", row.pk), address(model, "delete", row.pk)):
        text = client.get(page).content.decode()
        assert ("<script>alert" in text, "<b>" in text.replace("<b>Администратор", "")) == (False, False)
    assert listed(client, model, q=name[:20]) == [name]


def test_looking_is_not_changing(client: Client) -> None:
    staff(client, "view_counterparty", "view_contactperson")
    row = CounterpartyFactory()
    page = client.get(address(Counterparty, "changelist")).content.decode()
    assert ("merge_chosen" in page, reverse("admin:customers_duplicates") in page) == (False, False)
    assert client.post(address(Counterparty, "change", row.pk), {"name": "x"}).status_code == 403


def test_the_filter_names_managers_only(client: Client) -> None:
    administrator(client)
    PanelUserFactory(last_name="Никто")
    first, gone, chosen = (PanelUserFactory(last_name=name) for name in ("Арбузов", "Бывший", "Выбранный"))
    for manager in (gone, first, first):
        CounterpartyFactory(manager=manager)
    PanelUser.objects.filter(pk=gone.pk).update(in_use=False, is_active=False)

    def offered(**asked: str) -> list[str]:
        page = client.get(address(Counterparty, "changelist"), asked, headers=ENGLISH)
        (found,) = (spec for spec in page.context["cl"].filter_specs if spec.title == "responsible manager")
        return [str(label).split()[0] for _value, label in found.lookup_choices]

    assert offered() == ["nobody", "Арбузов", "Бывший"]
    assert offered(manager=str(chosen.pk)) == ["nobody", "Арбузов", "Бывший", "Выбранный"]


@pytest.mark.parametrize("model", [Counterparty, ContactPerson])
def test_the_archive_is_a_word(client: Client, model: Any) -> None:
    administrator(client)
    make = CounterpartyFactory if model is Counterparty else ContactPersonFactory
    make(name="Был", archived=True)
    make(name="Есть")
    text = client.get(address(model, "changelist"), {"state": "all"}, headers=ENGLISH).content.decode()
    assert re.findall(r'<td class="field-in_archive">(.*?)</td>', text) == ['<span class="quiet">archived</span>', ""]
