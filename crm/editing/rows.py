"""Contact information of a customer: one row at a time. Customers of a source: their changes wait for the transfer."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from crm.editing.customers import Owner, locked
from crm.editing.problems import ConflictError, GoneError, SeveralNumbersError
from crm.editing.tokens import token
from crm.models import ContactInfo, ContactInfoKind, ContactPerson
from crm.sources.transfers import note
from crm.values import clean_value, split_numbers


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the row's form. `split`: several numbers become rows of their own."""

    kind_id: int | None
    value: str
    split: bool = False


def row_token(row: ContactInfo) -> str:
    """What is written in the row."""
    return token([row.kind_id, row.value])


def owner_field(owner: Owner) -> str:
    """The column of ContactInfo, which is also the owner's name among the kinds."""
    return "person" if isinstance(owner, ContactPerson) else "counterparty"


@transaction.atomic
def add_row(*, owner: Owner, typed: Typed, by: Any) -> list[ContactInfo]:
    """A new row, or one for each number. Raises SeveralNumbersError, GoneError, ValidationError (errors by field)."""
    customer = locked(owner)
    kind = _kind(customer, typed.kind_id)
    return [_add(customer, kind, part, by) for part in _parts(kind, typed)]


@transaction.atomic
def change_row(*, owner: Owner, row_id: int, typed: Typed, seen: str, by: Any) -> list[ContactInfo]:
    """The row with another kind or value; of several numbers those after the first become rows of their own.

    Raises ConflictError (`stored`: kind_id, value), SeveralNumbersError, GoneError, ValidationError.
    """
    customer = locked(owner)
    row = _own_row(customer, row_id)
    kind = _kind(customer, typed.kind_id)
    first, *others = _parts(kind, typed)
    if (row.kind_id, row.value) != (kind.pk, first):
        _check_seen(row, seen)
        before = _before(row)
        row.kind, row.value = kind, first
        _write(customer, row)
        note(customer=customer, row=row, act="change", value=row.value, before=before, by=by)
    return [row, *(_add(customer, kind, part, by) for part in others)]


@transaction.atomic
def delete_row(*, owner: Owner, row_id: int, seen: str, by: Any) -> None:
    """Raises ConflictError, GoneError."""
    customer = locked(owner)
    row = _own_row(customer, row_id)
    _check_seen(row, seen)
    note(customer=customer, row=row, act="delete", value=row.value, before=_before(row), by=by)
    row.delete()


@transaction.atomic
def make_main(*, owner: Owner, row_id: int, by: Any) -> ContactInfo:
    """«Назначить основным»: the owner's other rows of the type are main no longer. Raises GoneError."""
    customer = locked(owner)
    row = _own_row(customer, row_id)
    if not row.is_main:
        before = _before(row)
        row.is_main = True
        row.save(update_fields=["is_main"])
        note(customer=customer, row=row, act="main", value=row.value, before=before, by=by)
    return row


def _before(row: ContactInfo) -> dict[str, Any]:
    """The row as the system has it that keeps the customer (crm.sources.transfers)."""
    return {
        "external_key": row.external_key,
        "kind": row.kind.name,
        "value": row.value,
        "is_main": row.is_main,
        "owner": row.owner_field,
        "row": row.pk,
    }


def _own_row(customer: Owner, row_id: int) -> ContactInfo:
    rows = ContactInfo.objects.filter(**{owner_field(customer): customer}).select_related("kind")
    if (row := rows.filter(pk=row_id).first()) is None:
        raise GoneError
    return row


def _check_seen(row: ContactInfo, seen: str) -> None:
    if seen != row_token(row):
        raise ConflictError({"kind_id": row.kind_id, "value": row.value})


def _kind(customer: Owner, kind_id: int | None) -> ContactInfoKind:
    kind = ContactInfoKind.objects.filter(pk=kind_id or 0, owner=owner_field(customer)).first()
    if kind is None:
        raise ValidationError({"kind": _("Choose what this is.")})
    return kind


def _parts(kind: ContactInfoKind, typed: Typed) -> Sequence[str]:
    """The checked values: one, or as many as were typed."""
    try:
        return [clean_value(kind.type, typed.value)]
    except ValidationError as error:
        parts = _checked(kind, typed.value) if error.code == "several" else []
        if len(parts) < 2:
            raise ValidationError({"value": error}) from None
    if not typed.split:
        raise SeveralNumbersError(parts)
    return parts


def _checked(kind: ContactInfoKind, value: str) -> list[str]:
    """Each number of the text alone; nothing when one of them is no number."""
    try:
        return [clean_value(kind.type, part) for part in split_numbers(value)]
    except ValidationError:
        return []


def _add(customer: Owner, kind: ContactInfoKind, value: str, by: Any) -> ContactInfo:
    row = ContactInfo(kind=kind, value=value, **{owner_field(customer): customer})
    _write(customer, row)
    note(customer=customer, row=row, act="add", value=row.value, before={}, by=by)
    return row


def _write(customer: Owner, row: ContactInfo) -> None:
    row.full_clean()
    row.compute(row.kind)
    same = ContactInfo.objects.filter(**{owner_field(customer): customer}, type=row.type).exclude(pk=row.pk)
    same = same.filter(e164=row.e164, extension=row.extension) if row.e164 else same.filter(value__iexact=row.value)
    if same.exists():
        raise ValidationError({"value": _("This is in the card already.")})
    row.save()
