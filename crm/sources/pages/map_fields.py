"""The field map as fields of a form: what can be chosen, and what stands there in 1C now. Values in, values out."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm.models import ContactInfoKind
from crm.sources.field_map import (
    MOST_PARTS,
    NOWHERE,
    REGISTER,
    TABULAR,
    Contacts,
    Customers,
    FieldMap,
    MapError,
    from_json,
)
from crm.sources.knowledge import Knowledge
from crm.sources.proposal import SECTION

Text = str | Promise
Choices = tuple[tuple[str, str], ...]
REQUISITE: Final = "requisite:"  # in front of the reference of an additional requisite that is chosen as the manager
NONE: Final = ("", "—")

TITLES: Final[Mapping[str, Text]] = {
    "customers": _("Counterparties"),
    "legal": _("Legal entities of counterparties"),
    "persons": _("Contact persons"),
    "users": _("Users"),
}
LABELS: Final[Mapping[str, Text]] = {
    "entity": _("catalogue"),
    "name": _("name"),
    "note": _("note"),
    "person": _("company or person"),
    "folder": _("mark of a folder"),
    "manager": _("responsible manager"),
    "section": _("tabular part with phones"),
    "owner": _("the counterparty"),
    "customer": _("the counterparty"),
    "position": _("position"),
    "linked": _("natural person behind it"),
    "linked_entity": _("catalogue of natural persons"),
    "linked_section": _("its tabular part with phones"),
}
OF_CONTACTS: Final[Mapping[str, Text]] = {
    "owner": _("whose it is"),
    "owner_type": _("catalogue of the owner"),
    "type": _("type"),
    "kind": _("kind"),
    "number": _("number as it is shown"),
    "digits": _("number as digits"),
    "email": _("e-mail"),
    "main": _("main number"),
}
HIDDEN: Final = frozenset({"requisite"})


@dataclass(frozen=True, slots=True)
class Field:
    """`name` in the form. `unknown`: the chosen value is not among those that 1C has."""

    name: str
    label: Text
    value: str
    choices: Choices
    example: str = ""
    unknown: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """One catalogue. `fault`: code of why it could not be read."""

    title: Text
    fields: tuple[Field, ...]
    fault: str = ""


def groups(field_map: FieldMap, known: Knowledge) -> list[Group]:
    """Catalogues with their columns, then the contact information."""
    found = []
    for sort, title in TITLES.items():
        parts: tuple[Any, ...] = getattr(field_map, sort)
        for index, part in enumerate(parts):
            fields = tuple(_of_part(sort, index, part, known))
            found.append(Group(title, fields, known.faults.get(part.entity, "")))
    fault = known.faults.get(field_map.contacts.entity, "")
    return [*found, Group(_("Contact information"), tuple(_contacts(field_map, known)), fault)]


def more(known: Knowledge) -> tuple[Field, ...]:
    """Catalogues that can be added."""
    return tuple(
        Field(f"new.{sort}", title, "", (NONE, *((name, name) for name in known.catalogs)))
        for sort, title in TITLES.items()
        if sort != "legal"
    )


def kinds(field_map: FieldMap, known: Knowledge) -> list[tuple[str, tuple[Field, ...]]]:
    """Name of their kind → fields for counterparties and contact persons."""
    chosen = {(rule.ref, rule.owner): str(rule.kind) for rule in field_map.kinds}
    ours = list(ContactInfoKind.objects.exclude(owner=ContactInfoKind.Owner.USER).order_by("order", "name"))
    rows = []
    for ref, name in sorted(known.kinds.items(), key=lambda one: one[1].casefold()):
        fields = tuple(
            Field(
                name=f"kind.{ref}.{owner}",
                label=label,
                value=chosen.get((ref, owner), ""),
                choices=(
                    ("", str(_("by its name"))),
                    *((str(kind.pk), kind.name) for kind in ours if kind.owner == owner),
                ),
            )
            for owner, label in (("counterparty", _("counterparty")), ("person", _("contact person")))
        )
        rows.append((name, fields))
    return rows


def read_form(data: Mapping[str, str], before: FieldMap) -> tuple[FieldMap, dict[str, list[str]]]:
    """What was sent → the map, and catalogues that were added or changed, whose columns are not known yet.

    Raises MapError.
    """
    value: dict[str, Any] = {}
    new: dict[str, list[str]] = {}
    for sort in TITLES:
        value[sort], added = _parts(data, sort, getattr(before, sort))
        new[sort] = [name for name in (*added, data.get(f"new.{sort}", "")) if name]
    value["contacts"] = _read_contacts(data, before.contacts)
    value["kinds_entity"] = before.kinds_entity
    value["kinds"] = [
        {"ref": ref, "owner": owner, "kind": int(kind)}
        for name, kind in data.items()
        if name.startswith("kind.") and kind.isdecimal() and len(kind) < 12
        for _prefix, ref, owner in [name.split(".", 2)]
    ]
    return from_json(value), new


def _of_part(sort: str, index: int, part: Any, known: Knowledge) -> Iterator[Field]:
    for name in part.__dataclass_fields__:
        if name in HIDDEN:
            continue
        value = getattr(part, name)
        choices = _choices(name, part, known)
        if isinstance(part, Customers) and name == "manager" and not value and part.requisite:
            value = REQUISITE + part.requisite
        yield Field(
            name=f"{sort}.{index}.{name}",
            label=LABELS[name],
            value=value,
            choices=choices if any(value == one for one, _name in choices) else (*choices, (value, value)),
            example=_example(known, f"{part.entity}.{value}") if name != "entity" else "",
            unknown=all(value != one for one, _name in choices),
        )


def _choices(name: str, part: Any, known: Knowledge) -> Choices:
    if name in {"entity", "linked_entity"}:
        return (NONE, *((entity, entity) for entity in known.catalogs if not _is_section(entity, known)))
    if name in {"section", "linked_section"}:
        owner = part.entity if name == "section" else part.linked_entity
        start = f"{owner}_"
        return (NONE, *((one.removeprefix(start),) * 2 for one in known.catalogs if one.startswith(start)))
    requisites: Iterable[tuple[str, str]] = ()
    if name == "manager":
        requisites = ((REQUISITE + ref, title) for ref, title in sorted(known.requisites.items(), key=lambda r: r[1]))
    columns = known.properties.get(part.entity, ())
    return (NONE, *((column, column) for column in columns), *requisites)


def _is_section(entity: str, known: Knowledge) -> bool:
    return entity.rpartition("_")[0] in known.catalogs


def _contacts(field_map: FieldMap, known: Knowledge) -> Iterator[Field]:
    contacts = field_map.contacts
    storages = ((TABULAR, str(_("in tabular parts"))), (REGISTER, str(_("in an information register"))))
    yield Field("contacts.storage", _("where it is kept"), contacts.storage, ((NOWHERE, "—"), *storages))
    if contacts.storage == REGISTER:
        registers = (NONE, *((name, name) for name in known.registers))
        yield Field("contacts.entity", _("register"), contacts.entity, registers)
    table = _table(field_map)
    for name, label in OF_CONTACTS.items():
        if contacts.storage == NOWHERE or (name.startswith("owner") and contacts.storage != REGISTER):
            continue
        value = getattr(contacts, name)
        columns = known.properties.get(table, ())
        choices = (NONE, *((column, column) for column in columns))
        unknown = all(value != one for one, _name in choices)
        shown = (*choices, (value, value)) if unknown else choices
        yield Field(f"contacts.{name}", label, value, shown, _example(known, f"{table}.{value}"), unknown)


def _table(field_map: FieldMap) -> str:
    if field_map.contacts.storage == REGISTER:
        return field_map.contacts.entity
    return next((f"{part.entity}_{part.section}" for part in field_map.parts if part.section), f"?_{SECTION}")


def _example(known: Knowledge, path: str) -> str:
    return " · ".join(known.examples.get(path, ()))


def _parts(data: Mapping[str, str], sort: str, before: tuple[Any, ...]) -> tuple[list[dict[str, str]], list[str]]:
    parts, added = [], []
    for index in range(min(len(before), MOST_PARTS)):
        start = f"{sort}.{index}."
        sent = {name.removeprefix(start): value for name, value in data.items() if name.startswith(start)}
        entity = sent.get("entity", before[index].entity)
        if entity and entity != before[index].entity:
            added.append(entity)
        elif entity:
            parts.append(_part(before[index], sent))
    return parts, added


def _part(before: Any, sent: Mapping[str, str]) -> dict[str, str]:
    part = {name: getattr(before, name) for name in before.__dataclass_fields__}
    part |= {name: value for name, value in sent.items() if name in part}
    if "requisite" in part:
        chosen = part["manager"]
        part["requisite"] = chosen.removeprefix(REQUISITE) if chosen.startswith(REQUISITE) else ""
        part["manager"] = "" if part["requisite"] else chosen
    return part


def _read_contacts(data: Mapping[str, str], before: Contacts) -> dict[str, Any]:
    start = "contacts."
    sent = {name.removeprefix(start): value for name, value in data.items() if name.startswith(start)}
    if not set(sent) <= {"storage", "entity", *OF_CONTACTS}:
        raise MapError("contacts")
    kept = {name: getattr(before, name) for name in before.__dataclass_fields__}
    return kept | sent
