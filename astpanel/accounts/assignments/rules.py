"""Who may hand out settings, and to whom."""

from django.db.models import QuerySet

from astpanel.accounts.models import PanelUser

NEEDED = ("accounts.change_profile", "accounts.change_paneluser")


def may_assign(user: PanelUser) -> bool:
    """Who may change profiles and users."""
    return user.has_perms(NEEDED)


def assignable(users: QuerySet[PanelUser], *, by: PanelUser) -> QuerySet[PanelUser]:
    """Of these users those whom `by` may change: superusers are changed by superusers only."""
    return users if by.is_superuser else users.filter(is_superuser=False)
