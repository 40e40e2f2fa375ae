"""Which of their own settings users may change themselves (may_change_* of PanelSettings), and why not."""

from collections.abc import Iterable
from typing import Final

from django.utils.translation import gettext as _

from astpanel.accounts.models import PanelUser

GUARDS: Final = {  # own setting → the right that a profile hands out
    "intercept_own_clients": "may_change_interception",
    "softphone": "may_change_softphone",
    "sip_password": "may_change_sip_password",
    "card_opens": "may_change_card",
    "sound_ring": "may_change_audio",
    "sound_output": "may_change_audio",
    "sound_input": "may_change_audio",
}


def denied(user: PanelUser, fields: Iterable[str] = GUARDS) -> list[str]:
    """Those of the own settings that this user may not change; a field that is no own setting is denied to all."""
    return [field for field in fields if field not in GUARDS or not getattr(user, GUARDS[field])]


def reason(user: PanelUser, field: str) -> str:
    """Why a denied setting is denied, and who can change that.

    The profile is blamed only when it denies too: an administrator may have changed this one user.
    """
    profile, guard = user.assigned_profile, GUARDS.get(field)
    if profile is not None and guard is not None and not getattr(profile, guard):
        return _("Your profile “%(name)s” does not allow this: ask an administrator.") % {"name": profile.name}
    return _("Your settings do not allow this: ask an administrator.")
