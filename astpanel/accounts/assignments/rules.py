"""Who may hand out settings, and to whom."""

from django.db.models import QuerySet

from astpanel.accounts.models import PanelUser
from astpanel.accounts.roles import touchable_by

NEEDED = ("accounts.change_profile", "accounts.change_paneluser")


def may_assign(user: PanelUser) -> bool:
    """Who may change profiles and users."""
    return user.has_perms(NEEDED)


def assignable(users: QuerySet[PanelUser], *, by: PanelUser) -> QuerySet[PanelUser]:
    """Of these users those whose page `by` may change, too."""
    return touchable_by(by, users)
