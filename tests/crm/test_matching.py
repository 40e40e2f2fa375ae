"""Whom a number means when several have it."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.matching import Candidate, Contact, Match, Owner, Reason, Sought, best, matches

SOUGHT = Sought("+74951112233", "4951112233")
ROMASHKA = Owner("counterparty", 1, "ООО «Ромашка»")
LUCH = Owner("counterparty", 4, "ООО «Луч»")
PETROV = Owner("person", 2, "Петров Пётр", "ООО «Луч»")
SIDOROV = Owner("person", 5, "Сидоров Сидор", "ООО «Луч»")
IVANOV = Owner("user", 3, "Иванов Иван")
MANAGER = 7


def candidate(
    owner: Owner,
    row: int,
    e164: str = SOUGHT.e164,
    *,
    extension: str = "",
    internal: bool = False,
    is_main: bool = False,
    archived: bool = False,
    company: Owner | None = None,
) -> Candidate:
    return Candidate(
        owner=owner,
        row=row,
        e164=e164,
        last10=e164.lstrip("+")[-10:],
        extension=extension,
        internal=internal,
        is_main=is_main,
        archived=archived,
        manager=None if owner.kind == "user" else MANAGER,
        company=company,
        company_archived=archived,
    )


def behind(owner: Owner, row: int, extension: str, *, archived: bool = False) -> Candidate:
    """A person of «Луч» with an extension behind its line."""
    return candidate(owner, row, extension=extension, company=LUCH, archived=archived)


def told(sought: Sought, *candidates: Candidate) -> list[tuple[str, str]]:
    """Names and reasons, in order."""
    return [(match.contact.name, match.reason.value) for match in matches(sought, candidates)]


def test_nobody() -> None:
    assert best(matches(SOUGHT, [])) is None
    assert matches(SOUGHT, [candidate(PETROV, 1, "+74959998877")]) == ()
    assert matches(Sought("", ""), [candidate(PETROV, 1, "")]) == ()


@pytest.mark.parametrize(
    ("better", "worse", "reasons"),
    [
        pytest.param(
            candidate(PETROV, 9),
            candidate(ROMASHKA, 1, "4951112233", is_main=True),
            ["exact", "last10"],
            id="exact before last 10 digits",
        ),
        pytest.param(
            candidate(PETROV, 9, is_main=True), candidate(ROMASHKA, 1), ["exact", "exact"], id="main number first"
        ),
        pytest.param(candidate(PETROV, 1), candidate(ROMASHKA, 9), ["exact", "exact"], id="oldest first"),
        pytest.param(
            candidate(PETROV, 9, "4951112233"),
            candidate(ROMASHKA, 1, is_main=True, archived=True),
            ["last10", "exact"],
            id="archived last",
        ),
        pytest.param(
            candidate(ROMASHKA, 9, "4951112233"),
            candidate(PETROV, 1, extension="12", is_main=True),
            ["last10", "line"],
            id="the number before an extension behind it",
        ),
    ],
)
def test_order(better: Candidate, worse: Candidate, reasons: list[str]) -> None:
    for order in itertools.permutations([better, worse]):
        found = matches(SOUGHT, order)
        assert [match.contact.owner for match in found] == [better.owner, worse.owner]
        assert [match.reason for match in found] == reasons


def test_an_archived_owner_is_better_than_a_bare_number() -> None:
    assert matches(SOUGHT, [candidate(ROMASHKA, 1, archived=True)]) == (
        Match(Contact(*ROMASHKA, reason=Reason.EXACT, manager=MANAGER), row_id=1, archived=True),
    )


def test_an_internal_number_is_the_colleague_even_if_a_customer_has_the_same_digits() -> None:
    customer, colleague = candidate(ROMASHKA, 1, "101", is_main=True), candidate(IVANOV, 2, "101", internal=True)
    assert told(Sought("101", "101"), customer, colleague) == [(IVANOV.name, "internal"), (ROMASHKA.name, "exact")]


def test_a_colleague_who_left_comes_after_the_one_who_has_the_number_now() -> None:
    left, here = candidate(IVANOV, 1, "101", internal=True, archived=True), Owner("user", 9, "Орлов Олег")
    assert told(Sought("101", "101"), left, candidate(here, 2, "101", internal=True)) == [
        ("Орлов Олег", "internal"),
        ("Иванов Иван", "internal"),
    ]


def test_a_long_internal_number_is_not_found_by_its_end() -> None:
    long = candidate(IVANOV, 1, "994951112233", internal=True)
    assert matches(SOUGHT, [long]) == ()
    assert told(Sought("994951112233", "4951112233"), long) == [(IVANOV.name, "internal")]


def test_everybody_behind_a_line_is_its_company() -> None:
    persons = behind(PETROV, 1, "12"), behind(SIDOROV, 2, "15")
    for order in itertools.permutations(persons):
        assert told(SOUGHT, *order) == [(LUCH.name, "line"), (PETROV.name, "line"), (SIDOROV.name, "line")]
    shown = best(matches(SOUGHT, persons))
    assert shown == Contact(*LUCH, reason=Reason.LINE, manager=MANAGER, others=(PETROV, SIDOROV))


def test_who_has_the_number_itself_comes_before_the_extensions_behind_it() -> None:
    found = told(SOUGHT, behind(PETROV, 1, "12"), candidate(LUCH, 2))
    assert found == [(LUCH.name, "exact"), (PETROV.name, "line")]


def test_a_company_whose_own_row_has_an_extension_is_there_once() -> None:
    assert told(SOUGHT, behind(PETROV, 1, "12"), candidate(LUCH, 2, extension="0")) == [
        (LUCH.name, "line"),
        (PETROV.name, "line"),
    ]


def test_a_number_dialled_with_an_extension_is_whoever_has_that_extension() -> None:
    dialled = SOUGHT._replace(extension="12")
    assert told(dialled, candidate(LUCH, 1), behind(PETROV, 2, "12"), behind(SIDOROV, 3, "15")) == [
        (PETROV.name, "exact"),
        (LUCH.name, "line"),
        (SIDOROV.name, "line"),
    ]


def test_an_owner_with_several_fitting_rows_is_there_once_by_the_best() -> None:
    found = matches(SOUGHT, [candidate(ROMASHKA, 1, "4951112233"), candidate(ROMASHKA, 2), behind(PETROV, 3, "1")])
    assert [(match.contact.id, match.row_id, match.reason) for match in found] == [(1, 2, "exact"), (2, 3, "line")]


def test_four_others_are_told() -> None:
    owners = [Owner("counterparty", number, f"ООО {number}") for number in range(9)]
    shown = best(matches(SOUGHT, [candidate(owner, owner.id) for owner in owners]))
    assert shown == Contact(*owners[0], reason=Reason.EXACT, manager=MANAGER, others=tuple(owners[1:5]))


def test_as_json_is_what_the_live_protocol_carries() -> None:
    contact = Contact(*PETROV, reason=Reason.LAST10, manager=7, others=(ROMASHKA,))
    assert contact.as_json() == {
        "kind": "person",
        "id": 2,
        "name": "Петров Пётр",
        "company": "ООО «Луч»",
        "reason": "last10",
        "manager": 7,
        "others": [{"kind": "counterparty", "id": 1, "name": "ООО «Ромашка»", "company": ""}],
    }


NUMBERS = ("+74951112233", "4951112233", "+14951112233", "+74959998877", "101", "994951112233")
COMPANIES = [Owner("counterparty", number, f"ООО {number}") for number in range(3)]


@st.composite
def rows(draw: st.DrawFn) -> list[Candidate]:
    found = []
    for row in range(draw(st.integers(0, 8))):
        company = draw(st.sampled_from(COMPANIES))
        user = Owner("user", draw(st.integers(0, 3)), "Иванов")
        person = Owner("person", company.id * 10 + draw(st.integers(0, 2)), "Петров", company.name)
        owner = draw(st.sampled_from([user, person, company]))
        made = candidate(
            owner,
            row,
            draw(st.sampled_from(NUMBERS)),
            extension=draw(st.sampled_from(["", "", "12", "15"])),
            internal=owner.kind == "user" and draw(st.booleans()),
            is_main=draw(st.booleans()),
            archived=draw(st.booleans()),
            company=company if owner.kind == "person" else None,
        )
        found.append(made)
    return found


@given(rows(), st.sampled_from(NUMBERS), st.sampled_from(["", "12"]), st.randoms(use_true_random=False))
def test_ranking_of_anybody(candidates: list[Candidate], number: str, extension: str, random: object) -> None:
    asked = Sought(number, number.lstrip("+")[-10:], extension)
    found = matches(asked, candidates)
    shuffled = sorted(candidates, key=lambda _: random.random())  # type: ignore[attr-defined]  # a random.Random
    assert matches(asked, shuffled) == found
    owners = [match.contact.owner[:2] for match in found]
    assert len(set(owners)) == len(owners)
    fitting = {
        one.owner[:2] for one in candidates if one.e164 == number or (one.last10 == asked.last10 and not one.internal)
    }
    added = set(owners) - fitting
    assert fitting <= set(owners)
    assert added <= {company[:2] for company in COMPANIES}  # lines of companies, and only when nothing better fits
    assert not added or found[0].reason is Reason.LINE
    outside = [match for match in found if match.reason is not Reason.INTERNAL]
    assert [match.reason for match in found[: len(found) - len(outside)]] == [Reason.INTERNAL] * (
        len(found) - len(outside)
    )
    assert [match.archived for match in outside] == sorted(match.archived for match in outside)
    order = list(Reason)
    for archived in (False, True):
        ranks = [order.index(match.reason) for match in outside if match.archived is archived]
        assert ranks == sorted(ranks)
    if found and found[0].reason is Reason.LINE:
        assert (found[0].contact.kind != "person") or all(match.contact.kind == "person" for match in found)
