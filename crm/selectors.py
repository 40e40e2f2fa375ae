"""What is read about customers: who has a number, and how numbers are read and dialled."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator

from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet

from astpanel.lib.numbering import NumberRules
from astpanel.lib.phone_numbers import number_keys
from crm import number_rules as stored
from crm.matching import Candidate, Contact, best_match
from crm.models import AddressType, ContactInfo

FIELDS = (
    *("id", "type", "e164", "last10", "is_main", "user_id", "user__pbx_id", "user__is_active"),
    *("person_id", "person__name", "person__archived", "person__counterparty__name", "person__counterparty__archived"),
    *("counterparty_id", "counterparty__name", "counterparty__archived"),
)
Keys = tuple[str, str]


def number_rules() -> NumberRules:
    """«Коды городов» as one value, for this process: right at once after a change here, else within two seconds.

    Not for an event loop: now and then it asks the database. Without a saved plan: `astpanel.lib.numbering.NO_PLAN`.
    """
    return stored.CACHE.get()


def keys_of(number: str) -> Keys:
    """Search keys of a number as somebody typed it or the PBX sent it, read by the office's rules."""
    return number_keys(number, number_rules().reading)


def contacts_by_numbers(numbers: Iterable[str], *, pbx_id: int | None = None) -> dict[str, Contact]:
    """Each number as the PBX gave it → who has it; unknown ones are left out. Two queries however many numbers,
    and one more when it is time to see whether the number rules have changed.

    Internal numbers are those of `pbx_id` (and of users without a PBX); None: of any PBX.
    """
    reading = number_rules().reading
    keys = {number: found for number in set(numbers) if (found := number_keys(number, reading))[0]}
    by_key: dict[str, list[Candidate]] = defaultdict(list)
    for candidate in _candidates(rows_with_keys(keys.values()), pbx_id):
        for key in {candidate.e164, candidate.last10}:
            by_key[key].append(candidate)
    best = {number: best_match(key, [*by_key[key[0]], *by_key[key[1]]]) for number, key in keys.items()}
    return {number: contact for number, contact in best.items() if contact is not None}


def rows_with_keys(keys: Collection[Keys]) -> QuerySet[ContactInfo]:
    """Rows with one of the keys, by the two indexes."""
    exact, last10 = {key for key, _ in keys}, {key for _, key in keys}
    return ContactInfo.objects.filter(Q(e164__in=exact) | Q(last10__in=last10)).order_by()


def _candidates(rows: QuerySet[ContactInfo], pbx_id: int | None) -> Iterator[Candidate]:
    found = list(rows.values(*FIELDS))
    users = _names_of_users({row["user_id"] for row in found} - {None})
    for row in found:
        internal = row["type"] == AddressType.INTERNAL
        if internal and None not in (pbx_id, row["user__pbx_id"]) and row["user__pbx_id"] != pbx_id:
            continue  # the 101 of another PBX
        if row["user_id"] is not None:
            contact, archived = Contact("user", row["user_id"], users[row["user_id"]]), not row["user__is_active"]
        elif row["person_id"] is not None:
            company = row["person__counterparty__name"]
            contact = Contact("person", row["person_id"], row["person__name"], company)
            archived = row["person__archived"] or row["person__counterparty__archived"]
        else:
            contact = Contact("counterparty", row["counterparty_id"], row["counterparty__name"])
            archived = row["counterparty__archived"]
        yield Candidate(contact, row["id"], row["e164"], row["last10"], internal, row["is_main"], archived)


def _names_of_users(ids: set[int]) -> dict[int, str]:
    if not ids:
        return {}
    users = get_user_model().objects.only("username", "last_name", "first_name", "patronymic").in_bulk(ids)
    return {pk: str(user) for pk, user in users.items()}
