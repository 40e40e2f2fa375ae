"""Rows as 1C gives them → rows of the local index: only what is used, of known types and bearable lengths. Pure."""

import hashlib
import json
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from crm.sources.field_map import Contacts, Customers, FieldMap, Legal, Persons
from crm.sources.importing.plan import REQUISITES, Role, Stage
from crm.sources.literals import EMPTY_REF, GUID

LONGEST_NAME: Final = 255
LONGEST_NOTE: Final = 10_000
LONGEST_VALUE: Final = 500
MOST_LINES: Final = 200  # numbers of one object
PRIVATE: Final = ("физ", "частн")  # how values begin that mean a person: ФизЛицо, ФизическоеЛицо, ЧастноеЛицо

Raw = Mapping[str, Any]
Line = dict[str, Any]  # {"place", "type": phone | email | address, "kind", "text", "digits", "main"}


@dataclass(frozen=True, slots=True)
class Mirrored:
    """Columns of SourceRow."""

    ref: str
    version: str
    owner: str = ""
    link: str = ""
    manager: str = ""
    data: dict[str, Any] = field(default_factory=dict)

    @property
    def lines(self) -> list[Line]:
        """Rows of contact information."""
        found: list[Line] = self.data.get("lines", [])
        return found


def mirrored(row: Raw, stage: Stage, field_map: FieldMap) -> Mirrored:
    """One row of the stage's entity."""
    if stage.role == Role.NUMBER:
        return _number(row, field_map.contacts)
    ref, version = reference(row.get("Ref_Key")), one_line(row.get("DataVersion"), 64)
    part = stage.part
    if stage.role == Role.LINKED:
        section = part.linked_section if isinstance(part, Persons) else ""
        return Mirrored(ref, version, data={"lines": _lines(row.get(section), field_map.contacts)})
    lines = {"lines": _lines(row.get(part.section), field_map.contacts)} if part is not None and part.section else {}
    match part:
        case Customers():
            return Mirrored(ref, version, manager=_manager(row, part), data={**_customer(row, part), **lines})
        case Legal():
            return Mirrored(ref, version, reference(row.get(part.customer)), data=lines)
        case Persons():
            names = {"name": one_line(row.get(part.name)), "position": one_line(row.get(part.position))}
            return Mirrored(ref, version, reference(row.get(part.owner)), _linked(row, part), data={**names, **lines})
    raise TypeError(stage.role)


def reference(value: Any) -> str:
    """A reference in small letters; empty for none, for the empty one and for anything else."""
    text = value.lower() if isinstance(value, str) else ""
    return text if text != EMPTY_REF and GUID.fullmatch(text) else ""


def one_line(value: Any, longest: int = LONGEST_NAME) -> str:
    """A text on one line: no control and direction characters; what is too long ends with an ellipsis."""
    text = value[: longest * 4] if isinstance(value, str) else ""
    line = " ".join("".join(" " if unicodedata.category(one)[0] in "CZ" else one for one in text).split())
    return line if len(line) <= longest else line[: longest - 1] + "…"


def several_lines(value: Any) -> str:
    """A remark: line ends stay."""
    text = value[:LONGEST_NOTE] if isinstance(value, str) else ""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(one for one in plain if one in "\n\t" or unicodedata.category(one)[0] != "C").strip()


def _customer(row: Raw, part: Customers) -> dict[str, Any]:
    kind = one_line(row.get(part.person)).casefold() if part.person else ""
    note = several_lines(row.get(part.note)) if part.note else ""
    return {"name": one_line(row.get(part.name)), "note": note, "person": kind.startswith(PRIVATE)}


def _manager(row: Raw, part: Customers) -> str:
    if part.manager or not part.requisite:
        return reference(row.get(part.manager))
    lines = row.get(REQUISITES)
    for line in lines if isinstance(lines, list) else ():
        if isinstance(line, Mapping) and reference(line.get("Свойство_Key")) == part.requisite:
            return reference(line.get("Значение_Key") or line.get("Значение"))
    return ""


def _linked(row: Raw, part: Persons) -> str:
    return reference(row.get(part.linked)) if part.linked else ""


def _lines(section: Any, contacts: Contacts) -> list[Line]:
    rows: Iterable[Any] = section[:MOST_LINES] if isinstance(section, list) else ()
    found = (_line(row, contacts, one_line(row.get("LineNumber"), 10)) for row in rows if isinstance(row, Mapping))
    return [line for line in found if line is not None]


def _line(row: Raw, contacts: Contacts, place: str) -> Line | None:
    """None: of a type that is not read, or nothing is in it."""
    name = row.get(contacts.type)
    types = ("phone", contacts.phones), ("email", contacts.emails), ("address", contacts.addresses)
    type_ = next((ours for ours, theirs in types if name in theirs), "")
    column = contacts.email if type_ == "email" and row.get(contacts.email) else contacts.number
    text = one_line(row.get(column), LONGEST_VALUE)
    digits = one_line(row.get(contacts.digits), 40) if type_ == "phone" and contacts.digits else ""
    if not type_ or not (text or digits):
        return None
    main = row.get(contacts.main) is True if contacts.main else False
    kind = reference(row.get(contacts.kind))
    return {"place": place, "type": type_, "kind": kind, "text": text, "digits": digits, "main": main}


def _number(row: Raw, contacts: Contacts) -> Mirrored:
    """A row of the register has neither a reference nor a version: both are digests."""
    owner, kind = reference(row.get(contacts.owner)), row.get(contacts.kind)
    type_ = one_line(row.get(contacts.type), 60)
    line = _line(row, contacts, type_) if owner else None
    data = {"lines": [line]} if line is not None else {}
    return Mirrored(_digest([owner, type_, kind]), _digest(data), owner, data=data)


def _digest(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:40]
