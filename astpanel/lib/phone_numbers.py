"""Phone numbers as people type and PBXs send them → keys to find them by, and a form for people. Pure."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberFormat, ValidationResult

SHORTEST_OUTSIDE: Final = 7  # fewer digits: an extension or a service number, kept as it is
LONGEST_OUTSIDE: Final = 15  # digits of an E.164 number
LONGEST_TEXT: Final = 255  # longer is no number but somebody's joke; not worth parsing


class Reading(NamedTuple):
    """How an office reads numbers that say less than their E.164 form. `NumberRules.reading` has the office's own."""

    region: str = "RU"  # ISO 3166: whose numbers come without a country code
    area_code: str = ""  # of the town: 111-22-33 means 495 111-22-33; empty: a town's own number is kept as it is
    outside_prefix: str = ""  # dialled for an outside line, no part of the number
    internal_max: int = SHORTEST_OUTSIDE - 1  # digits of the longest internal number


RUSSIA: Final = Reading()

EXTENSION: Final = re.compile(
    r"""[\s(,;]*                                            # what stands between the number and the extension
        (?:;ext=|доб(?:авочный)?\.?|вн(?:утр(?:енний)?)?\.?|ext(?:ension)?\.?|x|\#|,|w|p)
        \s*:?\s*(?P<extension>[0-9]{1,6})[\s).]*\Z""",
    re.VERBOSE | re.IGNORECASE,
)

_PART: Final = re.compile(r"[^\W\d_]|\+")  # with few digits: `доб. 12`, `12 кв.`, `+7 (910)`


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


def number_keys(text: str, reading: Reading = RUSSIA) -> tuple[str, str]:
    """→ (E.164 with the plus, or the bare digits when it is no such number; the last 10 digits, or all of a short one).

    `8 (495) 111-22-33 доб. 5` → (`+74951112233`, `4951112233`); `101` → (`101`, `101`). No digits (`anonymous`), a
    feature code (`*98`), a part of a number (`+7 (910)`, `доб. 12`) or more than 15 digits → (``, ``): a wrong name is
    worse than none.
    """
    return _keys(text, reading) if len(text) <= LONGEST_TEXT else ("", "")


@lru_cache(maxsize=10_000)
def _keys(text: str, reading: Reading) -> tuple[str, str]:
    main, _ = split_extension(strip_address(clean_text(text)))
    digits = digits_of(main)
    if main.lstrip().startswith(("*", "#")) or len(digits) > LONGEST_OUTSIDE:
        return "", ""
    if len(digits) <= reading.internal_max:
        return ("", "") if _PART.search(main) else (digits, digits)
    e164 = read_e164(main, reading)
    return (e164, e164[1:][-10:]) if e164 else (digits, digits[-10:])


def strip_address(text: str) -> str:
    """`sip:101@10.0.0.1` → `101`, `tel:+7…` → `+7…`."""
    return re.sub(r"\A(?:sips?|tel):", "", text, flags=re.IGNORECASE).partition("@")[0]


def read_e164(main: str, reading: Reading = RUSSIA) -> str:
    """E.164 of an outside number without its extension; empty when no country has a number of this length.

    `84951112233` and `74951112233` (as in the region), `1112233` (of the own town), `81049…` and `0049…` (abroad), each
    also behind the outside-line prefix. A reading that is an assigned number wins over one that merely has the length.
    """
    possible = [parsed for text in _readings(main, reading) if (parsed := _possible(text, reading.region)) is not None]
    best = possible[0] if possible else None
    if len(possible) > 1:  # asking costs as much as parsing
        best = next((number for number in possible if phonenumbers.is_valid_number(number)), best)
    return phonenumbers.format_number(best, PhoneNumberFormat.E164) if best is not None else ""


def _readings(main: str, reading: Reading) -> Iterator[str]:
    """What the text may mean, the likeliest first."""
    if main.lstrip().startswith("+"):
        yield main
        return
    digits, prefix = digits_of(main), reading.outside_prefix
    yield from _without_prefix(main, digits, reading)
    if prefix and digits.startswith(prefix) and digits != prefix:
        rest = digits.removeprefix(prefix)
        yield from _without_prefix(rest, rest, reading)


def _without_prefix(text: str, digits: str, reading: Reading) -> Iterator[str]:
    """In most countries a number without the trunk prefix is one of the own town; none begins with a zero."""
    of_the_town = reading.area_code and not digits.startswith("0")
    local = [f"+{calling_code(reading.region)}{reading.area_code}{digits}"] if of_the_town else []
    trunk = phonenumbers.ndd_prefix_for_region(reading.region, True)
    yield from [text, *local] if trunk and digits.startswith(trunk) else [*local, text]
    if digits.startswith("00"):
        yield "+" + digits[2:]


def calling_code(region: str) -> int:
    """`RU` → 7; 0 for no country."""
    return phonenumbers.country_code_for_region(region)


def _possible(text: str, region: str) -> PhoneNumber | None:
    """The number, unless the numbering plan does not know one of this length."""
    try:
        parsed = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    possible = phonenumbers.is_possible_number_with_reason(parsed) == ValidationResult.IS_POSSIBLE
    return parsed if possible else None


@lru_cache(maxsize=10_000)
def readable(number: str) -> str:
    """`+74951112233` → `+7 495 111-22-33`; what is no E.164 number stays as it is."""
    if not number.startswith("+") or len(number) > LONGEST_OUTSIDE + 1:
        return number
    try:
        return phonenumbers.format_number(phonenumbers.parse(number), PhoneNumberFormat.INTERNATIONAL)
    except phonenumbers.NumberParseException:
        return number
