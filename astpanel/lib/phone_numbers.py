"""Phone numbers as people type them → keys to find them by. Pure."""

from functools import lru_cache
from typing import Final

import phonenumbers

DEFAULT_REGION: Final = "RU"
SHORTEST_OUTSIDE: Final = 7  # fewer digits: an extension or a service number, kept as it is


@lru_cache(maxsize=10_000)
def number_keys(text: str, region: str = DEFAULT_REGION) -> tuple[str, str]:
    """→ (E.164 with the plus, or the bare digits when it is no such number; the last 10 digits, or all of a short one).

    `8 (495) 111-22-33` → (`+74951112233`, `4951112233`); `101` → (`101`, `101`); no digits → (``, ``).
    """
    digits = "".join(character for character in text if character in "0123456789")
    if len(digits) < SHORTEST_OUTSIDE:
        return digits, digits
    try:
        parsed = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return digits[:16], digits[-10:]
    if not phonenumbers.is_possible_number(parsed):
        return digits[:16], digits[-10:]
    e164 = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    return e164, e164[1:][-10:]
