"""Several numbers in one field of the admin: flagged with an offer, split when it is taken."""

from typing import Any

import pytest
from django.test import Client

from crm.models import ContactInfo, Counterparty
from tests.crm.admin.pages import address, administrator, rows_of_form
from tests.factories import ContactInfoFactory, ContactInfoKindFactory, CounterpartyFactory

pytestmark = pytest.mark.django_db
ENGLISH = {"accept-language": "en"}


def sent(company: Counterparty, rows: list[dict[str, Any]]) -> dict[str, Any]:
    own = {"name": company.name, "kind": "company", "manager": "", "note": "", "external_ref": ""}
    numbers = [{"counterparty": company.pk, **row} for row in rows]
    stored = sum("id" in row for row in rows)
    return {**own, **rows_of_form("contact_info", numbers, stored), **rows_of_form("contact_persons", [])}


def values() -> list[tuple[str, bool]]:
    return list(ContactInfo.objects.order_by("pk").values_list("value", "is_main"))


def post(client: Client, company: Counterparty, *rows: dict[str, Any]) -> str:
    page = client.post(address(Counterparty, "change", company.pk), sent(company, list(rows)), headers=ENGLISH)
    return page.content.decode() if page.status_code == 200 else ""


def test_the_offer_and_what_it_does(client: Client) -> None:
    administrator(client)
    company, kind = CounterpartyFactory(), ContactInfoKindFactory()
    row = {"kind": kind.pk, "value": "8 495 111-22-33 доб. 5; +7 916 000-11-22", "is_main": "on"}
    page = post(client, company, row)
    assert "Several numbers in one field: give each a row of its own." in page
    assert 'name="contact_info-0-split" value="on"' in page
    assert "<bdi>8 495 111-22-33 доб. 5</bdi> · <bdi>+7 916 000-11-22</bdi>" in page
    assert values() == []
    assert post(client, company, {**row, "split": "on"}) == ""
    assert values() == [("8 495 111-22-33 доб. 5", True), ("+7 916 000-11-22", False)]


def test_a_stored_row_is_split_too(client: Client) -> None:
    administrator(client)
    company, kind = CounterpartyFactory(), ContactInfoKindFactory()
    stored = ContactInfoFactory(counterparty=company, kind=kind, value="111-22-33, 444-55-66", is_main=True)
    row = {"id": stored.pk, "kind": kind.pk, "value": stored.value, "is_main": "on", "split": "on"}
    assert post(client, company, row) == ""
    assert values() == [("111-22-33", True), ("444-55-66", False)]


def test_what_cannot_be_told_apart_has_no_offer(client: Client) -> None:
    administrator(client)
    company, kind = CounterpartyFactory(), ContactInfoKindFactory()
    page = post(client, company, {"kind": kind.pk, "value": "111-22-33/34", "split": "on"})
    assert "Several numbers in one field: give each a row of its own." in page
    assert "split-offer" not in page
    assert values() == []


def test_a_part_that_is_wrong_or_there_already_is_refused(client: Client) -> None:
    administrator(client)
    company, kind = CounterpartyFactory(), ContactInfoKindFactory()
    long = {"kind": kind.pk, "value": f"111-22-33, {'4' * 16}", "split": "on"}
    assert "Too long: a phone number has at most 15 digits." in post(client, company, long)
    twice = {"kind": kind.pk, "value": "111-22-33, 111-22-33", "split": "on"}
    assert "The same value twice." in post(client, company, twice)
    there = {"kind": kind.pk, "value": "444-55-66"}
    page = post(client, company, there, {"kind": kind.pk, "value": "111-22-33, 444-55-66", "split": "on"})
    assert "The same value twice." in page
    assert values() == []


def test_numbers_of_another_kind_are_no_several_numbers(client: Client) -> None:
    administrator(client)
    company, kind = CounterpartyFactory(), ContactInfoKindFactory(name="Адрес", type="address")
    assert post(client, company, {"kind": kind.pk, "value": "117000, Мира 5; 1112233", "split": "on"}) == ""
    assert values() == [("117000, Мира 5; 1112233", False)]


def test_hostile_text_in_the_offer_is_escaped(client: Client) -> None:
    administrator(client)
    company, kind = CounterpartyFactory(), ContactInfoKindFactory()
    page = post(client, company, {"kind": kind.pk, "value": "1112233 <script>alert(1)</script>, 4445566"})
    assert "split-offer" in page
    assert "<script>alert" not in page
