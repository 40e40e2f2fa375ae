"""The words for the codes of commands, rules and bad messages, in the reader's language."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from telephony.core.reasons import CommandReason
from telephony.live.edge_reasons import EdgeReason
from telephony.live.reasons import link_reason
from telephony.rules import Refusal

RULES: Final[dict[str, Promise]] = {
    Refusal.USER_OFF: _("Your account is switched off."),
    Refusal.NO_PANEL: _("The panel is not switched on for you: ask an administrator to set “Use”."),
    Refusal.LICENCE_ENDED: _("The panel is closed: no licence key is valid. An administrator can add one."),
    Refusal.NO_SEAT: _("The panel is closed for you: there are fewer licence seats than users in use."),
    Refusal.NO_PBX: _("No PBX is assigned to you: ask an administrator."),
    Refusal.NOT_SUPERVISOR: _("Only supervisors may see this: the right “Supervisor” is missing."),
    Refusal.NOT_YOUR_NUMBER: _("This is not one of your internal numbers."),
    Refusal.NOT_DIALABLE: _("This cannot be dialled: only digits, * # and + are allowed, 32 at most."),
    Refusal.NO_SUCH_NUMBER: _("No country has such a number: check the digits after the plus."),
    Refusal.EMERGENCY_BY_ACCIDENT: _("A number rule would make an emergency call of this: nothing was dialled."),
    Refusal.RULE_BREAKS_NUMBER: _("A number rule leaves nothing that can be dialled: tell the administrator."),
    Refusal.OWN_NUMBER: _("This is your own number."),
    Refusal.OWN_PHONE_OFF: _("Your phone is off: it is not connected to the PBX."),
    Refusal.COLLEAGUE_OFF: _("The colleague's phone is off."),
    Refusal.COLLEAGUE_BUSY: _("The colleague is talking."),
    Refusal.NO_SUCH_CALL: _("This call is over already."),
}

COMMANDS: Final[dict[str, Promise]] = {
    CommandReason.OWN_PHONE_RINGS: _("Your phone rings: lift it."),
    CommandReason.HUNG_UP: _("The call was ended."),
    CommandReason.BAD_COMMAND: _("The portal does not know this command."),
    CommandReason.TOO_LATE: _("The command came too late and was not carried out."),
    CommandReason.LINK_DOWN: _("There is no connection to the PBX at the moment."),
    CommandReason.COMMANDS_DOWN: _("The portal cannot send commands: its PBX account for them is not logged in."),
    CommandReason.RIGHTS_UNKNOWN: _("Your rights could not be checked: the database does not answer."),
    CommandReason.WRONG_PBX: _("You belong to another PBX."),
    CommandReason.NO_DEVICE: _("This number has no phone that could ring."),
    CommandReason.PBX_REFUSED: _("The PBX refused."),
    CommandReason.PBX_NO_RIGHT: _("The portal's account on the PBX lacks the right for this."),
    CommandReason.OWN_PHONE_NO_ANSWER: _("Your phone was not lifted."),
    CommandReason.OWN_PHONE_BUSY: _("Your phone is busy or refused the call."),
    CommandReason.OWN_PHONE_UNREACHABLE: _("Your phone cannot be reached."),
    CommandReason.CONGESTION: _("The PBX could not set up the call."),
    CommandReason.INTERNAL_ERROR: _("The portal made a mistake; the administrator finds it in the log."),
    CommandReason.PBX_SILENT: _("The PBX has not answered: the command may or may not have been carried out."),
    CommandReason.LINK_LOST: _("The connection to the PBX broke: the command may or may not have been carried out."),
    CommandReason.GATEWAY_STOPPING: _("The gateway is stopping: the command may or may not have been carried out."),
}

EDGE: Final[dict[str, Promise]] = {
    EdgeReason.TOO_MANY_COMMANDS: _("Too many commands in a short time: wait a few seconds."),
    EdgeReason.TOO_MANY_MESSAGES: _("Too many messages in a short time."),
    EdgeReason.GATEWAY_SILENT: _("The gateway has not answered: the command may or may not have been carried out."),
    EdgeReason.DUPLICATE_COMMAND: _("This command is already under way."),
    EdgeReason.BINARY: _("Binary messages are not understood."),
    EdgeReason.NOT_JSON: _("The message is not JSON."),
    EdgeReason.UNKNOWN_MESSAGE: _("The message is of an unknown kind."),
    EdgeReason.BAD_FIELDS: _("The message has missing, wrong or unknown fields."),
    EdgeReason.UNKNOWN_AUDIENCE: _("There is no such audience."),
    EdgeReason.UNKNOWN_COMMAND: _("There is no such command."),
    EdgeReason.BAD_ACK: _("More frames were acknowledged than were sent."),
}

TEXTS: Final[dict[str, Promise]] = RULES | COMMANDS | EDGE


def text_of(code: str, language: str) -> str:
    """The words for a code, of a link's too; of an unknown code (a newer gateway's) the code itself."""
    if not code:
        return ""
    with override(language):
        return str(TEXTS.get(code) or link_reason(code).what)
