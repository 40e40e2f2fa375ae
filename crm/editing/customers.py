"""Fields of a counterparty or a contact person, and new persons."""

import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from crm.editing.problems import ConflictError, GoneError, KeptBySourceError
from crm.editing.tokens import token
from crm.models import ContactPerson, Counterparty

Owner = Counterparty | ContactPerson
FIELDS: Final = {
    Counterparty: ("name", "kind", "manager_id", "note", "archived"),
    ContactPerson: ("name", "position", "archived"),
}
KEPT_BY_SOURCE: Final = {"name", "kind", "position", "manager_id", "archived"}
LONGEST_NOTE: Final = 20_000  # characters
LINES: Final = {"name", "position"}


def customer_token(customer: Owner, fields: Iterable[str]) -> str:
    """Of these fields as they are in the row."""
    return token(getattr(customer, field) for field in fields)


@transaction.atomic
def change_customer(*, customer: Owner, values: Mapping[str, Any], seen: str) -> Owner:
    """Writes the fields. → the row as it is now.

    `seen`: `customer_token` of the same fields when the form was opened. Raises ConflictError, GoneError,
    KeptBySourceError, ValidationError with errors by field.
    """
    row: Owner = locked(customer)
    clean = {field: _clean(row, field, value) for field, value in values.items()}
    changed = [field for field, value in clean.items() if getattr(row, field) != value]
    if not changed:
        return row
    if seen != customer_token(row, values):
        raise ConflictError({field: getattr(row, field) for field in values})
    if row.source_id is not None and (kept := sorted(KEPT_BY_SOURCE & set(changed))):
        raise KeptBySourceError(kept)
    for field in changed:
        setattr(row, field, clean[field])
    columns = [field.removesuffix("_id") for field in changed]
    row.clean_fields(exclude={field.name for field in row._meta.fields} - set(columns))
    row.save(update_fields=columns)
    return row


@transaction.atomic
def add_person(*, counterparty: Counterparty, name: str, position: str = "") -> ContactPerson:
    """A new contact person. Raises GoneError, ValidationError."""
    person = ContactPerson(counterparty=locked(counterparty))
    for field, value in (("name", name), ("position", position)):
        setattr(person, field, _clean(person, field, value))
    person.full_clean()
    person.save()
    return person


def locked(owner: Any) -> Any:
    """The row itself, which nobody else changes until this transaction ends. Raises GoneError."""
    row = type(owner)._default_manager.select_for_update().filter(pk=owner.pk).first()
    if row is None or row.merged_into_id is not None:
        raise GoneError
    return row


def _clean(row: Owner, field: str, value: Any) -> Any:
    if field not in FIELDS[type(row)]:
        raise ValueError(f"{type(row).__name__}.{field} is not edited in place")
    if field == "manager_id":
        return _manager(row, value)
    if field == "archived":
        return bool(value)
    text = str(value).replace("\r\n", "\n").strip()
    if field in LINES and any(unicodedata.category(character) == "Cc" for character in text):
        raise ValidationError({field: _("Line ends and other control characters are not allowed.")})
    if "\0" in text:
        raise ValidationError({field: _("Line ends and other control characters are not allowed.")})
    if field == "name" and not text:
        raise ValidationError({field: _("Enter a name.")})
    if field == "note" and len(text) > LONGEST_NOTE:
        raise ValidationError(
            {field: _("Too long: a note has at most %(count)d characters.") % {"count": LONGEST_NOTE}}
        )
    return text


def _manager(row: Owner, value: int | None) -> int | None:
    """Who left stays where they are named already, but is not chosen anew."""
    users = get_user_model()._default_manager
    if value in (None, getattr(row, "manager_id", None)) or users.filter(pk=value, is_active=True).exists():
        return value
    raise ValidationError({"manager_id": _("Choose a manager from the list.")})
