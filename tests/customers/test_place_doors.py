"""«Добавить номер»: who gets the fragments, and which numbers they are for."""

import pytest
from django.test import Client

from tests.customers.place_steps import FRAGMENT, GIVEN, HOSTILE, LIST, PLACE, SEARCH, UNDO, come_in, html, rows

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("licensed_pbx")]
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
    answer = getattr(client, method)(address, data, headers={**FRAGMENT, "Accept-Language": "en"})
    assert answer.status_code == 403
    assert "do not allow adding numbers: ask an administrator" in answer.content.decode()
    assert rows() == []


@pytest.mark.parametrize("address", [SEARCH, LIST])
def test_only_asking(client: Client, address: str) -> None:
    come_in(client)
    assert client.post(address).status_code == 405


def test_every_form_wants_the_token(client: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    come_in(strict)
    assert [strict.post(address, {"number": GIVEN}).status_code for address in (PLACE, UNDO)] == [403, 403]


@pytest.mark.parametrize("number", ["", "anonymous", "*98", "101", "1" * 90, HOSTILE])
def test_what_cannot_be_placed_is_said(client: Client, number: str) -> None:
    come_in(client)
    text = html(client.get(PLACE, {"number": number}, headers=FRAGMENT))
    assert "data-place-close" in text
    assert "place-q" not in text
    assert "<script>" not in text
