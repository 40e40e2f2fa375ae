"""Whose card it is: a counterparty, a contact person or a colleague, with what the card says of them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from django.db.models import Q

from astpanel.accounts.models import PanelUser
from astpanel.accounts.selectors import internal_numbers, with_internal_numbers
from crm.models import AddressType, ContactInfo, ContactPerson, Counterparty

Owner = Counterparty | ContactPerson | PanelUser
KINDS: Final[dict[str, type[Owner]]] = {"counterparty": Counterparty, "person": ContactPerson, "user": PanelUser}
RELATED: Final = {
    "counterparty": ("source", "manager"),
    "person": ("source", "counterparty", "counterparty__manager"),
    "user": ("department",),
}
MOST_PERSONS: Final = 100  # shown; more are found by the search


@dataclass(frozen=True, slots=True)
class Person:
    """A contact person in a company's card."""

    person: ContactPerson
    rows: tuple[ContactInfo, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """The owner with their contact information. `kind`: counterparty, person, user."""

    kind: str
    owner: Owner
    rows: tuple[ContactInfo, ...]
    persons: tuple[Person, ...] = ()
    more_persons: int = 0
    manager: PanelUser | None = None
    manager_numbers: tuple[str, ...] = ()
    same_pbx: bool = True  # a colleague of another PBX has other numbers than ours
    numbers: tuple[str, ...] = field(default=())  # internal ones of a colleague

    @property
    def company(self) -> Counterparty | None:
        """Of a contact person."""
        return self.owner.counterparty if isinstance(self.owner, ContactPerson) else None

    @property
    def phones(self) -> tuple[ContactInfo, ...]:
        """Telephone numbers of the owner; of a company those of its persons too."""
        every = (*self.rows, *(row for one in self.persons for row in one.rows))
        return tuple(row for row in every if row.type == AddressType.PHONE and row.last10)


def find(kind: str, pk: int) -> Owner | None:
    """The row itself, merged away or not. One query."""
    rows = KINDS[kind]._default_manager.select_related(*RELATED[kind])
    found: Owner | None = rows.filter(pk=pk).first()
    return found


def survivor(owner: Owner) -> Owner:
    """Who the owner was merged into, in the end; themselves if into nobody, or round in a circle."""
    last, seen = owner, {owner.pk}
    while not isinstance(last, PanelUser) and last.merged_into is not None:
        last = last.merged_into
        if last.pk in seen:
            return owner
        seen.add(last.pk)
    return last


def load(kind: str, owner: Owner, *, pbx_id: int | None) -> Card:
    """At most four queries, however many persons and numbers: rows, persons, their count, the manager's numbers."""
    if isinstance(owner, PanelUser):
        return _colleague(owner, pbx_id)
    company = owner if isinstance(owner, Counterparty) else None
    found = _persons(company) if company is not None else []
    persons = found[:MOST_PERSONS]
    rows = list(_rows(kind, owner, persons))
    manager = owner.manager if isinstance(owner, Counterparty) else owner.counterparty.manager
    return Card(
        kind=kind,
        owner=owner,
        rows=tuple(row for row in rows if getattr(row, f"{kind}_id") == owner.pk),
        persons=tuple(Person(one, tuple(row for row in rows if row.person_id == one.pk)) for one in persons),
        more_persons=_live_persons(company).count() - MOST_PERSONS if company and len(found) > MOST_PERSONS else 0,
        manager=manager,
        manager_numbers=tuple(internal_numbers(manager)) if manager else (),
    )


def people_by_ids(ids: Iterable[int]) -> dict[int, PanelUser]:
    """Colleagues, each with the internal numbers prefetched."""
    return {user.pk: user for user in with_internal_numbers(PanelUser.objects.filter(pk__in=set(ids)))}


def _live_persons(company: Counterparty):  # type: ignore[no-untyped-def]  # the manager's queryset is untyped
    return ContactPerson.objects.filter(counterparty=company, merged_into=None)


def _persons(company: Counterparty) -> list[ContactPerson]:
    """Those who are there come before those in the archive; one more than is shown."""
    return list(_live_persons(company).select_related("source").order_by("archived", "name", "pk")[: MOST_PERSONS + 1])


def _rows(kind: str, owner: Owner, persons: list[ContactPerson]) -> Iterable[ContactInfo]:
    of = Q(**{kind: owner}) | Q(person__in=[one.pk for one in persons]) if persons else Q(**{kind: owner})
    return ContactInfo.objects.filter(of).select_related("kind").order_by("kind__order", "-is_main", "pk")


def _colleague(user: PanelUser, pbx_id: int | None) -> Card:
    rows = tuple(_rows("user", user, []))
    internal = [row for row in rows if row.type == AddressType.INTERNAL]
    same = user.pbx_id is None or user.pbx_id == pbx_id
    return Card(
        kind="user",
        owner=user,
        rows=rows,
        same_pbx=same,
        numbers=tuple(row.value for row in sorted(internal, key=lambda row: (not row.is_main, row.pk))),
    )
