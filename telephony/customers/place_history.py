"""Numbers added lately, with «Отменить» while it may be pressed."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from astpanel.accounts.models import PanelUser
from astpanel.lib.phone_numbers import readable
from crm.models import NumberPlacement
from crm.placing.selectors import placements
from crm.placing.undoing import UNDO_FOR, why_not_undo
from crm.selectors import keys_of

OWNERS = {"counterparty", "person"}
LIMIT = 20


def shown_placements(kind: str, pk: str, user: PanelUser) -> dict[str, Any] | None:
    """For placements.html. None: no such sort of customer."""
    if not kind and not pk:
        return {"rows": [_row(one, user) for one in placements(by=user.pk, limit=LIMIT)], "own": True}
    if kind not in OWNERS or not (pk.isascii() and pk.isdigit() and len(pk) < 19):
        return None
    found = placements(owner=(kind, int(pk)), limit=LIMIT)
    return {"rows": [_row(one, user) for one in found], "own": False, "kind": kind, "id": pk}


def _row(one: NumberPlacement, user: PanelUser) -> dict[str, Any]:
    now = timezone.now()
    return {
        "id": one.pk,
        "number": readable(keys_of(one.number)[0]) or one.number,
        "owner": one.owner_name,
        "card": f"person/{one.person_id}" if one.person_id else f"counterparty/{one.counterparty_id}",
        "by": str(one.by) if one.by else "",
        "at": timezone.localtime(one.at),
        "undone": one.undone is not None,
        "undo": why_not_undo(one, by=user, now=now) is None,
        "left": _("%(minutes)d min left") % {"minutes": max(1, -int((now - one.at - UNDO_FOR).total_seconds()) // 60)},
    }
