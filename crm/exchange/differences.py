"""What rows of a file change of a customer's own fields. Empty cells and missing columns change nothing. Pure."""

from collections.abc import Sequence
from typing import Any

from crm.exchange.cells import as_line, as_note
from crm.exchange.joining import Group, Joined
from crm.exchange.managers import Managers
from crm.exchange.rows import FileRow
from crm.models import ContactPerson, Counterparty

Changes = dict[str, tuple[Any, Any]]  # field → (before, after)


def company_changes(group: Group, rows: Sequence[FileRow], found: Counterparty | None, managers: Managers) -> Changes:
    """`found` is None for a new one: everything that is said. Compared is what an export would write."""
    wanted = _identity(group, rows, found)
    if kind := _said(rows, "kind"):
        wanted["kind"] = kind
    if manager := _said(rows, "manager"):
        wanted["manager_id"] = managers.find(manager)
    note = _said(rows, "note")
    if note and (found is None or as_note(found.note) != note):
        wanted["note"] = note
    archived = _said([row for row in rows if not row.person], "archived")
    if archived is not None:
        wanted["archived"] = archived
    return _different(wanted, found if found is not None else Counterparty())


def person_changes(who: Joined, rows: Sequence[FileRow], found: ContactPerson | None) -> Changes:
    """The same for a contact person."""
    wanted = _identity(who, rows, found)
    position = _said(rows, "position")
    if position and (found is None or as_line(found.position) != position):
        wanted["position"] = position
    archived = _said(rows, "archived")
    if archived is not None:
        wanted["archived"] = archived
    return _different(wanted, found if found is not None else ContactPerson())


def _identity(who: Joined, rows: Sequence[FileRow], found: Counterparty | ContactPerson | None) -> dict[str, Any]:
    """Only whoever is known by the external reference gets another name; whoever has none gets one."""
    row = rows[0]
    name = row.name if isinstance(who, Group) else row.person
    if found is None:
        return {"name": name, **({"external_ref": who.ref} if who.ref else {})}
    if who.ref and found.external_ref == who.ref:
        return {"name": name} if found.name_key != who.key else {}
    return {"external_ref": who.ref} if who.ref and not found.external_ref else {}


def _said(rows: Sequence[FileRow], attribute: str) -> Any:
    return next((value for row in rows if (value := getattr(row, attribute)) not in (None, "")), None)


def _different(wanted: dict[str, Any], before: Counterparty | ContactPerson) -> Changes:
    old = {name: getattr(before, name) for name in wanted}
    return {name: (old[name], value) for name, value in wanted.items() if old[name] != value}
