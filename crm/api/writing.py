"""What the interface writes: all of a request, or nothing."""

from collections.abc import Sequence
from typing import Any, Final

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from crm.api.schemas import ContactInfoIn, CounterpartyIn, PersonIn
from crm.editing import rows as editing
from crm.models import ContactInfo, ContactInfoKind, ContactPerson, Counterparty

KEPT_BY_SOURCE: Final = ("name", "manager", "archived", "external_ref", "kind", "counterparty", "position")
Customer = Counterparty | ContactPerson


@transaction.atomic
def save_counterparty(*, pk: int | None, sent: CounterpartyIn) -> Counterparty:
    """A new one (`pk` None), or what was sent of one. Raises ValidationError, Counterparty.DoesNotExist."""
    row: Counterparty = Counterparty() if pk is None else Counterparty.objects.select_for_update().get(pk=pk)
    values = _values(sent)
    if "manager" in values:
        values["manager"] = _manager(values["manager"])
    _save(row, values, ContactInfoKind.Owner.COUNTERPARTY, sent.contact_info)
    return row


@transaction.atomic
def save_person(*, pk: int | None, sent: PersonIn) -> ContactPerson:
    """A new one (`pk` None), or what was sent of one. Raises ValidationError, ContactPerson.DoesNotExist.

    The company is locked, before the person: a merge locks in that order, and would leave behind who comes meanwhile.
    """
    values = _values(sent)
    if "counterparty" in values:
        values["counterparty"] = _counterparty(values["counterparty"])
    row: ContactPerson = ContactPerson() if pk is None else ContactPerson.objects.select_for_update().get(pk=pk)
    _save(row, values, ContactInfoKind.Owner.PERSON, sent.contact_info)
    return row


def _values(sent: CounterpartyIn | PersonIn) -> dict[str, Any]:
    """What was sent without the numbers. A null is no value: it says nothing."""
    values = sent.model_dump(exclude_unset=True, exclude={"contact_info"})
    return {name: value for name, value in values.items() if value is not None}


def _manager(username: str) -> Any:
    if not username:
        return None
    user = get_user_model().objects.filter(username=username, is_active=True).first()
    if user is None:
        raise ValidationError({"manager": _("There is no such user.")})
    return user


def _counterparty(pk: int) -> Counterparty:
    row: Counterparty | None = Counterparty.objects.select_for_update().filter(pk=pk, merged_into=None).first()
    if row is None:
        raise ValidationError({"counterparty": _("There is no such counterparty.")})
    return row


def _save(row: Customer, values: dict[str, Any], owner: str, infos: Sequence[ContactInfoIn] | None) -> None:
    if row.merged_into_id is not None:
        raise ValidationError(_("It was merged into another one: write there."))
    changed = {name for name, value in values.items() if getattr(row, name, None) != value} if row.pk else set(values)
    if row.pk and row.source_id is not None and (kept := changed.intersection(KEPT_BY_SOURCE)):
        raise ValidationError({name: _("This is kept by the source of customers: change it there.") for name in kept})
    for name, value in values.items():
        setattr(row, name, value)
    row.full_clean()
    row.save()
    if infos is not None:
        _replace_infos(row, owner, infos)


def _replace_infos(row: Customer, owner: str, infos: Sequence[ContactInfoIn]) -> None:
    """Rows that stay the same keep their ids; of a customer of a source each change waits for the transfer."""
    kinds = {kind.name: kind for kind in ContactInfoKind.objects.filter(owner=owner)}
    wanted = [_checked(row, owner, kinds, sent, place) for place, sent in enumerate(infos)]
    _refuse_twice(wanted)
    present = {(info.kind_id, info.value): info for info in row.contact_info.select_for_update()}
    keys = {(info.kind_id, info.value) for info in wanted}
    for key, info in present.items():
        if key not in keys:
            editing.delete_row(owner=row, row_id=info.pk, seen=editing.row_token(info), by=None)
    for place, info in enumerate(wanted):
        before = present.get((info.kind_id, info.value)) or _added(row, info, place)
        if info.is_main:
            editing.make_main(owner=row, row_id=before.pk, by=None)
        elif before.is_main:
            before.is_main = False
            before.save(update_fields=["is_main"])


def _added(row: Customer, info: ContactInfo, place: int) -> ContactInfo:
    try:
        return editing.add_row(owner=row, typed=editing.Typed(info.kind_id, info.value), by=None)[0]
    except ValidationError as error:  # the same number in another spelling
        texts = [text for texts in error.message_dict.values() for text in texts]
        raise ValidationError({f"contact_info.{place}.value": texts}) from None


def _checked(
    row: Customer, owner: str, kinds: dict[str, ContactInfoKind], sent: ContactInfoIn, place: int
) -> ContactInfo:
    field = f"contact_info.{place}"
    if (kind := kinds.get(sent.kind)) is None:
        known = ", ".join(kinds) or "—"
        text = _("There is no kind “%(kind)s”; there are: %(known)s.") % {"kind": sent.kind, "known": known}
        raise ValidationError({f"{field}.kind": text})
    info = ContactInfo(kind=kind, value=sent.value, is_main=sent.main, **{owner: row})
    try:
        info.clean()
    except ValidationError as error:
        raise ValidationError({f"{field}.{name}": texts for name, texts in error.message_dict.items()}) from None
    info.compute(kind)
    return info


def _refuse_twice(wanted: Sequence[ContactInfo]) -> None:
    values: set[tuple[int, str]] = set()
    mains: set[str] = set()
    for place, info in enumerate(wanted):
        if (info.kind_id, info.value) in values:
            raise ValidationError({f"contact_info.{place}.value": _("The same value twice.")})
        if info.is_main and info.type in mains:
            raise ValidationError({f"contact_info.{place}.main": _("There is one main value of each type.")})
        values.add((info.kind_id, info.value))
        mains |= {info.type} if info.is_main else set()
