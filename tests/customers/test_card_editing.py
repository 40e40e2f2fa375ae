"""Editing a card over its addresses: forms, problems, both values of a conflict, and who may."""

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from astpanel.accounts.models import PanelUser
from crm.models import ContactInfo, ContactPerson, Counterparty
from tests.customers.card_office import FRAGMENT, CardOffice, browser, text_of
from tests.factories import (
    ContactInfoFactory,
    ContactInfoKindFactory,
    CounterpartyFactory,
    CustomerSourceFactory,
    PanelUserFactory,
)

pytestmark = pytest.mark.django_db
CHANGED = {"customers-changed": {"from": "card"}}


@pytest.fixture
def office() -> CardOffice:
    return CardOffice()


@pytest.fixture
def company(office: CardOffice) -> Counterparty:
    return office.company(note="старое")


@pytest.fixture
def client(office: CardOffice) -> Client:
    return browser(office.editor)


def field(html: str, name: str) -> str:
    """The value of a hidden or text field."""
    return html.partition(f'name="{name}"')[2].partition('value="')[2].partition('"')[0]


def get(client: Client, address: str) -> str:
    answer = client.get(address, headers=FRAGMENT)
    assert answer.status_code == 200
    return text_of(answer)


def post(client: Client, address: str, **values: Any) -> Any:
    answer = client.post(address, values, headers=FRAGMENT)
    assert answer.status_code == 200
    return answer


def events(answer: Any) -> Any:
    return json.loads(answer.headers.get("HX-Trigger-After-Settle", "null"))


def edit(owner: Counterparty | ContactPerson, part: str) -> str:
    kind = "person" if isinstance(owner, ContactPerson) else "counterparty"
    return reverse("card-edit", args=[kind, owner.pk, part])


def everything() -> list[Any]:
    return [list(model.objects.values()) for model in (Counterparty, ContactPerson, ContactInfo)]


def every_address(office: CardOffice, company: Counterparty) -> list[str]:
    row = ContactInfo.objects.filter(counterparty=company).order_by("pk")[0].pk
    person = office.person(company)
    return [
        *(edit(company, part) for part in ("head", "manager", "note", "archived")),
        *(edit(person, part) for part in ("head", "person", "archived")),
        reverse("card-person-add", args=["counterparty", company.pk]),
        reverse("card-row-add", args=["counterparty", company.pk]),
        *(
            reverse(name, args=["counterparty", company.pk, row])
            for name in ("card-row", "card-row-delete", "card-row-main")
        ),
    ]


def test_strangers_write_nothing(office: CardOffice, company: Counterparty) -> None:
    addresses = every_address(office, company)
    before = (
        list(Counterparty.objects.values()),
        list(ContactPerson.objects.values()),
        list(ContactInfo.objects.values()),
    )
    sent = {"name": "x", "note": "x", "archived": "1", "value": "+74950000000", "kind": "1", "seen": ""}
    users: list[tuple[PanelUser | None, int]] = [
        (None, 401),
        (PanelUserFactory(in_use=False, pbx=office.pbx, may_edit_customers=True), 403),
        (office.operator, 403),
    ]
    for user, status in users:
        for address in addresses:
            assert browser(user).post(address, sent, headers=FRAGMENT).status_code == status
    answer = browser(office.operator).post(addresses[0], sent, headers=FRAGMENT)
    assert text_of(answer) == "Your settings do not allow editing customers: ask an administrator."
    after = (
        list(Counterparty.objects.values()),
        list(ContactPerson.objects.values()),
        list(ContactInfo.objects.values()),
    )
    assert after == before


def test_without_the_token_of_the_page_nothing_is_taken(office: CardOffice, company: Counterparty) -> None:
    careful = Client(enforce_csrf_checks=True)
    careful.force_login(office.editor)
    assert careful.post(edit(company, "note"), {"note": "x"}, headers=FRAGMENT).status_code == 403


def test_what_there_is_not(office: CardOffice, company: Counterparty, client: Client) -> None:
    wrong = [
        reverse("card-edit", args=["user", office.editor.pk, "head"]),
        reverse("card-edit", args=["person", office.person(company).pk, "manager"]),
        edit(company, "source"),
        edit(CounterpartyFactory(merged_into=company), "note"),
        reverse("card-edit", args=["counterparty", 999_999, "note"]),
        reverse("card-person-add", args=["person", office.person(company).pk]),
        reverse("card-row", args=["counterparty", company.pk, 999_999]),
    ]
    assert [client.get(address, headers=FRAGMENT).status_code for address in wrong] == [404] * len(wrong)


