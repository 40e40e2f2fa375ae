"""What operators are told about the licence: a line above the panel in the grace time, a page when it is closed."""

from datetime import datetime
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _

from astpanel.accounts.licensing.access import access
from telephony.rules import Refusal

CLOSING: Final = {Refusal.LICENCE_ENDED, Refusal.NO_SEAT}


def banner(now: datetime) -> str:
    """Empty while all is well. No query within a minute."""
    state = access().protection(now)
    return state.reason if state.grace_until else ""


def explanation(reason: Refusal, now: datetime) -> dict[str, str]:
    """For the page that stands in the panel's place; the keys of presenters.explanation."""
    cause = access().protection(now).reason
    telephones = _("Telephones go on working, and nothing of the portal's data is lost.")
    if reason == Refusal.NO_SEAT:
        return {
            "heading": _("No licence seat is left for you"),
            "explanation": f"{cause} {telephones}",
            "advice": _(
                "An administrator adds a licence key, or takes the mark “Use” off somebody else; then try again."
            ),
            "admin_url": reverse("admin:accounts_license_changelist"),
        }
    return {
        "heading": _("The panel is closed: no licence key is valid"),
        "explanation": f"{cause} {telephones}",
        "advice": _("An administrator adds a licence key in the administration; the panel then opens at once."),
        "admin_url": reverse("admin:accounts_license_changelist"),
    }
