"""What is asked of 1C, in order: one stage for each catalogue or register. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from crm.models import SourceRow
from crm.sources.field_map import REGISTER, TABULAR, Contacts, Customers, FieldMap, Legal, Persons
from crm.sources.literals import text

Role = SourceRow.Role
PRESENT: Final = "DeletionMark eq false"
TYPE: Final = "StandardODATA."
REQUISITES: Final = "ДополнительныеРеквизиты"


@dataclass(frozen=True, slots=True)
class Stage:
    """`key`: the column it is paged by; without it the rows are skipped over in the order of `orderby`."""

    role: str
    entity: str
    select: tuple[str, ...]
    filter: str = PRESENT
    key: str = "Ref_Key"
    orderby: str = ""
    part: Customers | Legal | Persons | None = None


def stages(field_map: FieldMap) -> tuple[Stage, ...]:
    """Rows marked for deletion are not asked for: they are gone like those that are deleted."""
    contacts = field_map.contacts
    found = [_customers(part, contacts) for part in field_map.customers]
    found += [_legal(part, contacts) for part in field_map.legal]
    found += [_persons(part, contacts) for part in field_map.persons]
    found += [
        Stage(Role.LINKED, part.linked_entity, ("Ref_Key", "DataVersion", part.linked_section), part=part)
        for part in field_map.persons
        if part.linked and part.linked_section and contacts.storage == TABULAR
    ]
    if contacts.storage == REGISTER:
        found.append(_register(field_map))
    return tuple(found)


def owners_of_numbers(field_map: FieldMap) -> tuple[str, ...]:
    """The catalogues whose rows of the register are read."""
    linked = [part.linked_entity for part in field_map.persons if part.linked]
    return tuple(dict.fromkeys([part.entity for part in field_map.parts] + [name for name in linked if name]))


def register_select(contacts: Contacts) -> tuple[str, ...]:
    """The columns of a register's row."""
    names = (contacts.owner, contacts.owner_type, contacts.type, contacts.kind, contacts.number)
    return tuple(dict.fromkeys(name for name in (*names, contacts.digits, contacts.email, contacts.main) if name))


def of_types(contacts: Contacts, values: tuple[str, ...]) -> str:
    """Rows of one of these types."""
    return any_of(f"{contacts.type} eq {text(value)}" for value in values)


def of_owners(contacts: Contacts, entities: tuple[str, ...]) -> str:
    """Rows of these catalogues; everything where the register is of one catalogue only."""
    return any_of(f"{contacts.owner_type} eq {text(TYPE + name)}" for name in entities) if contacts.owner_type else ""


def any_of(terms: Iterable[str]) -> str:
    """One of them, in brackets where there are several."""
    present = list(terms)
    return present[0] if len(present) == 1 else f"({' or '.join(present)})" if present else ""


def _customers(part: Customers, contacts: Contacts) -> Stage:
    requisites = REQUISITES if part.requisite and not part.manager else ""
    columns = (part.name, part.note, part.person, part.manager, requisites, _section(part.section, contacts))
    folders = f" and {part.folder} eq false" if part.folder else ""
    return Stage(Role.CUSTOMER, part.entity, _select(columns), PRESENT + folders, part=part)


def _legal(part: Legal, contacts: Contacts) -> Stage:
    return Stage(Role.LEGAL, part.entity, _select((part.customer, _section(part.section, contacts))), part=part)


def _persons(part: Persons, contacts: Contacts) -> Stage:
    columns = (part.name, part.owner, part.position, part.linked, _section(part.section, contacts))
    return Stage(Role.PERSON, part.entity, _select(columns), part=part)


def _register(field_map: FieldMap) -> Stage:
    contacts = field_map.contacts
    types = of_types(contacts, (*contacts.phones, *contacts.emails, *contacts.addresses))
    terms = [term for term in (types, of_owners(contacts, owners_of_numbers(field_map))) if term]
    order = ",".join(name for name in (contacts.owner, contacts.type, contacts.kind) if name)
    return Stage(Role.NUMBER, contacts.entity, register_select(contacts), " and ".join(terms), key="", orderby=order)


def _section(name: str, contacts: Contacts) -> str:
    return name if contacts.storage == TABULAR else ""


def _select(columns: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(("Ref_Key", "DataVersion", *(name for name in columns if name))))
