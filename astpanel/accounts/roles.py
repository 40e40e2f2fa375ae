"""The three roles of the product as groups: «Операторы», «Супервизоры», «Администраторы».

A role is a group that the product keeps: it is there after `migrate`, has the rights named here, and code finds it by
`Role`, never by what a row says of itself. Other groups and single permissions are the administrator's own.
"""

from collections.abc import Collection, Iterable
from enum import Enum
from typing import Any, Final

from auditlog.context import disable_auditlog
from django.apps import AppConfig, apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.db import router, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from astpanel.accounts.models import SUPERVISE, PanelUser


class Role(Enum):
    """`value` is the group's name: data, in the product's first language."""

    OPERATOR = "Операторы"
    SUPERVISOR = "Супервизоры"
    ADMINISTRATOR = "Администраторы"

    @property
    def label(self) -> Any:
        """One member of it, in the reader's language."""
        return {Role.OPERATOR: _("operator"), Role.SUPERVISOR: _("supervisor"), Role.ADMINISTRATOR: _("administrator")}[
            self
        ]


OWN_APPS: Final = ("accounts", "api", "crm", "jobs", "setup", "telephony", "supervisor")
LOOKED_AT: Final = ("admin", "auditlog", "auth", "axes", "django_q")  # apps of others: an administrator reads them
UNLOCKING: Final = "axes.delete_accessattempt"  # whoever is locked out is let in again


def ensure_groups(**_options: Any) -> None:
    """After `migrate`: the groups are there with exactly their rights. Any number of times."""
    if not router.allow_migrate_model("default", Group):
        return
    for label in (*OWN_APPS, *LOOKED_AT):  # whichever app is migrated first, the rights of all are known
        if label in apps.app_configs:
            create_permissions(_configuration(label), verbosity=0)
    with disable_auditlog():  # nobody's act; and the audit's table may not be there yet
        for role in Role:
            group, _made = Group.objects.get_or_create(name=role.value)
            group.permissions.set(rights_of(role))


def _configuration(label: str) -> AppConfig:
    return apps.get_app_config(label)


def rights_of(role: Role) -> QuerySet[Permission]:
    """What the role may do. An operator needs no right: the flag «Использовать» opens the panel.

    An administrator has every right of the product, reads what Django and its apps keep, and may give no rights: no
    groups to change, no scheduled tasks (they name any function to call).
    """
    rights = Permission.objects.all()
    if role is Role.OPERATOR:
        return rights.none()
    if role is Role.SUPERVISOR:
        return rights.filter(_named(SUPERVISE))
    reads = Q(content_type__app_label__in=LOOKED_AT, codename__startswith="view_")
    return rights.filter(Q(content_type__app_label__in=OWN_APPS) | reads | _named(UNLOCKING))


def _named(name: str) -> Q:
    app, _dot, codename = name.partition(".")
    return Q(content_type__app_label=app, codename=codename)


def group_of(role: Role) -> Group:
    """The role's group; made, with its rights, if somebody took it away."""
    if (group := Group.objects.filter(name=role.value).first()) is None:
        ensure_groups()
        group = Group.objects.get(name=role.value)
    return group


def is_role(group: Group) -> bool:
    """True for the three groups that the product keeps."""
    return group.name in {role.value for role in Role}


def roles_of(user: PanelUser) -> set[Role]:
    """Roles by group; the single permission «Супервизор» counts as the role. Two queries."""
    names = set(user.groups.values_list("name", flat=True))
    roles = {role for role in Role if role.value in names}
    if user.user_permissions.filter(_named(SUPERVISE)).exists():
        roles.add(Role.SUPERVISOR)
    return roles


def is_administrator(user: Any) -> bool:
    """May set the portal up: a superuser, or staff in the group «Администраторы»."""
    if not (user.is_active and user.is_staff):
        return False
    return bool(user.is_superuser or user.groups.filter(name=Role.ADMINISTRATOR.value).exists())


@transaction.atomic
def set_roles(*, user: PanelUser, roles: Collection[Role]) -> None:
    """Exactly these roles; other groups stay. The door of the admin (`is_staff`) follows «Администраторы»."""
    before = roles_of(user)
    for role in Role:
        if role in roles:
            user.groups.add(group_of(role))
        elif role in before:
            user.groups.remove(group_of(role))
    if Role.SUPERVISOR not in roles:
        user.user_permissions.remove(Permission.objects.get(_named(SUPERVISE)))
    follow_role(user=user, before=before, after=roles)


def follow_role(*, user: PanelUser, before: Collection[Role], after: Collection[Role]) -> None:
    """Who became an administrator gets into the admin; who is one no longer does not, unless a superuser."""
    was, is_now = Role.ADMINISTRATOR in before, Role.ADMINISTRATOR in after
    staff = is_now or user.is_superuser or (user.is_staff and not was)
    if staff != user.is_staff:
        user.is_staff = staff
        user.save(update_fields=["is_staff"])


def touchable_by(actor: PanelUser, users: QuerySet[PanelUser] | None = None) -> QuerySet[PanelUser]:
    """Users `actor` may edit: all for a superuser, else those who may do nothing that `actor` may not.

    Else somebody who edits users could set the password of somebody with more rights, and log in as them.
    """
    rows = PanelUser.objects.all() if users is None else users
    if actor.is_superuser:
        return rows
    more = Permission.objects.exclude(pk__in=_ids_of_rights(actor))
    own = Exists(more.filter(user=OuterRef("pk")))
    of_group = Exists(more.filter(group__user=OuterRef("pk")))
    return rows.filter(~own, ~of_group, is_superuser=False)


def may_touch(actor: PanelUser, user: PanelUser) -> bool:
    """May `actor` edit this user? See `touchable_by`."""
    return bool(actor.is_superuser) or touchable_by(actor).filter(pk=user.pk).exists()


def _ids_of_rights(actor: PanelUser) -> Iterable[int]:
    return list(Permission.objects.filter(Q(user=actor) | Q(group__user=actor)).values_list("pk", flat=True))
