"""Which field map fits a base, by what it publishes: names of its entities and their properties. Pure."""

from collections.abc import Iterable
from typing import Final

from crm.sources.field_map import (
    NOWHERE,
    REGISTER,
    TABULAR,
    Contacts,
    Customers,
    FieldMap,
    Legal,
    Persons,
    Users,
)
from crm.sources.metadata import Metadata

SECTION: Final = "КонтактнаяИнформация"
REGISTER_OF_CONTACTS: Final = "InformationRegister_КонтактнаяИнформация"
PARTNERS, COUNTERPARTIES, LEADS = "Catalog_Партнеры", "Catalog_Контрагенты", "Catalog_Лиды"
KINDS, USERS, STAFF = "Catalog_ВидыКонтактнойИнформации", "Catalog_Пользователи", "Catalog_Сотрудники"
MANAGERS: Final = ("ОсновнойМенеджер_Key", "ОсновнойМенеджерПокупателя_Key", "Ответственный_Key")
PERSONS: Final = ("ЮрФизЛицо", "ЮридическоеФизическоеЛицо", "ВидКонтрагента")
PERSON_CATALOGUES: Final = {  # entity → columns that may refer to the customer, the first that exists
    "Catalog_КонтактныеЛицаПартнеров": ("Owner_Key", "Партнер_Key"),
    "Catalog_КонтактныеЛицаКонтрагентов": ("Owner_Key",),
    "Catalog_КонтактныеЛица": ("Owner_Key", "ОбъектВладелец_Key", "ОбъектВладелец", "Контрагент_Key"),
    "Catalog_КонтактыЛидов": ("Owner_Key", "Лид_Key"),
}
POSITIONS: Final = ("ДолжностьПоВизитке", "Должность")
MAIN: Final = ("CRM_ОсновнойДляСвязи", "ЗначениеПоУмолчанию")


def propose(metadata: Metadata) -> FieldMap:
    """The map of the typical configurations, of what there is. Without customers it is empty."""
    entities = _customers(metadata)
    if not entities:
        return FieldMap()
    contacts = _contacts(metadata, entities)
    customers = tuple(customer_part(metadata, entity, contacts) for entity in entities)
    return FieldMap(
        customers=customers,
        persons=_persons(metadata, contacts),
        legal=_legal(metadata, entities, contacts),
        users=_users(metadata, customers, contacts),
        contacts=contacts,
        kinds_entity=KINDS if metadata.has(KINDS) else "",
    )


def first(metadata: Metadata, entity: str, names: Iterable[str]) -> str:
    """The first of the properties that the entity has; empty if none."""
    return next((name for name in names if metadata.has(f"{entity}.{name}")), "")


def section_of(metadata: Metadata, entity: str, contacts: Contacts) -> str:
    """Its tabular part with contact information, where numbers are kept so."""
    return SECTION if contacts.storage == TABULAR and metadata.has(f"{entity}_{SECTION}") else ""


def tabular_contacts(metadata: Metadata, table: str) -> Contacts:
    """Columns of a tabular part. `table`: `Catalog_Партнеры_КонтактнаяИнформация`."""
    return Contacts(
        storage=TABULAR,
        kind=first(metadata, table, ("Вид_Key", "Вид")),
        digits=first(metadata, table, ("НомерТелефона",)),
        email=first(metadata, table, ("АдресЭП",)),
        main=first(metadata, table, MAIN),
    )


def register_contacts(metadata: Metadata, register: str) -> Contacts:
    """Columns of the information register."""
    return Contacts(
        storage=REGISTER,
        entity=register,
        owner=first(metadata, register, ("Объект", "Объект_Key")),
        owner_type=first(metadata, register, ("Объект_Type",)),
        kind=first(metadata, register, ("Вид", "Вид_Key")),
        main=first(metadata, register, MAIN),
    )


def _customers(metadata: Metadata) -> tuple[str, ...]:
    if metadata.has(PARTNERS):
        return (PARTNERS,)
    return tuple(entity for entity in (COUNTERPARTIES, LEADS) if metadata.has(entity))


def _contacts(metadata: Metadata, entities: Iterable[str]) -> Contacts:
    legal = (COUNTERPARTIES,)
    tables = [f"{entity}_{SECTION}" for entity in (*entities, *legal) if metadata.has(f"{entity}_{SECTION}")]
    if tables:
        return tabular_contacts(metadata, tables[0])
    if metadata.has(REGISTER_OF_CONTACTS):
        return register_contacts(metadata, REGISTER_OF_CONTACTS)
    return Contacts(storage=NOWHERE)


def customer_part(metadata: Metadata, entity: str, contacts: Contacts) -> Customers:
    """Columns of a catalogue of customers, as far as they have the usual names."""
    return Customers(
        entity=entity,
        name=first(metadata, entity, ("Description", "НаименованиеПолное")) or "Description",
        note=first(metadata, entity, ("Комментарий", "ДополнительнаяИнформация")),
        person=first(metadata, entity, PERSONS),
        folder=first(metadata, entity, ("IsFolder",)),
        manager=first(metadata, entity, MANAGERS),
        section=section_of(metadata, entity, contacts),
    )


def _persons(metadata: Metadata, contacts: Contacts) -> tuple[Persons, ...]:
    old = metadata.has("Catalog_КонтактныеЛицаКонтрагентов")
    found = []
    for entity, owners in PERSON_CATALOGUES.items():
        if old and entity == "Catalog_КонтактныеЛица":
            continue  # there it is the natural person behind the contact person
        owner = first(metadata, entity, owners)
        if owner:
            found.append(person_part(metadata, entity, owner, contacts))
    return tuple(found)


def person_part(metadata: Metadata, entity: str, owner: str, contacts: Contacts) -> Persons:
    """Columns of a catalogue of contact persons."""
    linked = first(metadata, entity, ("КонтактноеЛицо_Key",))
    linked_entity = "Catalog_КонтактныеЛица" if linked and metadata.has("Catalog_КонтактныеЛица") else ""
    return Persons(
        entity=entity,
        owner=owner,
        position=first(metadata, entity, POSITIONS),
        section=section_of(metadata, entity, contacts),
        linked=linked if linked_entity else "",
        linked_entity=linked_entity,
        linked_section=section_of(metadata, linked_entity, contacts) if linked_entity else "",
    )


def _legal(metadata: Metadata, entities: Iterable[str], contacts: Contacts) -> tuple[Legal, ...]:
    customer = first(metadata, COUNTERPARTIES, ("Партнер_Key",))
    if COUNTERPARTIES in entities or not customer:
        return ()
    return (Legal(COUNTERPARTIES, customer, section_of(metadata, COUNTERPARTIES, contacts)),)


def _users(metadata: Metadata, customers: Iterable[Customers], contacts: Contacts) -> tuple[Users, ...]:
    """УНФ names an employee as responsible, the others a user."""
    staff = any(part.manager == "Ответственный_Key" for part in customers)
    entities = (USERS, *((STAFF,) if staff else ()))
    return tuple(
        Users(entity, section=section_of(metadata, entity, contacts)) for entity in entities if metadata.has(entity)
    )
