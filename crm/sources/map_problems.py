"""Does a field map fit what a base publishes? Codes; their words: crm/sources/map_words.py. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from crm.sources.field_map import NOWHERE, REGISTER, TABULAR, Customers, FieldMap, Legal, Persons, Users
from crm.sources.metadata import Metadata


class MapProblem(StrEnum):
    """What is wrong with a map."""

    NO_CUSTOMERS = "no_customers"
    NO_ENTITY = "no_entity"  # an object that is to be read is not published
    NO_PROPERTY = "no_property"
    NO_SECTION = "no_section"
    NO_OWNER = "no_owner"  # the column with the owner of a register's row is not named
    TWICE = "twice"  # one catalogue in two places
    NO_NUMBERS = "no_numbers"  # notice: nobody's numbers would be read
    NO_MANAGER = "no_manager"  # notice: managers are chosen here
    NO_PERSONS = "no_persons"  # notice
    NO_USERS = "no_users"  # notice: managers are named, but the users cannot be read


NOTICES: Final = frozenset(
    {MapProblem.NO_NUMBERS, MapProblem.NO_MANAGER, MapProblem.NO_PERSONS, MapProblem.NO_USERS}
)  # it can be worked with
Part = Customers | Persons | Legal | Users
COLUMNS: Final = ("name", "note", "person", "folder", "manager", "owner", "position", "linked", "customer")


@dataclass(frozen=True, slots=True)
class Finding:
    """`path`: `Entity` or `Entity.Property`; empty where it is about the whole."""

    problem: MapProblem
    path: str = ""

    @property
    def blocks(self) -> bool:
        """Nothing can be read by this map."""
        return self.problem not in NOTICES


def problems(field_map: FieldMap, metadata: Metadata) -> tuple[Finding, ...]:
    """What blocks first, then notices, each once."""
    found = dict.fromkeys((*_blocking(field_map, metadata), *_notices(field_map)))
    return tuple(sorted(found, key=lambda one: not one.blocks))


def _blocking(field_map: FieldMap, metadata: Metadata) -> Iterator[Finding]:
    if not field_map.customers:
        yield Finding(MapProblem.NO_CUSTOMERS)
    read = [part.entity for part in field_map.parts]
    yield from (Finding(MapProblem.TWICE, entity) for entity in read if read.count(entity) > 1)
    everything: tuple[Part, ...] = (*field_map.parts, *field_map.users)
    for part in everything:
        yield from _of_part(part, field_map, metadata)
    if field_map.contacts.storage == REGISTER:
        yield from _of_register(field_map, metadata)
    if field_map.kinds_entity and not metadata.has(field_map.kinds_entity):
        yield Finding(MapProblem.NO_ENTITY, field_map.kinds_entity)


def _of_part(part: Part, field_map: FieldMap, metadata: Metadata) -> Iterator[Finding]:
    if not metadata.has(part.entity):
        yield Finding(MapProblem.NO_ENTITY, part.entity)
        return
    columns = [getattr(part, name, "") for name in COLUMNS]
    yield from _columns(part.entity, columns, metadata)
    if field_map.contacts.storage == TABULAR and part.section:
        yield from _of_section(part.entity, part.section, field_map, metadata)
    if isinstance(part, Persons) and part.linked_entity and not metadata.has(part.linked_entity):
        yield Finding(MapProblem.NO_ENTITY, part.linked_entity)


def _of_section(entity: str, section: str, field_map: FieldMap, metadata: Metadata) -> Iterator[Finding]:
    table, contacts = f"{entity}_{section}", field_map.contacts
    if not metadata.has(table):
        yield Finding(MapProblem.NO_SECTION, table)
    else:  # the other columns are read where they are
        yield from _columns(table, (contacts.type, contacts.number), metadata)


def _of_register(field_map: FieldMap, metadata: Metadata) -> Iterator[Finding]:
    contacts = field_map.contacts
    if not contacts.entity or not metadata.has(contacts.entity):
        yield Finding(MapProblem.NO_ENTITY, contacts.entity)
        return
    if not contacts.owner:
        yield Finding(MapProblem.NO_OWNER, contacts.entity)
    columns = (contacts.owner, contacts.owner_type, contacts.type, contacts.kind, contacts.number, contacts.main)
    yield from _columns(contacts.entity, columns, metadata)


def _columns(entity: str, columns: tuple[str, ...] | list[str], metadata: Metadata) -> Iterator[Finding]:
    for name in columns:
        if name and not metadata.has(f"{entity}.{name}"):
            yield Finding(MapProblem.NO_PROPERTY, f"{entity}.{name}")


def _notices(field_map: FieldMap) -> Iterator[Finding]:
    storage = field_map.contacts.storage
    if storage == NOWHERE or (storage == TABULAR and not any(part.section for part in field_map.parts)):
        yield Finding(MapProblem.NO_NUMBERS)
    if not field_map.keeps_managers:
        yield Finding(MapProblem.NO_MANAGER)
    elif not field_map.users:
        yield Finding(MapProblem.NO_USERS)
    if not field_map.persons:
        yield Finding(MapProblem.NO_PERSONS)