def test_each_part_opens_saves_and_comes_back(office: CardOffice, company: Counterparty, client: Client) -> None:
    for part, values, shown in (
        ("head", {"name": "АО «Ель»", "kind": "person"}, "<bdi>АО «Ель»</bdi>"),
        ("manager", {"manager_id": str(office.operator.pk)}, f'data-person="{office.operator.pk}"'),
        ("note", {"note": "раз\r\nдва"}, "раз<br>два"),
        ("manager", {"manager_id": ""}, "nobody"),
    ):
        form = get(client, edit(company, part))
        assert "autofocus" in form
        answer = post(client, edit(company, part), **values, seen=field(form, "seen"))
        assert (shown in text_of(answer), "<form" in text_of(answer), events(answer)) == (True, False, CHANGED)
        assert shown in get(client, f"{edit(company, part)}?show=1")
    company.refresh_from_db()
    assert (company.name, company.kind, company.manager, company.note) == ("АО «Ель»", "person", None, "раз\nдва")


def test_the_archive(company: Counterparty, client: Client) -> None:
    html = get(client, reverse("card", args=["counterparty", company.pk]))
    seen = html.partition('"seen": "')[2].partition('"')[0]
    answer = post(client, edit(company, "archived"), archived="1", seen=seen)
    company.refresh_from_db()
    assert (company.archived, "Back from the archive" in text_of(answer), events(answer)) == (True, True, CHANGED)
    late = client.post(edit(company, "archived"), {"archived": "", "seen": seen}, headers=FRAGMENT)
    assert (late.status_code, text_of(late)) == (409, "Somebody changed it meanwhile: look at the card again.")


def test_mistakes_keep_what_was_typed(company: Counterparty, client: Client) -> None:
    form = get(client, edit(company, "head"))
    answer = post(client, edit(company, "head"), name='"><b>\t.', kind="alien", seen=field(form, "seen"))
    html = text_of(answer)
    assert ("control characters" in html, 'value="&quot;&gt;&lt;b&gt;\t."' in html, events(answer)) == (
        True,
        True,
        None,
    )


def test_both_values_of_a_conflict(office: CardOffice, company: Counterparty, client: Client) -> None:
    form = get(client, edit(company, "note"))
    Counterparty.objects.filter(pk=company.pk).update(note="<их> запись")
    html = text_of(post(client, edit(company, "note"), note="моя запись", seen=field(form, "seen")))
    assert ("&lt;их&gt; запись" in html, "\nмоя запись</textarea>" in html, "Save mine" in html) == (True, True, True)
    company.refresh_from_db()
    assert company.note == "<их> запись"
    post(client, edit(company, "note"), note="моя запись", seen=field(html, "seen"))
    company.refresh_from_db()
    assert company.note == "моя запись"
    form = get(client, edit(company, "manager"))
    Counterparty.objects.filter(pk=company.pk).update(manager=office.operator)
    html = text_of(post(client, edit(company, "manager"), manager_id="", seen=field(form, "seen")))
    assert f'<dd dir="auto">{office.operator}</dd>' in html


def test_persons(company: Counterparty, client: Client) -> None:
    add = reverse("card-person-add", args=["counterparty", company.pk])
    assert ("autofocus" in get(client, add), "<form" in get(client, f"{add}?show=1")) == (True, False)
    assert "Enter a name." in text_of(post(client, add, name=" ", position=""))
    answer = post(client, add, name="Лугов Пётр", position="директор")
    person = ContactPerson.objects.get(counterparty=company)
    assert (person.name, f'id="person-{person.pk}"' in text_of(answer), events(answer)) == ("Лугов Пётр", True, CHANGED)
    form = get(client, edit(person, "person"))
    answer = post(client, edit(person, "person"), name="Лугов П. П.", position="", seen=field(form, "seen"))
    person.refresh_from_db()
    assert (person.name, person.position, "<li" in text_of(answer)) == ("Лугов П. П.", "", True)


