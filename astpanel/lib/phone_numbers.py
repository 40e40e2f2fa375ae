"""Phone numbers as people type and PBXs send them → keys to find them by, and a form for people. Pure."""

import re
import unicodedata
from functools import lru_cache
from typing import Final

import phonenumbers
from phonenumbers import PhoneNumberFormat, ValidationResult

DEFAULT_REGION: Final = "RU"
SHORTEST_OUTSIDE: Final = 7  # fewer digits: an extension or a service number, kept as it is
LONGEST_OUTSIDE: Final = 15  # digits of an E.164 number
LONGEST_TEXT: Final = 255  # longer is no number but somebody's joke; not worth parsing

EXTENSION: Final = re.compile(
    r"""[\s(,;]*                                            # what stands between the number and the extension
        (?:;ext=|доб(?:авочный)?\.?|вн(?:утр(?:енний)?)?\.?|ext(?:ension)?\.?|x|\#|,|w|p)
        \s*:?\s*(?P<extension>[0-9]{1,6})[\s).]*\Z""",
    re.VERBOSE | re.IGNORECASE,
)


def clean_text(text: str) -> str:
    """Full-width digits made plain, invisible marks dropped (phones' address books copy U+202A with a number)."""
    return "".join(c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) != "Cf").strip()


def split_extension(text: str) -> tuple[str, str]:
    """`+7 495 111-22-33 доб. 12` → (`+7 495 111-22-33`, `12`); without an extension → (the text, ``)."""
    found = EXTENSION.search(text)
    if found is None or len(digits_of(text[: found.start()])) < SHORTEST_OUTSIDE:
        return text, ""
    return text[: found.start()], found["extension"]


def digits_of(text: str) -> str:
    """ASCII digits of the text."""
    return "".join(character for character in text if character in "0123456789")


def number_keys(text: str, region: str = DEFAULT_REGION) -> tuple[str, str]:
    """→ (E.164 with the plus, or the bare digits when it is no such number; the last 10 digits, or all of a short one).

    `8 (495) 111-22-33 доб. 5` → (`+74951112233`, `4951112233`); `101` → (`101`, `101`). No digits (`anonymous`), a
    feature code (`*98`) or more than 15 digits → (``, ``): a wrong name is worse than none.
    """
    return _keys(text, region) if len(text) <= LONGEST_TEXT else ("", "")


@lru_cache(maxsize=10_000)
def _keys(text: str, region: str) -> tuple[str, str]:
    address = re.sub(r"\A(?:sips?|tel):", "", clean_text(text), flags=re.IGNORECASE)
    main, _ = split_extension(address.partition("@")[0])
    digits = digits_of(main)
    if main.lstrip().startswith(("*", "#")) or len(digits) > LONGEST_OUTSIDE:
        return "", ""
    if len(digits) < SHORTEST_OUTSIDE:
        return digits, digits
    e164 = _e164(main, region) or (_e164("+" + digits[2:], region) if digits.startswith("00") else "")
    return (e164, e164[1:][-10:]) if e164 else (digits, digits[-10:])


def _e164(text: str, region: str) -> str:
    """E.164, or empty when the numbering plan does not know a number of this length."""
    try:
        parsed = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return ""
    if phonenumbers.is_possible_number_with_reason(parsed) != ValidationResult.IS_POSSIBLE:
        return ""
    return phonenumbers.format_number(parsed, PhoneNumberFormat.E164)


@lru_cache(maxsize=10_000)
def readable(number: str, region: str = DEFAULT_REGION) -> str:
    """`+74951112233` → `+7 495 111-22-33`; what is no E.164 number stays as it is."""
    if not number.startswith("+") or len(number) > LONGEST_OUTSIDE + 1:
        return number
    try:
        return phonenumbers.format_number(phonenumbers.parse(number, region), PhoneNumberFormat.INTERNATIONAL)
    except phonenumbers.NumberParseException:
        return number
