"""The «try a number» box: what a number is and what would be dialled by the rules as typed, saved or not."""

from dataclasses import dataclass
from typing import Final

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from astpanel.lib.numbering import Explanation, Kind, NumberRules, explain, warnings
from crm.numbering_forms import NumberingForm, internal_numbers_in_use
from crm.numbering_texts import KINDS, concern_text, rule_text, step_text

EXAMPLES: Final = (PhoneNumberType.FIXED_LINE, PhoneNumberType.MOBILE)


@dataclass(frozen=True, slots=True)
class Line:
    """One step of the way, in words."""

    text: str
    matched: bool


@dataclass(frozen=True, slots=True)
class Trial:
    """For templates/crm/numbering_trial.html. Texts are escaped there: a rule's name is anybody's text."""

    number: str
    explanation: Explanation | None  # None: nothing typed, or the rules have mistakes
    kind: str = ""
    rule: str = ""
    lines: tuple[Line, ...] = ()
    warnings: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    mistakes: bool = False

    @property
    def invalid(self) -> bool:
        """Nothing would be dialled."""
        return self.explanation is not None and self.explanation.kind is Kind.INVALID


def trial(form: NumberingForm) -> Trial:
    """Of a bound form; with mistakes in the rules nothing is said about the number."""
    number = str(form.data.get("try_number", ""))[:300]
    form.trying = True
    if not form.is_valid():
        return Trial(number, None, mistakes=True)
    return trial_of(form.number_rules(), number)


def trial_of(rules: NumberRules, number: str) -> Trial:
    """By these rules."""
    known = tuple(concern_text(warned) for warned in warnings(rules, internal_numbers_in_use()))
    if not number.strip():
        return Trial(number, None, warnings=known, examples=examples(rules))
    explanation = explain(rules, number)
    return Trial(
        number,
        explanation,
        kind=str(KINDS[explanation.kind]),
        rule=rule_text(explanation),
        lines=tuple(Line(step_text(step), step.matched) for step in explanation.steps),
        warnings=known,
        examples=examples(rules),
    )


def examples(rules: NumberRules) -> tuple[str, ...]:
    """Numbers of the country to begin with: a town's, a mobile one, an emergency number."""
    numbers = [phonenumbers.example_number_for_type(rules.region, kind) for kind in EXAMPLES]
    texts = [phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL) for number in numbers if number]
    return tuple(dict.fromkeys([*texts, *rules.emergency[:1]]))
