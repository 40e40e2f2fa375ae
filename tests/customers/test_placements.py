"""Numbers that were added: the way back, the list of them, the history's rows; what the fragments cost."""

import re

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from astpanel.accounts.models import PanelUser
from tests.customers.place_steps import (
    FRAGMENT,
    GIVEN,
    LIST,
    NUMBER,
    SEARCH,
    UNDO,
    chosen,
    come_in,
    html,
    keys,
    opened,
    rows,
    step,
    told,
)
from tests.factories import (
    CallRecordFactory,
    ContactPersonFactory,
    CounterpartyFactory,
    NumberPlacementFactory,
    PbxFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("licensed_pbx")]
OPENED, CHOSEN, STEP, FOUND, LISTED = 7, 11, 10, 11, 7  # queries


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
