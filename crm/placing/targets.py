"""Whose contact information the number goes into, and what the dialog knows of them."""

from dataclasses import dataclass
from typing import Any, Final

from django.db.models import QuerySet

from crm.matching import Match, Reason
from crm.models import AddressType, ContactInfo, ContactInfoKind, ContactPerson, Counterparty
from crm.placing.draft import Draft
from crm.placing.numbers import Number, read_number, stands_in
from crm.placing.rows import Kind, Stored
from crm.selectors import number_rules, owners_of

FIRST_KIND: Final = "Телефон"  # the kind that is made where there is none, whatever language the interface speaks
MOVABLE: Final = {Reason.EXACT, Reason.LAST10}


class TargetGoneError(Exception):
    """The customer was deleted, or merged into another: `into` is that one."""

    def __init__(self, into: "Target | None" = None) -> None:
        super().__init__("gone")
        self.into = into


@dataclass(frozen=True, slots=True)
class Party:
    """A counterparty or a contact person. Id None: is made by «Готово», as `kind` (company, person)."""

    id: int | None
    name: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Target:
    """«Контакт» chosen → the table is the contact person's, else the counterparty's."""

    counterparty: Party
    person: Party | None = None

    @property
    def owner(self) -> str:
        """As ContactInfoKind.Owner says it."""
        return "counterparty" if self.person is None else "person"

    @property
    def id(self) -> int | None:
        """Of the owner of the table; None: is made by «Готово»."""
        return (self.person or self.counterparty).id

    @property
    def name(self) -> str:
        """`Пётр Лугов · ООО «Ромашка»`."""
        if self.person is None or not self.person.name:  # a new one has no name yet
            return self.counterparty.name
        return f"{self.person.name} · {self.counterparty.name}"


def target_of(kind: str, pk: int) -> Target:
    """An existing customer. Raises TargetGoneError."""
    if kind == "person":
        person = ContactPerson.objects.select_related("counterparty").filter(pk=pk).first()
        if person is None:
            raise TargetGoneError
        if person.merged_into_id is not None:
            raise TargetGoneError(target_of("person", person.merged_into_id))
        company = person.counterparty
        if company.merged_into_id is not None:
            raise TargetGoneError(target_of("counterparty", company.merged_into_id))
        return Target(Party(company.pk, company.name, company.kind), Party(person.pk, person.name))
    row = Counterparty.objects.filter(pk=pk).first()
    if row is None:
        raise TargetGoneError
    if row.merged_into_id is not None:
        raise TargetGoneError(target_of("counterparty", row.merged_into_id))
    return Target(Party(row.pk, row.name, row.kind))


def persons_of(counterparty: int) -> list[ContactPerson]:
    """For the field «Контакт»."""
    rows = ContactPerson.objects.filter(counterparty=counterparty, merged_into=None, archived=False)
    return list(rows.only("id", "name", "position").order_by("name", "id"))


def kinds_of(owner: str) -> tuple[Kind, ...]:
    """Kinds of contact information in the office's order; where none is for phones, one that «Готово» makes."""
    rows = ContactInfoKind.objects.filter(owner=owner).order_by("order", "name", "id")
    kinds = tuple(Kind(row.pk, row.name, row.type, row.is_mobile) for row in rows)
    if any(kind.is_phone for kind in kinds):
        return kinds
    return (Kind(0, FIRST_KIND, AddressType.PHONE.value), *kinds)


def rows_of(owner: str, pk: int) -> QuerySet[ContactInfo]:
    """Contact information of one customer, in the order it was written."""
    return ContactInfo.objects.filter(**{f"{owner}_id": pk}).order_by("id")


def stored(rows: Any) -> tuple[Stored, ...]:
    """As a draft has them."""
    return tuple(Stored(row.pk, row.kind_id, row.value, row.is_main) for row in rows)


def new_draft(number: Number, target: Target, *, with_rows: bool = True) -> Draft:
    """The dialog just opened. `with_rows` False: the rows come with what the page posts."""
    base = stored(rows_of(target.owner, target.id)) if with_rows and target.id is not None else ()
    return Draft(number, kinds_of(target.owner), base, rules=number_rules())


def the_number(given: str) -> Number:
    """As this office reads it."""
    return read_number(given, number_rules())


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who has the number already. `movable`: it can be taken away from there by «Добавить номер»."""

    kind: str  # user, person, counterparty
    id: int
    name: str
    company: str
    reason: Reason
    row_id: int
    archived: bool

    @property
    def movable(self) -> bool:
        """A colleague's numbers are kept in the administration, a company's line is another number."""
        return self.kind != "user" and self.reason in MOVABLE


def holders_of(number: Number, *, but: Target | None = None, pbx_id: int | None = None) -> list[Holder]:
    """Who has the number already, the likeliest first; without the customer it is being placed with."""
    own = (but.owner, but.id) if but is not None else None
    found = owners_of(number.given, pbx_id=pbx_id)
    return [_holder(match) for match in found if (match.contact.kind, match.contact.id) != own]


def _holder(match: Match) -> Holder:
    contact = match.contact
    return Holder(contact.kind, contact.id, contact.name, contact.company, match.reason, match.row_id, match.archived)


def rows_with(number: Number, rows: Any) -> list[ContactInfo]:
    """Those of the rows in which the number stands, in whatever writing."""
    rules = number_rules()
    phones = [row for row in rows if row.type == AddressType.PHONE]
    digits = number.e164.lstrip("+")[-10:]
    return [
        row for row in phones if stands_in(number, row.value, rules) or (row.last10 == digits and not row.extension)
    ]
