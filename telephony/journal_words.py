"""Words for the codes that call records and the journal of acts keep, in the reader's language."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from telephony.core.enums import HangupReason, OutcomeKind, ParticipantRole

ACTS: Final[dict[str, Promise]] = {"originate": _("call"), "hangup": _("hang up")}
ARGUMENTS: Final[dict[str, Promise]] = {"extension": _("extension"), "number": _("number"), "call_id": _("call")}
OUTCOMES: Final[dict[str, Promise]] = {
    OutcomeKind.DONE: _("done"),
    OutcomeKind.REFUSED: _("refused"),
    OutcomeKind.FAILED: _("did not succeed"),
    OutcomeKind.TIMED_OUT: _("not answered in time"),
}
ROLES: Final[dict[str, Promise]] = {
    ParticipantRole.CALLER: _("caller"),
    ParticipantRole.CALLEE: _("called"),
    ParticipantRole.TRANSFERRER: _("transferred the call"),
    ParticipantRole.PICKUP: _("picked the call up"),
    ParticipantRole.SPY: _("listened"),
}
HANGUPS: Final[dict[str, Promise]] = {
    HangupReason.CALLER: _("the caller hung up"),
    HangupReason.CALLEE: _("the called side hung up"),
    HangupReason.BUSY: _("busy"),
    HangupReason.NO_ANSWER: _("no answer"),
    HangupReason.REJECTED: _("rejected"),
    HangupReason.UNREACHABLE: _("unreachable"),
    HangupReason.CONGESTION: _("no free line"),
    HangupReason.SYSTEM: _("ended by the PBX or a command"),
    HangupReason.LOST: _("the end was not seen"),
    HangupReason.UNKNOWN: _("reason not known"),
}


def word(words: Mapping[str, Promise], code: str) -> str:
    """The word for a code; of an unknown code (a newer gateway's) the code itself."""
    return str(words.get(code, code))


def arguments_in_words(arguments: Mapping[str, Any]) -> str:
    """`{"extension": "101", "number": "102"}` → "extension: 101, number: 102"."""
    return ", ".join(f"{word(ARGUMENTS, name)}: {value}" for name, value in sorted(arguments.items()))
