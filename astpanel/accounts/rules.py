"""What a user may do in the portal at all. Acts on calls have their rules in telephony."""

from enum import StrEnum

from django.contrib.auth.models import AnonymousUser

from astpanel.accounts.models import SUPERVISE, PanelUser


class PanelRefusal(StrEnum):
    """Why somebody may not open the panel."""

    ANONYMOUS = "anonymous"  # nobody is logged in
    INACTIVE = "inactive"  # the account is switched off
    NOT_IN_USE = "not_in_use"  # «Использовать» is not set: no licence seat


def panel_refusal(user: PanelUser | AnonymousUser) -> PanelRefusal | None:
    """None: the user may open the panel."""
    if not isinstance(user, PanelUser):
        return PanelRefusal.ANONYMOUS
    if not user.is_active:
        return PanelRefusal.INACTIVE
    return None if user.in_use else PanelRefusal.NOT_IN_USE


def may_supervise(user: PanelUser | AnonymousUser) -> bool:
    """True with the right «Супервизор» and a seat; superusers have every right but need the seat too."""
    return panel_refusal(user) is None and user.has_perm(SUPERVISE)
