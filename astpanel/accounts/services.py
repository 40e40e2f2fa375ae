"""What is written about users."""

from collections.abc import Iterable

from django.contrib.auth.models import Permission
from django.db import transaction

from astpanel.accounts.models import Department, PanelUser
from crm.models import AddressType, ContactInfo
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

    An empty password: nobody can log in as this user until one is set.
    Raises ValidationError naming the field. How strong the password is, the form decides that asked for it.
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
    user.save()
    if number:
        set_internal_number(user=user, number=number)
    if supervisor:
        set_supervisor(user=user, on=True)
    return user


@transaction.atomic
def set_internal_number(*, user: PanelUser, number: str) -> ContactInfo:
    """Make `number` the user's main internal number: the row that has it becomes main, else the main row is rewritten.

    Raises ValidationError when it is no internal number, or another user's.
    """
    rows = ContactInfo.objects.filter(user=user, type=AddressType.INTERNAL)
    row = rows.filter(value=number).first() or rows.filter(is_main=True).first()
    if row is None:
        row = ContactInfo(user=user, kind=internal_kind())
    row.value, row.is_main = number, True
    row.full_clean()
    row.save()
    return row


def set_supervisor(*, user: PanelUser, on: bool) -> None:
    """Give or take the user's own right; one that comes from a group stays with the group."""
    if on:
        user.user_permissions.add(supervise_right())
    else:
        user.user_permissions.remove(supervise_right())


def set_in_use(*, users: Iterable[PanelUser], on: bool) -> int:
    """«Использовать» for these users → how many were changed."""
    ids = [user.pk for user in users]
    return PanelUser.objects.filter(pk__in=ids, in_use=not on).update(in_use=on)
