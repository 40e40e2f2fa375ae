"""The last check of a PBX as one line of the admin's first page."""

from datetime import datetime
from typing import Final

from django.urls import reverse
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from astpanel.health_texts import Level, Line
from telephony.check.finding import Level as Found
from telephony.check.selectors import findings_of
from telephony.models import PbxCheck

LEVELS: Final = {Found.WARNING: Level.WARNING, Found.ERROR: Level.ERROR}


def check_line(check: PbxCheck, now: datetime) -> Line | None:
    """The worst finding, how many more there are, and how old that is; None: all was in order."""
    open_findings = [finding for finding in findings_of(check) if finding.level in LEVELS]
    if not open_findings:
        return None
    worst, more = open_findings[0], len(open_findings) - 1  # stored with the worst first
    parts = [worst.title.rstrip(".") + "."]
    if more:
        parts.append(ngettext("And %(count)d more finding.", "And %(count)d more findings.", more) % {"count": more})
    parts.append(_("Checked %(age)s ago.") % {"age": timesince(check.finished or check.started, now, depth=1)})
    title = _("PBX check: %(name)s") % {"name": check.pbx.name}
    return Line(LEVELS[worst.level], title, " ".join(parts), reverse("admin:pbx_check_result", args=[check.pk]))
