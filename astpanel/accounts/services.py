"""What is written about users."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.db import transaction

from astpanel.accounts.bulk import change_users
from astpanel.accounts.licensing.access import forget
from astpanel.accounts.licensing.seats import claim_for, claim_for_one
from astpanel.accounts.models import Department, PanelUser
from astpanel.accounts.own_rules import denied, reason
from astpanel.accounts.roles import Role, roles_of, set_roles
from crm.models import AddressType, ContactInfo, ContactInfoKind
from crm.services import internal_kind
from telephony.models import Pbx


def supervise_right() -> Permission:
    """The permission behind the right «Супервизор»."""
    return Permission.objects.get(content_type__app_label="accounts", codename="supervise")


@transaction.atomic
def create_user(  # noqa: PLR0913 - one keyword per field of the form
    *,
    username: str,
    password: str,
    last_name: str = "",
    first_name: str = "",
    patronymic: str = "",
    number: str = "",
    pbx: Pbx | None = None,
    department: Department | None = None,
    in_use: bool = True,
    supervisor: bool = False,
    admin: bool = False,
) -> PanelUser:
    """A user who can log in, with an internal number if given. `admin` opens the admin with every right.

    An empty password: nobody can log in as this user until one is set. `in_use` takes a licence seat.
    Raises ValidationError naming the field (code `no_seats`: none is free). How strong the password is, the form
    decides that asked for it.
    """
    user = PanelUser(
        username=username,
        last_name=last_name,
        first_name=first_name,
        patronymic=patronymic,
        pbx=pbx,
        department=department,
        in_use=in_use,
        is_staff=admin,
        is_superuser=admin,
    )
    if password:
        user.set_password(password)
    else:
        user.set_unusable_password()
    user.full_clean()
    claim_for_one(user=user)
    user.save()
    if number:
        set_internal_number(user=user, number=number)
    if supervisor:
        set_supervisor(user=user, on=True)
    return user


@transaction.atomic
def set_internal_number(*, user: PanelUser, number: str, kind: ContactInfoKind | None = None) -> ContactInfo:
    """Make `number` the user's main internal number: the row that has it becomes main, else the main row is rewritten.

    `kind`: which kind of internal number it is; None: as it was, or the first there is.
    Raises ValidationError when it is no internal number, or another user's.
    """
    rows = ContactInfo.objects.filter(user=user, type=AddressType.INTERNAL)
    row = rows.filter(value=number).first() or rows.filter(is_main=True).first()
    if row is None:
        row = ContactInfo(user=user, kind=kind or internal_kind())
    row.kind = kind or row.kind
    row.value, row.is_main = number, True
    row.full_clean()
    row.save()
    return row


def set_supervisor(*, user: PanelUser, on: bool) -> None:
    """Into the group «Супервизоры», or out of it and without the single permission."""
    roles = roles_of(user)
    set_roles(user=user, roles=roles | {Role.SUPERVISOR} if on else roles - {Role.SUPERVISOR})


@transaction.atomic
def set_in_use(*, users: Iterable[PanelUser], on: bool) -> int:
    """«Использовать» for these users → how many were changed. All or none.

    Raises ValidationError (code `no_seats`) that says who holds the seats, when there are not enough.
    """
    users = list(users)
    if on:
        claim_for(users)
    forget()
    return change_users(ids=[user.pk for user in users], field="in_use", value=on)


@transaction.atomic
def change_own_settings(*, user: PanelUser, changes: Mapping[str, Any]) -> PanelUser:
    """What the user changes of their own settings («Мои настройки»): all of it, or nothing.

    Judged by the rights as they are now, whatever the page showed. Raises ValidationError naming the fields that the
    user may not change.
    """
    row = PanelUser.objects.select_for_update(of=("self",)).select_related("assigned_profile").get(pk=user.pk)
    if refused := denied(row, changes):
        raise ValidationError({name: reason(row, name) for name in refused})
    for name, value in changes.items():
        setattr(row, name, value)
    if changes:
        row.save(update_fields=list(changes))
    return row
