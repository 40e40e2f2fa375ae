"""Words that several findings share."""

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Words:
    """`%(name)s` stands for a value of the finding; `meaning` and `act` may be empty."""

    title: str | Promise
    meaning: str | Promise = ""
    act: str | Promise = ""


FEATURE_NAMES: Final[dict[str, Promise]] = {  # codes of telephony.ami.rights.FEATURES
    "channels": _("calls under way"),
    "version": _("version"),
    "hints": _("colours of the phones"),
    "devices": _("states of the devices"),
    "bridges": _("who talks to whom"),
    "queues": _("queues"),
    "parking": _("parking table"),
    "originate": _("click to dial"),
    "hangup": _("hanging up"),
    "transfer": _("transfer"),
    "park": _("parking a call"),
    "variables": _("“do not disturb”"),
    "queue_members": _("pauses in queues"),
    "contacts": _("models of the phones"),
    "answer": _("answering a desk phone from the page"),
    "filters": _("filtering events"),
}

PLACES: Final[dict[str, Promise]] = {
    "freepbx": _("In FreePBX: Admin → Config Edit → %(file)s; then Apply Config."),
    "mikopbx": _("In MikoPBX: System → Customise system files → %(file)s, mode “append to the end”."),
    "askozia": _("In Askozia: System → Advanced → custom configuration, file %(file)s."),
}
