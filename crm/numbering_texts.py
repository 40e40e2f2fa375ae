"""The words for what astpanel/lib/numbering.py says in codes."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from astpanel.lib.numbering import (
    Concern,
    Explanation,
    Kind,
    PatternError,
    PatternProblem,
    Reason,
    Step,
    StepCode,
    Warned,
)

KINDS: Final[dict[Kind, Promise]] = {
    Kind.INTERNAL: _("Internal number"),
    Kind.EXTERNAL: _("Outside number"),
    Kind.EMERGENCY: _("Emergency number"),
    Kind.SERVICE: _("Service number"),
    Kind.INVALID: _("Cannot be dialled"),
}

REASONS: Final[dict[Reason, Promise]] = {
    Reason.EMPTY: _("Nothing has been typed."),
    Reason.CONTROL: _("Line ends and other control characters are not allowed."),
    Reason.CHARACTERS: _("Only digits, * and # are dialled, and a plus in front: letters and other signs are not."),
    Reason.TOO_LONG: _("Longer than 32 characters: this is no number."),
    Reason.NO_NUMBER: _("No country has a number like this: check the digits after the plus."),
    Reason.EMERGENCY_BY_ACCIDENT: _("The rules would make an emergency call of it, so nothing is dialled."),
    Reason.NOT_DIALABLE: _("The rule leaves nothing that can be dialled."),
    Reason.EMERGENCY: _("It is in the list of emergency numbers: always dialled bare, before all other rules."),
    Reason.SERVICE: _("It is in the list of service numbers: dialled as it is."),
    Reason.INTERNAL: _("It is as long as an internal number: dialled as it is."),
    Reason.REWRITTEN: _("A rewrite rule fits."),
    Reason.FEATURE_CODE: _("A code with * or #: dialled as it is."),
    Reason.SHORT: _("Shorter than an internal number: dialled as it is."),
    Reason.IN_COUNTRY: _("A number of this country: dialled as on a telephone there."),
    Reason.ABROAD: _("A number of another country: dialled with the international prefix."),
    Reason.UNKNOWN: _("No numbering plan knows it: dialled as typed."),
    Reason.NO_PLAN: _("No number rules are set up: dialled as typed."),
}

STEPS: Final[dict[StepCode, tuple[Promise, Promise]]] = {  # it did, it did not
    StepCode.CLEANED: (_("Without spaces and brackets: %(value)s"), _("Nothing to clean")),
    StepCode.EXTENSION_DROPPED: (_("The extension %(value)s is not dialled"), _("No extension")),
    StepCode.EMERGENCY: (_("Emergency number %(value)s"), _("No emergency number")),
    StepCode.SERVICE: (_("In the list of service numbers"), _("Not in the list of service numbers")),
    StepCode.INTERNAL: (_("As long as an internal number"), _("Not as long as an internal number")),
    StepCode.E164: (_("International form: %(value)s"), _("No international form")),
    StepCode.REWRITE: (_("Rule “%(name)s” fits: %(value)s"), _("Rule “%(name)s” does not fit")),
    StepCode.BUILT_IN: (_("Without a rewrite rule: %(value)s"), _("Without a rewrite rule: nothing")),
    StepCode.OUTSIDE_PREFIX: (
        _("With the outside-line prefix: %(value)s"),
        _("The outside-line prefix is there already"),
    ),
}

CONCERNS: Final[dict[Concern, Promise]] = {
    Concern.INTERNAL_IS_EMERGENCY: _(
        "%(about)s: internal and emergency number at once. The portal treats it as the emergency number and dials it "
        "even when the colleague is busy; whom the PBX then calls is decided by its dialplan. Take it out of the list, "
        "or give the colleague another number."
    ),
    Concern.INTERNAL_IS_SERVICE: _("%(about)s: internal and service number at once; it is dialled as it is."),
    Concern.INTERNAL_OUT_OF_RANGE: _(
        "%(about)s: internal numbers in use, but of another length than the rules say. They would be dialled as "
        "outside numbers."
    ),
    Concern.NO_EMERGENCY: _("The emergency number of this country is missing in the list: %(about)s."),
    Concern.RULE_NEVER_FITS: _("Rule “%(about)s” never fits: numbers of this length are internal ones."),
    Concern.RULE_HIDDEN: _("Rule “%(about)s” never fits: a rule above it has the same pattern."),
}

PATTERNS: Final[dict[PatternProblem, Promise]] = {
    PatternProblem.EMPTY: _("A rule needs a pattern, for example +7XXXXXXXXXX."),
    PatternProblem.TOO_LONG: _("The pattern has more than 64 characters."),
    PatternProblem.CHARACTER: _("“%(part)s” has no meaning here: X, Z, N, [1-5], digits, * # + and a dot at the end."),
    PatternProblem.SET_OPEN: _("The bracket is not closed: %(part)s"),
    PatternProblem.SET_EMPTY: _("Nothing stands between the brackets."),
    PatternProblem.SET_PART: _("Between the brackets stand digits and ranges of digits, for example [1-5]: %(part)s"),
    PatternProblem.SET_RANGE: _("This range runs backwards: %(part)s"),
    PatternProblem.REST_INSIDE: _("The dot stands at the end only: it means one or more further characters."),
}


def pattern_problem(error: PatternError) -> str:
    """What is wrong with a pattern."""
    return str(PATTERNS[error.problem]) % {"part": error.part}


def step_text(step: Step) -> str:
    """One step of an explanation."""
    return str(STEPS[step.code][0 if step.matched else 1]) % {"value": step.value, "name": _name(step)}


def _name(step: Step) -> str:
    return step.name or gettext("without a name")


def concern_text(warned: Warned) -> str:
    """A warning."""
    return str(CONCERNS[warned.concern]) % {"about": warned.about}


def rule_text(explanation: Explanation) -> str:
    """Which rule did it: the name of a rewrite rule, else the built-in rule in words."""
    if explanation.rewrite and explanation.reason is Reason.REWRITTEN:
        return gettext("Rewrite rule “%(name)s”") % {"name": explanation.rewrite}
    if explanation.rewrite:
        return gettext("Rewrite rule “%(name)s”: %(why)s") % {
            "name": explanation.rewrite,
            "why": REASONS[explanation.reason],
        }
    return str(REASONS[explanation.reason])
