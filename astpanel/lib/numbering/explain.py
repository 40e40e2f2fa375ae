"""A typed number → what it is and what will be dialled. The questions are asked in the order of this file.

What is dialled for an outside number that no rewrite rule fits: what somebody would press on an office telephone of
the country. Inside the country the national form with its trunk prefix (`84951112233`), abroad with the country's
international prefix (`810…`, `00…`): dialplans rarely know the plus. A country without one international prefix of its
own keeps the plus. The outside-line prefix comes in front, except of what a rewrite rule made: its result is final.
"""

import re
import unicodedata
from typing import Final

import phonenumbers

from astpanel.lib.numbering.explanation import Explanation, Kind, Reason, Step, StepCode
from astpanel.lib.numbering.rules import NumberRules, Rewrite
from astpanel.lib.phone_numbers import (
    LONGEST_TEXT,
    clean_text,
    digits_of,
    read_e164,
    readable,
    split_extension,
    strip_address,
)

DIALABLE: Final = re.compile(r"[0-9*#+]{1,32}")  # as telephony.core.commands: all that may reach a dialplan
SEPARATORS: Final = frozenset("()[]./~")


def explain(rules: NumberRules, text: str) -> Explanation:
    """Never raises; steps tell how it was decided."""
    return _Way(rules).explain(text)


def dial_text(text: str) -> str | None:
    """The text without separators; None if more than digits, `*`, `#` and a plus in front are left."""
    kept = "".join(c for c in text if c not in SEPARATORS and unicodedata.category(c) not in {"Zs", "Pd"})
    return kept if re.fullmatch(r"\+?[0-9*#]*", kept) else None


class _Way:
    """One explanation under way: collects the steps."""

    def __init__(self, rules: NumberRules) -> None:
        self.rules = rules
        self.steps: list[Step] = []
        self.extension = ""

    def explain(self, text: str) -> Explanation:
        if len(text) > LONGEST_TEXT:
            return self._end(Kind.INVALID, Reason.TOO_LONG)
        if any(unicodedata.category(character) in {"Cc", "Cs"} for character in text):
            return self._end(Kind.INVALID, Reason.CONTROL)
        main = strip_address(clean_text(text))
        if not self.rules.as_typed and not main.startswith(("*", "#")):
            main, self.extension = split_extension(main)
        number = dial_text(main)
        if number is None:
            return self._end(Kind.INVALID, Reason.CHARACTERS)
        if not number.strip("+"):
            return self._end(Kind.INVALID, Reason.EMPTY)
        if len(number) > 32:
            return self._end(Kind.INVALID, Reason.TOO_LONG)
        self._note(StepCode.CLEANED, number != text, number)
        if self.extension:
            self._note(StepCode.EXTENSION_DROPPED, True, self.extension)
        return self._short_numbers(number) or self._outside(number)

    # --- Numbers that are dialled as they are -----------------------------------------------------------------------
    def _short_numbers(self, number: str) -> Explanation | None:
        """Emergency numbers come before everything, also behind the outside-line prefix: always dialled bare."""
        rules = self.rules
        emergency = next((bare for bare in self._bare(number) if bare in rules.emergency), "")
        if self._note(StepCode.EMERGENCY, bool(emergency), emergency):
            return self._end(Kind.EMERGENCY, Reason.EMERGENCY, emergency)
        if self._note(StepCode.SERVICE, number in rules.service, number):
            return self._end(Kind.SERVICE, Reason.SERVICE, number)
        internal = number.isdecimal() and rules.internal_min <= len(number) <= rules.internal_max
        if self._note(StepCode.INTERNAL, internal, number):
            return self._end(Kind.INTERNAL, Reason.INTERNAL, number)
        return None

    def _bare(self, number: str) -> list[str]:
        prefix = self.rules.outside_prefix
        return [number, number.removeprefix(prefix)] if prefix and number.startswith(prefix) else [number]

    # --- Outside numbers --------------------------------------------------------------------------------------------
    def _outside(self, number: str) -> Explanation:
        e164 = "" if set(number) & set("*#") else read_e164(number, self.rules.reading)
        self._note(StepCode.E164, bool(e164), e164)
        rewrites = () if self.rules.as_typed else self.rules.rewrites
        for rewrite in rewrites:
            if self._note(StepCode.REWRITE, rewrite.fits(e164 or number), rewrite.apply(e164 or number), rewrite.name):
                return self._rewritten(number, e164, rewrite)
        return self._built_in(number, e164)

    def _rewritten(self, number: str, e164: str, rewrite: Rewrite) -> Explanation:
        dialled = rewrite.apply(e164 or number)
        kind = Kind.SERVICE if set(number) & set("*#") else Kind.EXTERNAL
        return self._checked(kind, Reason.REWRITTEN, dialled, e164, rewrite.name)

    def _built_in(self, number: str, e164: str) -> Explanation:
        kind, reason, dialled = Kind.EXTERNAL, Reason.UNKNOWN, number
        if set(number) & set("*#"):
            kind, reason = Kind.SERVICE, Reason.FEATURE_CODE
        elif self.rules.as_typed:
            reason = Reason.NO_PLAN
        elif e164:
            reason, dialled = _as_dialled_in(self.rules.region, e164)
        elif number.startswith("+"):
            return self._end(Kind.INVALID, Reason.NO_NUMBER)
        elif len(number) < self.rules.internal_min:
            kind, reason = Kind.SERVICE, Reason.SHORT
        self._note(StepCode.BUILT_IN, True, dialled, reason)
        prefix = self.rules.outside_prefix
        if prefix and kind is Kind.EXTERNAL and not self.rules.as_typed:
            known = reason is Reason.UNKNOWN and dialled.startswith(prefix)  # typed with the prefix already
            dialled = dialled if known else prefix + dialled
            self._note(StepCode.OUTSIDE_PREFIX, not known, dialled)
        return self._checked(kind, reason, dialled, e164)

    # --- The end ----------------------------------------------------------------------------------------------------
    def _checked(self, kind: Kind, reason: Reason, dialled: str, e164: str, rewrite: str = "") -> Explanation:
        """What rules made must be dialable, and no emergency call that nobody asked for."""
        if DIALABLE.fullmatch(dialled) is None:
            return self._end(Kind.INVALID, Reason.NOT_DIALABLE, "", e164, rewrite)
        if any(bare in self.rules.emergency for bare in self._bare(dialled)):
            return self._end(Kind.INVALID, Reason.EMERGENCY_BY_ACCIDENT, "", e164, rewrite)
        return self._end(kind, reason, dialled, e164, rewrite)

    def _note(self, code: StepCode, matched: bool, value: str, name: str = "") -> bool:
        self.steps.append(Step(code, matched, value if matched else "", name))
        return matched

    def _end(self, kind: Kind, reason: Reason, dialled: str = "", e164: str = "", rewrite: str = "") -> Explanation:
        return Explanation(
            kind=kind,
            reason=reason,
            dialled=dialled,
            e164=e164,
            readable=readable(e164) if e164 else dialled,
            rewrite=rewrite,
            extension=self.extension,
            steps=tuple(self.steps),
        )


def _as_dialled_in(region: str, e164: str) -> tuple[Reason, str]:
    """What one presses on a telephone of the country: `84951112233`, `8104930…`."""
    parsed = phonenumbers.parse(e164)
    shown = phonenumbers.format_out_of_country_calling_number(parsed, region)
    own = phonenumbers.country_code_for_region(region) == parsed.country_code
    digits = digits_of(shown)
    return (Reason.IN_COUNTRY if own else Reason.ABROAD), f"+{digits}" if shown.startswith("+") else digits
