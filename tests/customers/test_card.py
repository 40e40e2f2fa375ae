"""The card of each sort of owner: what stands in it, who may look, what it costs."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from crm.models import ContactInfo
from tests.customers.card_office import FRAGMENT, HOSTILE, CardOffice, browser, text_of
from tests.factories import (
    ContactInfoFactory,
    ContactInfoKindFactory,
    ContactPersonFactory,
    CounterpartyFactory,
    CustomerSourceFactory,
    MobileKindFactory,
    PanelUserFactory,
    PbxFactory,
    PendingTransferFactory,
)

pytestmark = pytest.mark.django_db
KINDS = ("counterparty", "person", "user")


@pytest.fixture
def office() -> CardOffice:
    return CardOffice()


@pytest.fixture
def client(office: CardOffice) -> Client:
    return browser(office.operator)


def fragment(client: Client, address: str) -> str:
    answer = client.get(address, headers=FRAGMENT)
    assert answer.status_code == 200
    return text_of(answer)


def addresses(office: CardOffice) -> list[str]:
    company = office.company()
    person = office.person(company)
    pages = [
        reverse("card", args=[kind, pk])
        for kind, pk in zip(KINDS, (company.pk, person.pk, office.editor.pk), strict=True)
    ]
    lists = [
        reverse("card-calls", args=["counterparty", company.pk]),
        f"{reverse('card-number-calls')}?number=79995550011",
    ]
    return [*pages, *lists, f"{reverse('card-by-number')}?number=79995550011", reverse("card-managers")]


def test_a_stranger_is_sent_to_the_log_in(office: CardOffice) -> None:
    for address in addresses(office):
        answer = browser(None).get(address)
        assert (answer.status_code, answer.headers["Location"].partition("?")[0]) == (302, reverse("login"))
        assert browser(None).get(address, headers=FRAGMENT).status_code == 401


def test_a_user_without_a_seat_is_told_why(office: CardOffice) -> None:
    seatless = browser(PanelUserFactory(in_use=False, pbx=office.pbx))
    for address in addresses(office):
        assert seatless.get(address, headers=FRAGMENT).status_code == 403
        answer = seatless.get(address)
        assert (answer.status_code, "Your panel is not switched on" in text_of(answer)) == (403, True)


def test_what_there_is_not(client: Client) -> None:
    wrong = [
        "/card/company/1/",
        "/card/counterparty/0/",
        f"/card/person/{10**30}/",
        "/card/user/999999/",
        "/card/user/x/",
    ]
    assert [client.get(address).status_code for address in wrong] == [404] * len(wrong)
    assert client.post("/card/user/1/").status_code == 405


def test_the_card_of_a_company(office: CardOffice, client: Client) -> None:
    company = office.company(note="Любит чай\nпо утрам")
    person = office.person(company)
    html = fragment(client, reverse("card", args=["counterparty", company.pk]))
    expected = [
        "<bdi>ООО «Ромашка»</bdi>",
        f'<span data-person="{office.editor.pk}"></span>',
        'data-dial="102"',
        '<li class="card-row main"',
        '<bdi class="num">+7 495 111-22-33</bdi>',
        'data-dial="+74951112233"',
        'href="mailto:info@romashka.example"',
        f'data-open-card="person/{person.pk}"',
        "директор",
        'data-dial="+79161234567"',
        "Любит чай<br>по утрам",
        "Your settings do not allow editing customers: ask an administrator.",
        "No calls yet",
    ]
    assert [part for part in expected if part not in html] == []
    assert [part for part in ("hx-post", "/edit/", "/info/") if part in html] == []


def test_the_card_of_a_person_and_of_a_colleague(office: CardOffice, client: Client) -> None:
    company = office.company()
    person = office.person(company)
    html = fragment(client, reverse("card", args=["person", person.pk]))
    assert f'data-open-card="counterparty/{company.pk}"' in html
    assert f'data-person="{office.editor.pk}"' in html
    assert "+7 495 111-22-33" not in html
    ContactInfoFactory(user=office.editor, kind=MobileKindFactory(), value="+7 903 555-00-11")
    html = fragment(client, reverse("card", args=["user", office.editor.pk]))
    expected = [
        "Уткин Павел",
        'data-dial="102"',
        'data-dial="+79035550011"',
        "Colleagues are edited in the administration.",
    ]
    assert [part for part in expected if part not in html] == []


def test_a_colleague_of_another_pbx_has_other_numbers(office: CardOffice, client: Client) -> None:
    stranger = PanelUserFactory(number="101", pbx=PbxFactory())
    office.call("+79990001122", 5)
    html = fragment(client, reverse("card", args=["user", stranger.pk]))
    assert ("works at another PBX" in html, "data-dial" in html, "No calls yet" in html) == (True, False, True)


def test_marks(office: CardOffice, client: Client) -> None:
    source = CustomerSourceFactory(configuration="ut11")
    company = office.company(archived=True, source=source, external_ref="1")
    row = ContactInfo.objects.filter(counterparty=company).order_by("pk")[0]
    PendingTransferFactory(source=source, contact_info=row)
    html = fragment(client, reverse("card", args=["counterparty", company.pk]))
    assert ("archived" in html, "Kept by" in html, "waits for the transfer" in html) == (True, True, True)
    html = fragment(client, reverse("card", args=["user", office.user("103", is_active=False).pk]))
    assert "switched off" in html


def test_an_extension_is_shown_and_not_dialled(office: CardOffice, client: Client) -> None:
    company = CounterpartyFactory()
    ContactInfoFactory(counterparty=company, value="8 (495) 111-22-33 доб. 12")
    html = fragment(client, reverse("card", args=["counterparty", company.pk]))
    assert ('data-dial="+74951112233"' in html, "ext. 12" in html) == (True, True)


def test_who_was_merged_leads_on(client: Client) -> None:
    last = CounterpartyFactory()
    first = CounterpartyFactory(merged_into=CounterpartyFactory(merged_into=last))
    for headers in ({}, FRAGMENT):
        answer = client.get(reverse("card", args=["counterparty", first.pk]), headers=headers)
        assert (answer.status_code, answer.headers["Location"]) == (
            302,
            reverse("card", args=["counterparty", last.pk]),
        )
    loop = CounterpartyFactory()
    loop.merged_into = CounterpartyFactory(merged_into=loop)
    loop.save()
    assert client.get(reverse("card", args=["counterparty", loop.pk]), follow=True).status_code == 200
    person = ContactPersonFactory(counterparty=last)
    gone = ContactPersonFactory(counterparty=last, merged_into=person)
    assert client.get(reverse("card", args=["person", gone.pk])).headers["Location"] == f"/card/person/{person.pk}/"
    assert "person-" + str(gone.pk) not in fragment(client, f"/card/counterparty/{last.pk}/")


def test_the_whole_page(office: CardOffice, client: Client) -> None:
    company = office.company()
    html = text_of(client.get(reverse("card", args=["counterparty", company.pk])))
    expected = ["<title>ООО «Ромашка» · astpanel</title>", "bundle/card.js", 'id="page-data"', "csrfmiddlewaretoken"]
    assert [part for part in expected if part not in html] == []
    assert [part for part in ("style=", "onclick", "<script>") if part in html] == []


def test_hostile_names(office: CardOffice, client: Client) -> None:
    company = office.company(name=HOSTILE, note=HOSTILE, manager=office.user("103", last_name=HOSTILE[:40]))
    person = office.person(company, name=HOSTILE, position=HOSTILE)
    kind = ContactInfoKindFactory(name=HOSTILE[:90], type="other")
    ContactInfoFactory(counterparty=company, kind=kind, value=HOSTILE)
    ContactInfoFactory(
        counterparty=company, kind=ContactInfoKindFactory(name="m", type="email"), value=f'"><script>@x{HOSTILE}'
    )
    office.call("+74951112233", 5, caller_name=HOSTILE)
    number = "/panel/card/?number=%3Cimg%20src%3Dx%3E79995550011&call=%22%3E%3Cscript%3E"
    for address in (f"/card/counterparty/{company.pk}/", f"/card/person/{person.pk}/", number):
        for html in (fragment(client, address), text_of(client.get(address))):
            assert [part for part in ("<img", "<script>", "8}}") if part in html.replace("\n", "")] == []


@pytest.mark.parametrize("many", [1, 3])
def test_queries_do_not_grow(
    office: CardOffice, client: Client, rules_known: None, django_assert_num_queries: DjangoAssertNumQueries, many: int
) -> None:
    company = office.company()
    for i in range(many):
        person = office.person(company, phone=f"+7916123450{i}")
        ContactInfoFactory(person=person, kind=ContactInfoKindFactory(owner="person"), value=f"+7916123460{i}")
        office.call(f"+7916123450{i}", 5 + i)
        ContactInfoFactory(counterparty=company, value=f"+7495000000{i}")
    fragment(client, f"/card/counterparty/{company.pk}/")
    with django_assert_num_queries(21):
        fragment(client, f"/card/counterparty/{company.pk}/")
    with django_assert_num_queries(13):
        fragment(client, f"/card/user/{office.operator.pk}/")
    with django_assert_num_queries(14):
        fragment(client, f"/card/counterparty/{company.pk}/calls/")


def test_of_thirty_numbers_ten_and_the_main_ones_are_shown_at_once(office: CardOffice, client: Client) -> None:
    company = CounterpartyFactory(name="АО «Тридцать»")
    for number in range(30):
        ContactInfoFactory(counterparty=company, value=f"+7 812 444-{number:02d}-00", is_main=number == 0)
    late = ContactInfoKindFactory(name="Почта", type="email", order=99)
    mail = ContactInfoFactory(counterparty=company, kind=late, value="info@thirty.example", is_main=True)
    said = fragment(client, reverse("card", args=["counterparty", company.pk]))
    at_once, rest = said.split("<details")
    assert (at_once.count('data-part="row"'), rest.count('data-part="row"')) == (11, 20)
    assert (f'id="row-{mail.pk}"' in at_once, "20 more" in rest) == (True, True)
