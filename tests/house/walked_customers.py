"""What operators see of customers: cards, their forms, and each step of «Добавить номер»."""

from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import urlencode

from django.urls import reverse

from crm.models import ContactPerson, Counterparty, NumberPlacement
from tests.house.walked_data import Office
from tests.house.walked_pages import Visit

UNKNOWN: Final = "+74959998877"
NUMBERS: Final = {  # number → what the card or the dialog says of it
    UNKNOWN: "nobody's",
    "+74951112233": "a company's",
    "+74950000001": "of several",
    "+74951114455": "a company's line",
    "102": "a colleague's",
    "": "withheld",
    "*98": "a feature code",
    "88005553535": "free of charge",
    "1" * 90: "no number",
}
PARTS: Final = {"counterparty": ("head", "manager", "note", "archived"), "person": ("head", "person", "archived")}
TYPED: Final[
    tuple[dict[str, str], ...]
] = (  # what is sent to every form: nothing, what somebody else has changed meanwhile, too much, a change
    {},
    {"seen": "?", "name": "Ирис", "note": "Ирис", "kind": "company", "position": "Ирис"},
    {"name": "я" * 300, "note": "я" * 20_000, "position": "я" * 300, "manager_id": "1" * 18},
    {"name": "Ирис", "note": "Ирис", "position": "Ирис", "archived": "1", "kind": "person"},
)
WHO: Final = "operator"  # their profile lets them look only
EDITOR: Final = "administrator"


def of_cards(office: Office) -> Iterator[Visit]:
    """Cards by number and by customer, as pages and as fragments, and every form of theirs."""
    for number in NUMBERS:
        asked = urlencode({"number": number, "call": "1.7"})
        yield Visit("card-by-number", WHO, f"{reverse('card-by-number')}?{asked}")
        yield Visit("card-number-calls", WHO, f"{reverse('card-number-calls')}?{asked}", fragment=True)
    for kind, pk in _owners(office):
        for who in (WHO, "administrator", "newcomer"):
            yield Visit("card", who, reverse("card", args=[kind, pk]))
        yield Visit("card", WHO, reverse("card", args=[kind, pk]), fragment=True)
        yield Visit("card-calls", WHO, reverse("card-calls", args=[kind, pk]), fragment=True)
    yield Visit("card", WHO, reverse("card", args=["counterparty", 10**9]))
    for query in ("", "снег", "?"):
        address = f"{reverse('card-managers')}?{urlencode({'q': query})}"
        yield Visit("card-managers", EDITOR, address, fragment=True)
    for kind, pk in _owners(office):
        if kind in PARTS:
            yield from _forms(kind, pk)
    company = office.row(Counterparty)
    denied = reverse("card-edit", args=["counterparty", company.pk, "note"])
    yield Visit("card-edit", WHO, denied, {"note": ""}, fragment=True)
    yield from _rows(office, company)
    add = reverse("card-person-add", args=["counterparty", company.pk])
    yield Visit("card-person-add", EDITOR, add, fragment=True)
    for sent in ({}, {"name": "Ирис"}):
        yield Visit("card-person-add", EDITOR, add, sent, fragment=True)


def _owners(office: Office) -> Iterator[tuple[str, int]]:
    for row in (office.row(Counterparty), *office.of_a_source, *office.archived, *office.doubles["counterparty"]):
        yield "counterparty", row.pk
    for row in (office.row(ContactPerson), *office.doubles["person"]):
        yield "person", row.pk
    for user in office.people.values():
        yield "user", user.pk


def _forms(kind: str, pk: int) -> Iterator[Visit]:
    for part in PARTS[kind]:
        address = reverse("card-edit", args=[kind, pk, part])
        for asked in (address, f"{address}?show=1"):
            yield Visit("card-edit", EDITOR, asked, fragment=True)
        for sent in TYPED:
            yield Visit("card-edit", EDITOR, address, sent, fragment=True)


