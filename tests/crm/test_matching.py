"""Whom a number means when several have it."""

import itertools

import pytest

from crm.matching import Candidate, Contact, best_match

KEYS = ("+74951112233", "4951112233")
ROMASHKA = Contact("counterparty", 1, "ООО «Ромашка»")
PETROV = Contact("person", 2, "Петров Пётр", "ООО «Луч»")
IVANOV = Contact("user", 3, "Иванов Иван")


def candidate(
    contact: Contact,
    row: int,
    e164: str = KEYS[0],
    *,
    internal: bool = False,
    is_main: bool = False,
    archived: bool = False,
) -> Candidate:
    return Candidate(contact, row, e164, e164.lstrip("+")[-10:], internal, is_main, archived)


def test_nobody() -> None:
    assert best_match(KEYS, []) is None
    assert best_match(KEYS, [candidate(PETROV, 1, "+74959998877")]) is None
    assert best_match(("", ""), [candidate(PETROV, 1, "")]) is None


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        pytest.param(candidate(PETROV, 9), candidate(ROMASHKA, 1, "4951112233"), id="exact before last 10 digits"),
        pytest.param(candidate(PETROV, 9, is_main=True), candidate(ROMASHKA, 1), id="main first"),
        pytest.param(candidate(PETROV, 1), candidate(ROMASHKA, 9), id="oldest first"),
        pytest.param(
            candidate(PETROV, 9, "4951112233"), candidate(ROMASHKA, 1, is_main=True, archived=True), id="archived last"
        ),
    ],
)
def test_order(better: Candidate, worse: Candidate) -> None:
    assert [best_match(KEYS, order) for order in itertools.permutations([better, worse])] == [better.contact] * 2


def test_an_archived_owner_is_better_than_a_bare_number() -> None:
    assert best_match(KEYS, [candidate(ROMASHKA, 1, archived=True)]) == ROMASHKA


def test_an_internal_number_is_the_colleague_even_if_a_customer_has_the_same_digits() -> None:
    customer, colleague = candidate(ROMASHKA, 1, "101", is_main=True), candidate(IVANOV, 2, "101", internal=True)
    assert best_match(("101", "101"), [customer, colleague]) == IVANOV


def test_as_json_is_what_the_live_protocol_carries() -> None:
    assert PETROV.as_json() == {"kind": "person", "id": 2, "name": "Петров Пётр", "company": "ООО «Луч»"}