def test_rows(company: Counterparty, client: Client) -> None:
    kind = ContactInfoKindFactory().pk
    add = reverse("card-row-add", args=["counterparty", company.pk])
    assert ("autofocus" in get(client, add), "<form" in get(client, f"{add}?show=1")) == (True, False)
    answer = post(client, add, kind=kind, value="+7 916 000-11-22")
    row = ContactInfo.objects.latest("pk")
    assert (row.e164, f'id="row-{row.pk}"' in text_of(answer), events(answer)) == ("+79160001122", True, CHANGED)
    address = reverse("card-row", args=["counterparty", company.pk, row.pk])
    form = get(client, address)
    row.value = "+7 916 000-11-33"
    row.save()
    html = text_of(post(client, address, kind=kind, value="+7 916 000-11-44", seen=field(form, "seen")))
    assert ("+7 916 000-11-33" in html, 'value="+7 916 000-11-44"' in html) == (True, True)
    post(client, address, kind=kind, value="+7 916 000-11-44", seen=field(html, "seen"))
    row.refresh_from_db()
    assert row.e164 == "+79160001144"
    html = text_of(post(client, reverse("card-row-main", args=["counterparty", company.pk, row.pk])))
    assert html.count('class="card-row main"') == 1
    remove = reverse("card-row-delete", args=["counterparty", company.pk, row.pk])
    assert "Somebody changed it" in text_of(post(client, remove, seen=field(form, "seen")))
    answer = post(client, remove, seen=field(get(client, address), "seen"))
    assert (text_of(answer).strip(), events(answer)) == ("", CHANGED)
    assert text_of(post(client, remove, seen="x")).strip() == ""  # somebody was first
    html = text_of(post(client, address, kind=kind, value="+7 916 000-11-55", seen="x"))
    assert ("deleted or merged meanwhile" in html, f'hx-post="{add}"' in html, "+7 916 000-11-55" in html) == (
        True,
    ) * 3


def test_several_numbers_are_offered_as_rows(company: Counterparty, client: Client) -> None:
    add, kind = reverse("card-row-add", args=["counterparty", company.pk]), ContactInfoKindFactory().pk
    two = "+7 916 000-11-22, +7 916 000-11-33"
    html = text_of(post(client, add, kind=kind, value=two))
    assert ('name="split"' in html, "Write 2 rows" in html, f'value="{two}"' in html) == (True, True, True)
    answer = post(client, add, kind=kind, value=two, split="1")
    assert text_of(answer).count('data-part="row"') == 3
    assert ContactInfo.objects.filter(counterparty=company, e164__startswith="+7916000").count() == 2


def test_whose_number_it_is_too(company: Counterparty, client: Client) -> None:
    ContactInfoFactory(counterparty=CounterpartyFactory(name="ИП Беляева"), value="+7 916 000-11-22")
    answer = post(
        client,
        reverse("card-row-add", args=["counterparty", company.pk]),
        kind=ContactInfoKindFactory().pk,
        value="89160001122",
    )
    assert events(answer) == CHANGED | {"card-says": {"text": "Also in the card of: ИП Беляева."}}


def test_what_a_source_keeps(office: CardOffice, client: Client) -> None:
    kept = office.company(source=CustomerSourceFactory(configuration="ut11"), external_ref="42")
    html = get(client, reverse("card", args=["counterparty", kept.pk]))
    offered = [part for part in ("head", "manager", "note", "archived") if edit(kept, part) in html]
    assert (offered, 'id="add-row"' in html, "change it there" in html) == (["note"], True, True)
    form = get(client, edit(kept, "head"))
    html = text_of(post(client, edit(kept, "head"), name="Своё", kind="company", seen=field(form, "seen")))
    assert ("change it there" in html, Counterparty.objects.get(pk=kept.pk).name) == (True, "ООО «Ромашка»")


def test_choosing_a_manager(office: CardOffice, client: Client) -> None:
    office.user("103", is_active=False, last_name="Уткина")
    html = " ".join(get(client, f"{reverse('card-managers')}?q=утк пав").split())
    assert (html.count("<label>"), f'value="{office.editor.pk}" checked' in html) == (1, True)
    assert get(client, f"{reverse('card-managers')}?q=101").count("<label>") == 1
    assert "No colleague is called so." in get(client, f"{reverse('card-managers')}?q=%25%00_")
    html = get(client, f"{reverse('card-managers')}?q=&manager_id={office.editor.pk}")
    assert html.count("<label>") == 3  # nobody, and both


@pytest.mark.parametrize("many", [1, 3])
def test_managers_cost_the_same(office: CardOffice, client: Client, django_assert_num_queries: Any, many: int) -> None:
    for i in range(many):
        office.user(str(300 + i), last_name="Уткина")
    get(client, f"{reverse('card-managers')}?q=утк")
    with django_assert_num_queries(11):
        get(client, f"{reverse('card-managers')}?q=утк")
