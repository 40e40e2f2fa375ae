"""Where a 1C base keeps what the portal reads: catalogues, columns, phones. A value; as JSON in CustomerSource. Pure.

Names of entities and properties are 1C's own. What fits a base: crm/sources/proposal.py; whether it still does:
crm/sources/map_problems.py.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final, Literal

from crm.sources.literals import GUID, NAME

Storage = Literal["tabular", "register", ""]
TABULAR: Final = "tabular"
REGISTER: Final = "register"
NOWHERE: Final = ""
MOST_PARTS: Final = 10  # catalogues of one sort
MOST_KINDS: Final = 2_000


@dataclass(frozen=True, slots=True)
class Customers:
    """A catalogue whose rows become counterparties. Empty column: there is none, or it is not to be read."""

    entity: str
    name: str = "Description"
    note: str = ""
    person: str = ""  # column that tells persons from companies
    folder: str = ""  # IsFolder
    manager: str = ""  # column with the reference of the responsible manager
    requisite: str = ""  # or the additional requisite (reference of the property) that holds it
    section: str = ""  # tabular part with phones and e-mail; in the storage `register` not used


@dataclass(frozen=True, slots=True)
class Persons:
    """A catalogue whose rows become contact persons of the customer that `owner` refers to.

    Of УТ 10.3 the natural person behind the row (`linked` in `linked_entity`) has numbers too.
    """

    entity: str
    owner: str
    name: str = "Description"
    position: str = ""
    section: str = ""
    linked: str = ""
    linked_entity: str = ""
    linked_section: str = ""


@dataclass(frozen=True, slots=True)
class Legal:
    """A catalogue of legal entities: their numbers belong to the customer that `customer` refers to (УТ 11)."""

    entity: str
    customer: str
    section: str = ""


@dataclass(frozen=True, slots=True)
class Users:
    """A catalogue that responsible managers are taken from."""

    entity: str
    name: str = "Description"
    section: str = ""  # with the e-mail


@dataclass(frozen=True, slots=True)
class Contacts:
    """Columns of contact information. `tabular`: of the tabular parts; `register`: of the information register."""

    storage: Storage = NOWHERE
    entity: str = ""  # the register
    owner: str = ""  # its column with the owner's reference
    owner_type: str = ""  # and the one with the owner's catalogue
    type: str = "Тип"
    kind: str = ""
    number: str = "Представление"  # as people typed it
    digits: str = ""  # НомерТелефона: not always the digits of the former, so both are found
    email: str = ""
    main: str = ""
    phones: tuple[str, ...] = ("Телефон",)  # values of `type`
    emails: tuple[str, ...] = ("АдресЭлектроннойПочты",)
    addresses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KindRule:
    """Rows of their kind (its reference) become ours (id) for owners of this sort (`counterparty`, `person`)."""

    ref: str
    owner: str
    kind: int


@dataclass(frozen=True, slots=True)
class FieldMap:
    """All of it. `kinds_entity`: the catalogue of their kinds."""

    customers: tuple[Customers, ...] = ()
    persons: tuple[Persons, ...] = ()
    legal: tuple[Legal, ...] = ()
    users: tuple[Users, ...] = ()
    contacts: Contacts = field(default_factory=Contacts)
    kinds_entity: str = ""
    kinds: tuple[KindRule, ...] = ()

    @property
    def parts(self) -> tuple[Customers | Legal | Persons, ...]:
        """The catalogues that customers and numbers are read from."""
        return (*self.customers, *self.legal, *self.persons)

    @property
    def keeps_managers(self) -> bool:
        """The source says who is responsible; otherwise that is chosen here."""
        return any(part.manager or part.requisite for part in self.customers)

    def as_json(self) -> dict[str, Any]:
        """What `from_json` reads."""
        return asdict(self)


class MapError(ValueError):
    """A stored or sent value is no field map."""


def from_json(value: Any) -> FieldMap:
    """Raises MapError. Every name in it can stand in an address, every reference is one."""
    if not isinstance(value, Mapping):
        raise MapError("not an object")
    return FieldMap(
        customers=_parts(value, "customers", Customers),
        persons=_parts(value, "persons", Persons),
        legal=_parts(value, "legal", Legal),
        users=_parts(value, "users", Users),
        contacts=_contacts(value.get("contacts", {})),
        kinds_entity=_name(value.get("kinds_entity", "")),
        kinds=tuple(_rule(one) for one in _list(value.get("kinds", []), MOST_KINDS)),
    )


def _parts(value: Mapping[str, Any], name: str, part: Any) -> tuple[Any, ...]:
    return tuple(part(**_names(one, part)) for one in _list(value.get(name, []), MOST_PARTS))


def _names(value: Any, part: Any) -> dict[str, str]:
    known = part.__dataclass_fields__
    if not isinstance(value, Mapping) or not set(value) <= set(known) or not value.get("entity"):
        raise MapError(f"not a part: {part.__name__}")
    if any(not value.get(name) for name in ("owner", "customer") if name in known):
        raise MapError(f"{part.__name__} of nobody")
    return {name: _reference(text) if name == "requisite" else _name(text) for name, text in value.items()}


def _contacts(value: Any) -> Contacts:
    if not isinstance(value, Mapping) or not set(value) <= set(Contacts.__dataclass_fields__):
        raise MapError("contacts")
    lists = {"phones", "emails", "addresses"}
    values: dict[str, Any] = {name: _name(text) for name, text in value.items() if name not in lists}
    if values.get("storage", NOWHERE) not in {TABULAR, REGISTER, NOWHERE}:
        raise MapError("storage")
    values |= {name: tuple(_name(one) for one in _list(value[name], MOST_PARTS)) for name in lists & set(value)}
    return Contacts(**values)


def _rule(value: Any) -> KindRule:
    match value:
        case {"ref": str(ref), "owner": "counterparty" | "person" as owner, "kind": int(kind)}:
            return KindRule(_reference(ref), owner, kind)
    raise MapError("kinds")


def _list(value: Any, most: int) -> list[Any]:
    if not isinstance(value, list | tuple) or len(value) > most:
        raise MapError("not a list, or too long")
    return list(value)


def _name(value: Any) -> str:
    if not isinstance(value, str) or len(value) > 150 or (value and NAME.fullmatch(value) is None):
        raise MapError("not a name")
    return value


def _reference(value: Any) -> str:
    if not isinstance(value, str) or (value and GUID.fullmatch(value) is None):
        raise MapError("not a reference")
    return value.lower()
