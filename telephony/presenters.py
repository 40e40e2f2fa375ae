"""Values of the selectors → what templates and the page's scripts show."""

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from astpanel.accounts.models import PanelUser
from astpanel.lib.phone_numbers import readable
from crm.placing.numbers import Unplaceable, why_not_placeable
from crm.selectors import keys_of, number_rules
from telephony.core.commands import dialable
from telephony.customers.place_words import UNPLACEABLE
from telephony.models import CallRecord
from telephony.rules import Refusal
from telephony.selectors import Colleague, RecentCall

UNANSWERED = {CallRecord.Disposition.MISSED, CallRecord.Disposition.ABANDONED}


def person_json(person: Colleague) -> dict[str, Any]:
    """A colleague for the page's script."""
    return {
        "id": person.id,
        "name": person.name,
        "numbers": list(person.numbers),
        "group": person.group,
        "status": person.status,
        "until": timezone.localtime(person.status_until).strftime("%H:%M") if person.status_until else "",
    }


def header(user: PanelUser, numbers: list[str]) -> dict[str, Any]:
    """What the top bar says about the user."""
    words = [word for word in (user.first_name, user.last_name) if word] or [user.username]
    return {
        "name": str(user),
        "username": user.username,
        "initials": "".join(word[0] for word in words).upper(),
        "department": user.department.name if user.department else "",
        "number": numbers[0] if numbers else "",
        "status": user.status,
        "status_label": user.get_status_display(),
    }


def recent_row(call: RecentCall) -> dict[str, Any]:
    """One line of «My recent calls»."""
    record = call.record
    missed = call.incoming and record.disposition in UNANSWERED
    icon = "missed" if missed else record.direction
    if record.direction == CallRecord.Direction.INTERNAL:
        direction = _("from a colleague") if call.incoming else _("to a colleague")
    else:
        direction = str(CallRecord.Direction(record.direction).label)
    why_not_place = why_not_placeable(call.number, number_rules())
    hidden = call.incoming and why_not_place is Unplaceable.HIDDEN  # the PBX says "anonymous" instead of a number
    number = "" if hidden else readable(keys_of(call.number)[0]) or call.number
    return {
        "title": call.name or number or _("number withheld"),
        "number": number,
        "icon": icon,
        "missed": missed,
        "direction": direction,
        "disposition": record.get_disposition_display(),
        "duration": clock(record.talk_seconds),
        "participants": ", ".join(call.others),
        "started": timezone.localtime(record.started),
        "today": timezone.localdate(record.started) == timezone.localdate(),
        "dial": call.number if dialable(call.number) else "",
        "given": call.number,
        "linkedid": record.linkedid,
        "contact": f"{call.contact.kind}/{call.contact.id}" if call.contact else "",
        "why_not_place": UNPLACEABLE.get(why_not_place, ""),
    }


def clock(seconds: float) -> str:
    """133 → `02:13`; nothing for no time."""
    whole = int(seconds)
    if whole <= 0:
        return ""
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes:02}:{rest:02}"


def explanation(reason: Refusal, user: PanelUser) -> dict[str, str]:
    """Why the panel does not open, and what to do: for the page that stands in its place."""
    if reason == Refusal.NO_PBX:
        return {
            "heading": _("No PBX is connected yet"),
            "explanation": _("The panel shows the state of a PBX, and none is set up for you or it is switched off."),
            "advice": _("An administrator adds the PBX in the administration under “PBXs”, then try again."),
            "admin_url": reverse("admin:telephony_pbx_changelist"),
        }
    return {
        "heading": _("Your panel is not switched on"),
        "explanation": _("The panel opens for users whose card has the flag “Use”: each takes a licence seat."),
        "advice": _("Ask an administrator to set the flag in your card under “Panel users”, then try again."),
        "admin_url": reverse("admin:accounts_paneluser_change", args=[user.pk]),
    }
