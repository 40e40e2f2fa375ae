"""Who may read what and command what. Pure over loaded facts (telephony/facts.py); the web process and the
gateway ask the same questions.

A denied act carries a code: the words are in telephony/live/reason_texts.py.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from telephony.core.commands import dialable
from telephony.core.enums import PhoneState


class Refusal(StrEnum):
    """Why not."""

    NONE = ""
    USER_OFF = "user_off"  # the account is switched off, or gone
    NO_PANEL = "no_panel"  # the flag «Использовать» is not set
    LICENCE_ENDED = "licence_ended"  # the panel is closed for everybody
    NO_SEAT = "no_seat"  # more users are in use than the licence keys have seats
    NO_PBX = "no_pbx"  # no PBX assigned, and not exactly one is enabled
    NOT_SUPERVISOR = "not_supervisor"
    NOT_YOUR_NUMBER = "not_your_number"  # the extension is none of the user's internal numbers
    NOT_DIALABLE = "not_dialable"  # other characters than 0-9 * # +, or more than 32
    NO_SUCH_NUMBER = "no_such_number"  # a plus in front, but no country has a number of this length
    EMERGENCY_BY_ACCIDENT = "emergency_by_accident"  # a number rule would make an emergency call of it
    RULE_BREAKS_NUMBER = "rule_breaks_number"  # a rewrite rule leaves nothing that can be dialled
    OWN_NUMBER = "own_number"  # a phone cannot call itself
    OWN_PHONE_OFF = "own_phone_off"
    COLLEAGUE_OFF = "colleague_off"  # grey
    COLLEAGUE_BUSY = "colleague_busy"  # yellow
    NO_SUCH_CALL = "no_such_call"  # over already, or not a call of this extension


@dataclass(frozen=True, slots=True)
class UserFacts:
    """All that the rules need to know of a user."""

    id: int
    active: bool
    in_use: bool  # takes a licence seat
    supervisor: bool  # permission accounts.supervise; superusers have every permission
    pbx_id: int | None  # enabled PBX of the user: the assigned one, else the only one
    numbers: frozenset[str]  # own internal numbers
    licence: Refusal = Refusal.NONE  # what the licence keys have against it: LICENCE_ENDED, NO_SEAT


@dataclass(frozen=True, slots=True)
class Verdict:
    """May it be done, and if not, why not."""

    allowed: bool
    reason: Refusal = Refusal.NONE


ALLOWED: Final = Verdict(True)
_EXTENSION: Final = "ext/"


def _denied(reason: Refusal) -> Verdict:
    return Verdict(False, reason)


def may_open(user: UserFacts) -> Verdict:
    """The panel as such: a switched-on account with a seat, whatever its rights."""
    if not user.active:
        return _denied(Refusal.USER_OFF)
    if not user.in_use:
        return _denied(Refusal.NO_PANEL)
    return _denied(user.licence) if user.licence else ALLOWED


def may_join(user: UserFacts, audience: str) -> Verdict:
    """An audience of the live protocol: `office`, `ext/<number>` or `board`."""
    verdict = may_open(user)
    if not verdict.allowed:
        return verdict
    if user.pbx_id is None:
        return _denied(Refusal.NO_PBX)
    if audience == "office":
        return ALLOWED
    if audience == "board":
        return ALLOWED if user.supervisor else _denied(Refusal.NOT_SUPERVISOR)
    if audience.startswith(_EXTENSION) and audience.removeprefix(_EXTENSION) in user.numbers:
        return ALLOWED
    return _denied(Refusal.NOT_YOUR_NUMBER)


def may_originate(
    user: UserFacts,
    extension: str,
    number: str,
    *,
    phones: Mapping[str, PhoneState] | None = None,
    emergency: bool = False,
) -> Verdict:
    """Click to dial from an own extension. With `phones` (extension → state) grey and yellow block it (C2).

    An `emergency` number is never blocked by whoever has it as an internal number too.
    """
    verdict = _may_act_as(user, extension)
    if not verdict.allowed:
        return verdict
    if not dialable(number):
        return _denied(Refusal.NOT_DIALABLE)
    if number == extension and not emergency:
        return _denied(Refusal.OWN_NUMBER)
    known = phones or {}
    if known.get(extension) == PhoneState.OFF:
        return _denied(Refusal.OWN_PHONE_OFF)
    if emergency:
        return ALLOWED
    blocked = {PhoneState.OFF: Refusal.COLLEAGUE_OFF, PhoneState.TALKING: Refusal.COLLEAGUE_BUSY}
    state = known.get(number, PhoneState.UNKNOWN)
    return _denied(blocked[state]) if state in blocked else ALLOWED


def may_hangup(user: UserFacts, extension: str, call_id: str, *, calls: Collection[str] | None = None) -> Verdict:
    """End the own leg of a call. With `calls` (ids of the extension's live calls) it must be one of them."""
    verdict = _may_act_as(user, extension)
    if not verdict.allowed:
        return verdict
    return ALLOWED if calls is None or call_id in calls else _denied(Refusal.NO_SUCH_CALL)


def _may_act_as(user: UserFacts, extension: str) -> Verdict:
    verdict = may_open(user)
    if not verdict.allowed:
        return verdict
    if user.pbx_id is None:
        return _denied(Refusal.NO_PBX)
    return ALLOWED if extension in user.numbers else _denied(Refusal.NOT_YOUR_NUMBER)
