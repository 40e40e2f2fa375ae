"""The columns that are no fields of the user: numbers, the role «Супервизор», the profile's list, the seat."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from astpanel.accounts import services
from astpanel.accounts.importing.context import ImportContext
from astpanel.accounts.licensing.seats import claim_for_one, may_use_more
from astpanel.accounts.models import PanelUser
from astpanel.lib.phone_numbers import clean_text
from astpanel.lib.tables.words import NO, YES, yes_or_no
from crm.models import ContactInfo, ContactInfoKind

Cells = dict[str, str]
Faults = dict[str, Any]


def faults(context: ImportContext, user: PanelUser, cells: Cells) -> Faults:
    """What is wrong with these columns of the row, by column."""
    found: Faults = {}
    for key in ("number", "mobile"):
        if cells.get(key) and (texts := _number_faults(context, user, cells, key)):
            found[key] = texts
    for key, check in (("supervisor", _check_supervisor), ("profile", _check_profile), ("in_use", _check_seat)):
        try:
            check(context, user, cells)
        except ValueError as error:
            found[key] = [str(error)]
    return found


def change(context: ImportContext, user: PanelUser, cells: Cells) -> bool:
    """Would writing these columns change an existing user?"""
    numbers = [key for key in ("number", "mobile") if cells.get(key)]
    if any(not _has(user, _kind(context, key), cells[key]) for key in numbers):
        return True
    return _supervisor_changes(context, user, cells) or _joins_profile(context, user, cells)


def write(context: ImportContext, user: PanelUser, cells: Cells) -> None:
    """Write them; the user is there. Raises ValidationError."""
    for key, write_number in (("number", _set_internal), ("mobile", _set_mobile)):
        if not cells.get(key):
            continue
        if context.user(user.username) is None:  # new: there is nothing to look for, and the value has been checked
            ContactInfo(user=user, kind=_kind(context, key), value=clean_text(cells[key]), is_main=True).save()
        else:
            write_number(context, user, cells[key])
    if _supervisor_changes(context, user, cells):
        services.set_supervisor(user=user, on=yes_or_no(cells["supervisor"]))
    if _joins_profile(context, user, cells):
        context.named("profile", cells["profile"]).users.add(user)


def claim_seat(user: PanelUser) -> None:
    """Before the user is written. Raises ValidationError when no seat is free."""
    claim_for_one(user=user)


def _kind(context: ImportContext, key: str) -> ContactInfoKind | None:
    return context.internal_kind if key == "number" else context.mobile_kind


def _number_faults(context: ImportContext, user: PanelUser, cells: Cells, key: str) -> list[str]:
    kind = _kind(context, key)
    if kind is None:
        return [_("There is no kind of contact information for mobile numbers of users: make one first.")]
    info = ContactInfo(user=user, kind=kind, value=cells[key])
    try:
        info.clean()
    except ValidationError as error:
        return error.messages
    if key == "number" and (line := context.same_number(user.pbx_id, info.value, user.username)):
        return [_("The same number is in row %(line)d.") % {"line": line}]
    return []


def _has(user: PanelUser, kind: ContactInfoKind | None, value: str) -> bool:
    return user.contact_info.filter(kind=kind, value=value, is_main=True).exists()


def _check_supervisor(context: ImportContext, user: PanelUser, cells: Cells) -> None:
    if cells.get("supervisor"):
        yes_or_no(cells["supervisor"])
    if _supervisor_changes(context, user, cells) and not context.by.is_superuser:
        raise ValueError(_("Rights are given by superusers only."))


def _check_profile(context: ImportContext, user: PanelUser, cells: Cells) -> None:
    if cells.get("profile"):
        context.named("profile", cells["profile"])


def _check_seat(context: ImportContext, user: PanelUser, cells: Cells) -> None:
    existing = context.user(user.username)
    holds = existing is not None and context.held_seat(existing)
    if user.in_use and user.is_active and not holds and not context.take_seat():
        raise ValueError(may_use_more(count=1 - context.seats_free).text)


def _supervisor_changes(context: ImportContext, user: PanelUser, cells: Cells) -> bool:
    text = cells.get("supervisor", "").strip().lower()
    return text in YES | NO and yes_or_no(text) != context.supervises(user)


def _joins_profile(context: ImportContext, user: PanelUser, cells: Cells) -> bool:
    if not cells.get("profile"):
        return False
    profile = context.named("profile", cells["profile"])
    return user.pk is None or not profile.users.filter(pk=user.pk).exists()


def _set_internal(context: ImportContext, user: PanelUser, value: str) -> None:
    services.set_internal_number(user=user, number=value)


def _set_mobile(context: ImportContext, user: PanelUser, value: str) -> None:
    kind = context.mobile_kind
    if kind is None:
        return
    rows = user.contact_info.filter(kind=kind)
    info = rows.filter(value=value).first() or rows.first() or ContactInfo(user=user, kind=kind)
    info.value, info.is_main = value, True
    info.full_clean()
    info.save()
