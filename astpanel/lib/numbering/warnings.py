"""What is allowed but probably not meant."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import phonenumbers

from astpanel.lib.numbering.patterns import lengths
from astpanel.lib.numbering.rules import NumberRules, Rewrite

KNOWN_EMERGENCY: Final = ("112", "911", "999")  # the numbers of which each country has at least one


class Concern(StrEnum):
    """The words are in crm/numbering_texts.py."""

    INTERNAL_IS_EMERGENCY = "internal_is_emergency"
    INTERNAL_IS_SERVICE = "internal_is_service"
    INTERNAL_OUT_OF_RANGE = "internal_out_of_range"
    NO_EMERGENCY = "no_emergency"
    RULE_NEVER_FITS = "rule_never_fits"  # all numbers it fits are internal ones
    RULE_HIDDEN = "rule_hidden"  # the same pattern stands further up


@dataclass(frozen=True, slots=True)
class Warned:
    """`about`: the numbers or the rule's name."""

    concern: Concern
    about: str


def warnings(rules: NumberRules, internal: Iterable[str]) -> tuple[Warned, ...]:
    """`internal`: the internal numbers in use."""
    return (*_about_internal(rules, sorted(internal)), *_about_emergency(rules), *_about_rewrites(rules))


def _about_internal(rules: NumberRules, internal: list[str]) -> Iterator[Warned]:
    emergency = {*rules.emergency, *(rules.outside_prefix + number for number in rules.emergency)}
    sorts = {
        Concern.INTERNAL_IS_EMERGENCY: [n for n in internal if n in emergency],
        Concern.INTERNAL_IS_SERVICE: [n for n in internal if n in rules.service and n not in emergency],
        Concern.INTERNAL_OUT_OF_RANGE: [
            n
            for n in internal
            if not rules.internal_min <= len(n) <= rules.internal_max and n not in {*emergency, *rules.service}
        ],
    }
    for concern, numbers in sorts.items():
        if numbers:
            yield Warned(concern, ", ".join(numbers))


def _about_emergency(rules: NumberRules) -> Iterator[Warned]:
    national = [n for n in KNOWN_EMERGENCY if phonenumbers.is_emergency_number(n, rules.region)]
    if national and not set(national) & set(rules.emergency):
        yield Warned(Concern.NO_EMERGENCY, ", ".join(national))


def _about_rewrites(rules: NumberRules) -> Iterator[Warned]:
    seen: set[str] = set()
    for rewrite in rules.rewrites:
        if rewrite.pattern.upper() in seen:
            yield Warned(Concern.RULE_HIDDEN, rewrite.name)
        elif _only_internal(rewrite, rules):
            yield Warned(Concern.RULE_NEVER_FITS, rewrite.name)
        seen.add(rewrite.pattern.upper())


def _only_internal(rewrite: Rewrite, rules: NumberRules) -> bool:
    shortest, longest = lengths(rewrite.pattern)
    within = longest is not None and rules.internal_min <= shortest and longest <= rules.internal_max
    return within and not set(rewrite.pattern) & set("*#+")
