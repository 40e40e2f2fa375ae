"""The card by a number: who has it, several owners, nobody, hidden."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from telephony.customers.card_number import NumberCard, country_of, number_card
from telephony.customers.card_selectors import Keys
from tests.customers.card_office import FRAGMENT, CardOffice, browser, text_of
from tests.factories import ContactInfoFactory, CounterpartyFactory, NumberingPlanFactory

FREE = "Russia, free of charge for the caller"
pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> CardOffice:
    return CardOffice()


@pytest.fixture
def client(office: CardOffice) -> Client:
    return browser(office.operator)


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def ask(client: Client, number: str, **more: str) -> str:
    answer = client.get(reverse("card-by-number"), {"number": number, **more}, headers=FRAGMENT)
    assert answer.status_code == 200
    return text_of(answer)


def test_the_owner_of_a_number(office: CardOffice, client: Client) -> None:
    company = office.company()
    for number in ("+74951112233", "84951112233", "8 (495) 111-22-33"):
        html = ask(client, number)
        assert ('data-kind="counterparty"' in html, f'data-id="{company.pk}"' in html, "card-owners" in html) == (
            True,
            True,
            False,
        )
    html = ask(client, "102")
    assert ('data-kind="user"' in html, f'data-id="{office.editor.pk}"' in html) == (True, True)


def test_several_owners_with_the_reason(office: CardOffice, client: Client) -> None:
    company = office.company()
    other = CounterpartyFactory(name="ИП <Беляева>", phone="+7 495 111-22-33")
    abroad = CounterpartyFactory(name="Abroad", phone="+1 495 111-22-33", archived=True)
    html = ask(client, "+74951112233", call="1.1")
    expected = [
        "this very number",
        "the last 10 digits are the same · archived",
        "ИП &lt;Беляева&gt;",
        f"owner=counterparty/{abroad.pk}",
    ]
    assert [part for part in expected if part not in html] == []
    assert f'data-id="{company.pk}"' in html
    chosen = ask(client, "+74951112233", owner=f"counterparty/{other.pk}")
    assert (f'data-id="{other.pk}"' in chosen, chosen.count('aria-current="true"')) == (True, 1)
    for wrong in ("counterparty/999999", "user/x", "/", "'"):
        assert f'data-id="{company.pk}"' in ask(client, "+74951112233", owner=wrong)


def test_a_line_of_a_company(office: CardOffice, client: Client) -> None:
    company = CounterpartyFactory(name="ООО «Луч»")
    ContactInfoFactory(counterparty=company, value="+7 495 111-22-33 доб. 12")
    office.person(company, name="Яна", phone="+7 495 111-22-33 доб. 5")
    html = ask(client, "+74951112233")
    assert ("the company&#x27;s line" in html, 'data-kind="counterparty"' in html) == (True, True)


def test_a_number_nobody_has(office: CardOffice, client: Client) -> None:
    NumberingPlanFactory(outside_prefix="9")
    html = ask(browser(office.user("104", may_add_numbers=False)), "+79161234567", call="1.1")
    expected = [
        "+7 916 123-45-67",
        "Nobody in the directory",
        "Russia, mobile",
        "989161234567",
        'data-dial="+79161234567"',
    ]
    assert [part for part in expected if part not in html] == []
    assert ("data-open-place" in html, "Your settings do not allow adding numbers" in html) == (False, True)
    html = ask(client, "+79161234567", call="1.1")
    assert ('data-open-place="+79161234567"' in html, 'data-call="1.1"' in html) == (True, True)


@pytest.mark.parametrize("number", ["", "anonymous", "Restricted", "\u202e", "<script>", "\0"])
def test_a_hidden_number(client: Client, number: str) -> None:
    html = ask(client, number)
    shown = [part for part in ("Number withheld", "data-dial", "data-open-place", "Last calls") if part in html]
    assert shown == ["Number withheld"]


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("+74951112233", ("+7 495 111-22-33", "+74951112233", "Outside number", "Russia", ("4951112233",), ())),
        (
            "88005553535",
            (
                "+7 800 555-35-35",
                "88005553535",
                "Outside number",
                "Russia, free of charge for the caller",
                ("8005553535",),
                (),
            ),
        ),
        ("150", ("150", "150", "Internal number", "", (), ("150",))),
        ("*98", ("*98", "*98", "Service number", "", (), ())),
        ("1" * 20, ("1" * 20, "1" * 20, "Outside number", "", (), ())),
        ("1" * 70, ("1" * 70, "", "Cannot be dialled", "", (), ())),
        ("sip:123@10.0.0.1", ("123", "123", "Internal number", "", (), ("123",))),
    ],
)
def test_what_a_number_says(number: str, expected: tuple[object, ...]) -> None:
    NumberingPlanFactory()
    found = number_card(number)
    keys = found.keys
    assert (found.text, found.dial, found.sort, found.country, keys.outside, keys.internal) == expected


def test_hidden_says_nothing() -> None:
    assert number_card("\u202eanonymous\n") == NumberCard("anonymous", True, "", "", "", "", "", "", Keys())


@pytest.mark.parametrize(("e164", "country"), [("+442079460000", "United Kingdom"), ("+999", ""), ("150", "")])
def test_countries(e164: str, country: str) -> None:
    assert country_of(e164) == country


def test_a_whole_page_of_a_number(client: Client) -> None:
    html = text_of(client.get("/panel/card/?number=%2B79161234567"))
    assert "<title>+7 916 123-45-67 · astpanel</title>" in html
    assert "<title>Number withheld · astpanel</title>" in text_of(client.get("/panel/card/"))
