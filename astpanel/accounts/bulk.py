"""Changing many users at once: one UPDATE, one entry of the audit for each user that was changed."""

from collections.abc import Collection
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Model, Q
from django.utils.translation import gettext as _

from astpanel.accounts.licensing.seats import claim
from astpanel.accounts.models import PanelUser, Profile
from astpanel.accounts.roles import Role, roles_of, set_roles
from astpanel.audit_bulk import journal_changes
from crm.changes import SHOWN_OF_USERS, note_change
from crm.models import AddressType, ContactInfo
from telephony.models import Pbx


@transaction.atomic
def change_users(*, ids: Collection[int], field: str, value: Any) -> int:
    """Set one field of these users (a relation takes an object or None) → how many had another value before.

    Raises ValidationError (code `no_seats`) when accounts in use are to be switched on and the seats do not suffice.
    """
    users = list(PanelUser.objects.select_for_update().filter(pk__in=ids).exclude(**{field: value}))
    name = f"{field}_id" if PanelUser._meta.get_field(field).is_relation else field
    after = value.pk if isinstance(value, Model) else value
    if field == "is_active" and value:
        claim(count=sum(user.in_use for user in users))
    changes = [(user, {field: (str(getattr(user, name)), str(after))}) for user in users]
    changed = PanelUser.objects.filter(pk__in=[user.pk for user in users]).update(**{field: value})
    journal_changes(changes=changes)
    if changed and field in SHOWN_OF_USERS:
        note_change()
    return changed


@transaction.atomic
def move_to_pbx(*, ids: Collection[int], pbx: Pbx | None) -> int:
    """The users' numbers are then numbers of that PBX. Raises ValidationError when two would have the same."""
    if taken := numbers_taken(ids=ids, pbx=pbx):
        text = _("Nothing was changed: on that PBX these numbers would have two owners: %(numbers)s.")
        raise ValidationError(text % {"numbers": ", ".join(taken)})
    return change_users(ids=ids, field="pbx", value=pbx)


def numbers_taken(*, ids: Collection[int], pbx: Pbx | None) -> list[str]:
    """Internal numbers that would have two owners if these users were on the PBX (None: each PBX)."""
    rows = ContactInfo.objects.filter(type=AddressType.INTERNAL, user__isnull=False)
    mine = rows.filter(user__in=ids)
    others = rows.exclude(user__in=ids)
    if pbx is not None:
        others = others.filter(Q(user__pbx=None) | Q(user__pbx=pbx))
    twice = mine.order_by().values("value").annotate(owners=Count("user", distinct=True)).filter(owners__gt=1)
    found = {row["value"] for row in twice}
    found |= set(mine.filter(value__in=others.values("value")).values_list("value", flat=True))
    return sorted(found, key=lambda number: (len(number), number))


@transaction.atomic
def join_profile(*, ids: Collection[int], profile: Profile) -> int:
    """Onto the profile's list → how many were not on it."""
    new = PanelUser.objects.filter(pk__in=ids).exclude(profiles=profile)
    added = list(new.values_list("pk", flat=True))
    profile.users.add(*added)
    return len(added)


@transaction.atomic
def change_role(*, ids: Collection[int], role: Role, on: bool) -> int:
    """Give or take the role → how many were changed."""
    changed = 0
    for user in PanelUser.objects.select_for_update().filter(pk__in=ids):
        before = roles_of(user)
        after = before | {role} if on else before - {role}
        if after != before:
            set_roles(user=user, roles=after)
            changed += 1
    return changed
