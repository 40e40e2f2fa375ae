"""What a click really dials: the office's number rules between what was typed and what the PBX gets."""

from collections.abc import Callable
from typing import Final

from astpanel.lib.numbering import Explanation, Kind, NumberRules, Reason, explain
from telephony.core.enums import PhoneState
from telephony.rules import Refusal, UserFacts, Verdict, may_originate

StateOf = Callable[[str], PhoneState | None]

REFUSALS: Final = {  # what is not simply badly typed
    Reason.NO_NUMBER: Refusal.NO_SUCH_NUMBER,
    Reason.EMERGENCY_BY_ACCIDENT: Refusal.EMERGENCY_BY_ACCIDENT,
    Reason.NOT_DIALABLE: Refusal.RULE_BREAKS_NUMBER,
}


def may_dial(
    user: UserFacts, extension: str, number: str, *, rules: NumberRules, state_of: StateOf
) -> tuple[Verdict, Explanation]:
    """Whether the user may call what was typed from the own extension, and what to dial then.

    `state_of`: the state of an extension that the PBX knows, None for any other number. No colleague's state blocks an
    emergency number: if it is an internal number too, the form of the rules has warned of it.
    """
    explanation = explain(rules, number)
    emergency = explanation.kind is Kind.EMERGENCY
    states = {each: state_of(each) for each in (extension, explanation.dialled)}
    phones = {each: state for each, state in states.items() if state is not None}
    verdict = may_originate(user, extension, explanation.dialled, phones=phones, emergency=emergency)
    if verdict.reason is Refusal.NOT_DIALABLE:
        verdict = Verdict(False, REFUSALS.get(explanation.reason, Refusal.NOT_DIALABLE))
    return verdict, explanation
