"""What is read about customers: who has a number, and how numbers are read and dialled."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable
from functools import lru_cache
from typing import Final

from django.db.models import QuerySet

from astpanel.lib.numbering import NumberRules
from astpanel.lib.phone_numbers import LONGEST_TEXT, Reading, clean_text, number_keys, split_extension, strip_address
from crm import number_rules as stored
from crm.changes import Version, directory_version
from crm.lookup import candidates
from crm.matching import Candidate, Contact, Match, Sought, best, matches
from crm.models import ContactInfo

Keys = tuple[str, str]
NOBODY: Final = Sought("", "")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")


def number_rules() -> NumberRules:
    """«Коды городов» as one value, for this process: right at once after a change here, else within two seconds.

    Not for an event loop: now and then it asks the database. Without a saved plan: `astpanel.lib.numbering.NO_PLAN`.
    """
    return stored.CACHE.get()


def keys_of(number: str) -> Keys:
    """Search keys of a number as somebody typed it or the PBX sent it, read by the office's rules."""
    return number_keys(number, number_rules().reading)


def sought(number: str, reading: Reading) -> Sought:
    """What to look for. Hidden numbers, feature codes, control characters and long texts: nobody."""
    return _sought(number, reading) if 0 < len(number) <= LONGEST_TEXT else NOBODY


@lru_cache(maxsize=10_000)
def _sought(number: str, reading: Reading) -> Sought:
    if _CONTROL.search(number):
        return NOBODY
    keys = number_keys(number, reading)
    return Sought(*keys, split_extension(strip_address(clean_text(number)))[1]) if keys[0] else NOBODY


def contacts_by_numbers(numbers: Iterable[str], *, pbx_id: int | None = None) -> dict[str, Contact]:
    """Each number as the PBX gave it → who has it, and who else; unknown ones are left out.

    One query however many numbers, and one more when it is time to see whether the number rules have changed. Internal
    numbers are those of `pbx_id` (and of users without a PBX); None: of any PBX.
    """
    found = {number: best(ranked) for number, ranked in _matches(set(numbers), pbx_id).items()}
    return {number: contact for number, contact in found.items() if contact is not None}


def contacts_and_version(
    numbers: Collection[str], *, pbx_id: int | None = None, known: Version | None
) -> tuple[dict[str, Contact], Version]:
    """For a cache: the contacts, at least as new as the version of the directory that goes with them.

    `known` is the version the cache knows; with another one the number rules are read anew too.
    """
    version = directory_version()
    if version != known:
        stored.CACHE.forget()
    return contacts_by_numbers(numbers, pbx_id=pbx_id) if numbers else {}, version


def owners_of(number: str, *, pbx_id: int | None = None) -> tuple[Match, ...]:
    """Everybody who has the number, the likeliest first, archived ones too. Queries as in `contacts_by_numbers`."""
    return _matches({number}, pbx_id)[number]


def _matches(numbers: Collection[str], pbx_id: int | None) -> dict[str, tuple[Match, ...]]:
    reading = number_rules().reading
    wanted = {number: sought(number, reading) for number in numbers}
    by_last10: dict[str, list[Candidate]] = defaultdict(list)
    for candidate in candidates({one.last10 for one in wanted.values()}, pbx_id=pbx_id):
        by_last10[candidate.last10].append(candidate)
    return {number: matches(one, by_last10.get(one.last10, ())) for number, one in wanted.items()}


def rows_with_keys(keys: Collection[Keys]) -> QuerySet[ContactInfo]:
    """Rows with one of the keys, by the index on the last ten digits."""
    return ContactInfo.objects.filter(last10__in={last10 for _, last10 in keys if last10}).order_by()
