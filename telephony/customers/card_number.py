"""The card of a number that nobody has: what the number itself says."""

from dataclasses import dataclass
from functools import lru_cache

import phonenumbers
from babel import Locale, UnknownLocaleError
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from phonenumbers import PhoneNumberType

from astpanel.lib.numbering import Kind, explain
from astpanel.lib.phone_numbers import digits_of, number_keys, readable
from crm.numbering_texts import KINDS, rule_text
from crm.selectors import number_rules
from telephony.core.commands import dialable
from telephony.customers.card_selectors import Keys

LONGEST = 80  # characters, as in a call record


@dataclass(frozen=True, slots=True)
class NumberCard:
    """`text` is for people, `dial` for the button. Hidden: the caller's number was not told."""

    number: str
    hidden: bool
    text: str
    dial: str
    sort: str
    country: str
    dialled: str  # by the office's rules, when that is another text
    rule: str
    keys: Keys

    @property
    def placeable(self) -> bool:
        """Can be somebody's contact information."""
        return bool(self.keys.outside)


def number_card(number: str) -> NumberCard:
    """Of the number as the PBX gave it."""
    plain = "".join(character for character in number[:LONGEST] if character.isprintable()).strip()
    if not digits_of(plain):
        return NumberCard(plain, True, "", "", "", "", "", "", Keys())
    rules = number_rules()
    e164, last10 = number_keys(plain, rules.reading)
    found = explain(rules, plain)
    internal = bool(last10) and len(last10) <= rules.reading.internal_max
    return NumberCard(
        number=plain,
        hidden=False,
        text=readable(e164) or plain,
        dial=plain if dialable(plain) else (e164 if dialable(e164) else ""),
        sort=str(KINDS[found.kind]) if not internal or found.kind is not Kind.EXTERNAL else str(KINDS[Kind.INTERNAL]),
        country=country_of(e164),
        dialled=found.dialled if found.dialled != plain else "",
        rule=rule_text(found),
        keys=Keys(internal=(last10,)) if internal else Keys(outside=(last10,)) if last10 else Keys(),
    )


def country_of(e164: str) -> str:
    """`+7 916 …` → «Россия, мобильный»; empty for what is no such number."""
    if not e164.startswith("+"):
        return ""
    try:
        parsed = phonenumbers.parse(e164)
    except phonenumbers.NumberParseException:
        return ""
    names = _names(get_language() or "en")
    region = phonenumbers.region_code_for_number(parsed) or ""
    sorts = {PhoneNumberType.MOBILE: _("mobile"), PhoneNumberType.TOLL_FREE: _("free of charge for the caller")}
    parts = [names.get(region, region), sorts.get(phonenumbers.number_type(parsed), "")]
    return ", ".join(part for part in parts if part)


@lru_cache(maxsize=8)
def _names(language: str) -> dict[str, str]:
    try:
        return dict(Locale.parse(language, sep="-").territories)
    except (ValueError, UnknownLocaleError):
        return dict(Locale("en").territories)