def _rows(office: Office, company: Counterparty) -> Iterator[Visit]:
    """Contact information: an empty form, wrong values, several numbers in one field, a colleague's change."""
    row = company.contact_info.get()
    add = reverse("card-row-add", args=["counterparty", company.pk])
    edit, delete, main = (
        reverse(name, args=["counterparty", company.pk, row.pk])
        for name in ("card-row", "card-row-delete", "card-row-main")
    )
    for name, address in (("card-row-add", add), ("card-row", edit)):
        for asked in (address, f"{address}?show=1"):
            yield Visit(name, EDITOR, asked, fragment=True)
        for value in ("", "?", row.value, "+7 495 111-22-44, +7 495 111-22-55", "+7 495 000-00-01", "1" * 300):
            yield Visit(name, EDITOR, address, {"kind": str(row.kind_id), "value": value}, fragment=True)
        yield Visit(name, EDITOR, address, {"seen": "?", "value": "+7 495 111-22-66", "kind": "1"}, fragment=True)
    yield Visit("card-row-main", EDITOR, main, {}, fragment=True)
    for sent in ({"seen": "?"}, {}):
        yield Visit("card-row-delete", EDITOR, delete, sent, fragment=True)
    yield Visit("card-row-main", EDITOR, main, {}, fragment=True)


def of_placing(office: Office) -> Iterator[Visit]:
    """The dialog for each sort of number, its questions and refusals, and what is said after «Готово»."""
    yield Visit("place", WHO, reverse("place"), fragment=True)
    for number in NUMBERS:
        yield _dialog({"number": number})
    for query in ("", "тюльпан", "Клевер Пион", "+7495"):
        yield Visit("place-search", EDITOR, f"{reverse('place-search')}?{urlencode({'q': query})}", fragment=True)
    person = office.row(ContactPerson)
    row = office.archived[0].contact_info.get()
    table = {"choose": f"counterparty/{office.archived[0].pk}"}
    key = str(row.pk)
    for press in ("put", "edit", "delete", "main_row", "back", "finish"):
        yield _dialog({}, table, {press: key})
    deleted = {"delete": key}
    new_contact = {"change_contact": "1", "contact": "new"}
    for then in ({"restore": key}, {"put": key}, {"back": "1"}, new_contact, {"edit": key}):
        yield _dialog({}, table, deleted, then)
    for value, extension in (("", ""), ("?", ""), ("+7 495 111-22-77", "x"), ("+7 495 1112277, +7 495 1112288", "")):
        typed = {"save": "", "kind": str(row.kind_id), "value": value, "extension": extension}
        yield _dialog({}, table, {"edit": ""}, typed)
    yield _dialog({}, table, {"put": key}, {"keep": key})
    yield _dialog({}, {"choose": f"person/{person.pk}"})
    yield _dialog({}, {"choose": "counterparty/1000000000"})
    yield _dialog({}, {"finish": "1"})
    for kind in ("company", "person"):
        yield _dialog({}, {"create": kind, "q": ""})
        made = {"create": kind, "q": "Клевер"}
        yield _dialog({}, made, new_contact, {"finish": "1", "person_name": ""})
    yield _dialog({"number": "+74951112233"}, table)  # somebody has it already
    yield _dialog({"number": "+74951112233"}, table, {"finish": "1", "seen": "", "others": "share"})
    kept = {"choose": f"counterparty/{office.of_a_source[0].pk}"}
    yield _dialog({"number": "+74950000001"}, kept, {"finish": "1", "others": "share"})
    for _ in range(2):  # the second time it stands there already
        yield _dialog({}, kept, {"finish": "1"})
    yield from _placements(office)


def _dialog(asked: dict[str, str], *steps: dict[str, str]) -> Visit:
    address = f"{reverse('place')}?{urlencode({'number': UNKNOWN, **asked})}"
    first, *then = steps or (None,)
    return Visit("place", EDITOR, address, first, tuple(step for step in then if step is not None), fragment=True)


def _placements(office: Office) -> Iterator[Visit]:
    placement = office.row(NumberPlacement)
    of_one = urlencode({"kind": "counterparty", "id": placement.counterparty_id})
    for address in (reverse("placements"), f"{reverse('placements')}?{of_one}"):
        yield Visit("placements", EDITOR, address, fragment=True)
    sent: list[dict[str, Any]] = [{"placement": row.pk} for row in NumberPlacement.objects.order_by("pk")]
    for one in (*sent, *sent, {"placement": "?"}):  # the second time it is taken back already
        yield Visit("place-undo", EDITOR, reverse("place-undo"), one)
