"""What is read about users and licences."""

from django.contrib.auth.models import Group, Permission
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from astpanel.accounts.models import PanelUser
from astpanel.accounts.roles import Role
from crm.models import AddressType, ContactInfo


def internal_numbers(user: PanelUser) -> list[str]:
    """The user's extensions, the main one first, then as they were added. One query (none if prefetched)."""
    prefetched = getattr(user, "internal_rows", None)
    rows = prefetched if prefetched is not None else _internal_rows().filter(user=user)
    return [row.value for row in rows]


def with_internal_numbers(users: QuerySet[PanelUser]) -> QuerySet[PanelUser]:
    """The same users; `internal_numbers` of each costs no query of its own."""
    return users.prefetch_related(Prefetch("contact_info", _internal_rows(), to_attr="internal_rows"))


def with_supervisor_right(users: QuerySet[PanelUser]) -> QuerySet[PanelUser]:
    """The same users, each with `supervises`: by their own right, a group's, or as a superuser."""
    right = Permission.objects.filter(content_type__app_label="accounts", codename="supervise")
    own = right.filter(user=OuterRef("pk"))
    of_group = right.filter(group__user=OuterRef("pk"))
    return users.annotate(supervises=Q(is_superuser=True) | Exists(own) | Exists(of_group))


def with_roles(users: QuerySet[PanelUser]) -> QuerySet[PanelUser]:
    """The same users, each with `supervises` and `administers` (may set the portal up)."""
    group = Group.objects.filter(name=Role.ADMINISTRATOR.value, user=OuterRef("pk"))
    administers = Q(is_superuser=True) | Q(Exists(group), is_staff=True)
    return with_supervisor_right(users).annotate(administers=administers)


def _internal_rows() -> QuerySet[ContactInfo]:
    return ContactInfo.objects.filter(type=AddressType.INTERNAL).order_by("-is_main", "id")
