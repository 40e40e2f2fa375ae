"""Search in the directory as somebody types: any part of a name, any part of a number in any format.

Each part is looked up by an index (PostgreSQL: crm/trigrams.py; beginnings: the folded name's own index), at most
CANDIDATES rows are looked at for each way of matching, and those are ranked. What is exactly the text, or begins with
it, is asked for on its own: it is found also when thousands of rows contain the same letters.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from django.db import connection
from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import StrIndex
from django.db.models.lookups import GreaterThan

from crm.folding import fold
from crm.models import AddressType, ContactInfo, ContactPerson, Counterparty
from crm.number_parts import number_parts
from crm.selectors import keys_of, number_rules, rows_with_keys

CANDIDATES: Final = 200  # rows for each way of matching
LONGEST_QUERY: Final = 255  # characters
SHORTEST_PART: Final = 3  # letters: with shorter ones alone, only beginnings of words are found
HIGHEST: Final = "\U0010ffff"  # no letter sorts after it
EXACT, BEGINNING, WORD, PART = range(4)  # how well something fits

Key = tuple[str, int]  # kind and id
COUNTERPARTY: Final = ("id", "name", "name_key", "archived", "merged_into")
PERSON: Final = (*COUNTERPARTY, "counterparty__name", "counterparty__archived")


@dataclass(frozen=True, slots=True)
class Found:
    """A customer. The texts are people's: escape them when shown."""

    kind: str  # counterparty, person
    id: int
    name: str
    company: str  # of a person
    numbers: tuple[str, ...]  # for people, the main one first
    archived: bool  # or the person's company is


def search_directory(text: str, *, limit: int = 20, archived: bool = False) -> list[Found]:
    """The best `limit` customers for what was typed; archived ones only when asked for, merged-away ones never.

    Queries: four for names, two more when the text may be a number, one for the numbers of what was found.
    """
    found: dict[Key, tuple[int, Found]] = {}
    for rank, one in [*_by_name(text, archived), *_by_number(text, archived)]:
        key = (one.kind, one.id)
        if key not in found or rank < found[key][0]:
            found[key] = rank, one
    best = [one for _rank, one in sorted(found.values(), key=_order)[:limit]]
    numbers = _numbers_of(best)
    return [replace(one, numbers=tuple(numbers[one.kind, one.id])) for one in best]


def _order(one: tuple[int, Found]) -> tuple[bool, int, str, int]:
    rank, customer = one
    return customer.archived, rank, fold(customer.name), customer.id


def matching_names(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    """Counterparties or persons whose name contains every word of the text; nothing typed → none of them."""
    words = fold(text[:LONGEST_QUERY]).split()
    if not words:
        return rows.none()
    anywhere = any(len(word) >= SHORTEST_PART for word in words)
    for word in words:
        of_a_word = _begins("name_key", word) | _contains("name_key", f" {word}")
        rows = rows.filter(_contains("name_key", word) if anywhere else of_a_word)
    return rows


def matching_numbers(text: str) -> QuerySet[ContactInfo]:
    """Phones (of colleagues too) that contain the number, or part of one, that was typed; words → none of them."""
    phones = ContactInfo.objects.filter(type=AddressType.PHONE).order_by()
    parts = number_parts(text, number_rules().reading)
    if parts is None:
        return phones.none()
    fitting = _contains("e164", parts.anywhere) if parts.anywhere else Q()
    for beginning in parts.beginnings:
        fitting |= _begins("e164", beginning)
    return phones.filter(fitting)


def _contains(column: str, part: str) -> Q:
    """SQLite's own function is far quicker than its LIKE, which folds letters (astpanel/lib/sqlite_like.py)."""
    if connection.vendor == "sqlite":
        return Q(GreaterThan(StrIndex(F(column), Value(part)), 0))
    return Q(**{f"{column}__contains": part})


def _begins(column: str, part: str) -> Q:
    """As above; elsewhere a range would follow the database's own order of letters, not theirs."""
    if connection.vendor == "sqlite":
        return Q(**{f"{column}__gte": part, f"{column}__lt": part + HIGHEST})
    return Q(**{f"{column}__startswith": part})


def _by_name(text: str, archived: bool) -> Iterator[tuple[int, Found]]:
    key = fold(text[:LONGEST_QUERY])
    for model, fields in ((Counterparty, COUNTERPARTY), (ContactPerson, PERSON)) if key else ():
        rows = _shown(model.objects.order_by(), archived)
        beginnings = rows.filter(_begins("name_key", key)).order_by("name_key")[:CANDIDATES]
        for row in [*beginnings.values(*fields), *matching_names(rows, text)[:CANDIDATES].values(*fields)]:
            if row["merged_into"] is None:
                yield _rank(key, row["name_key"]), _found(row)


def _shown(rows: QuerySet[Any], archived: bool) -> QuerySet[Any]:
    """Merged-away rows are archived too. Asked for here, `merged_into` would lead SQLite to the wrong index."""
    if not archived:
        rows = rows.filter(archived=False)
        rows = rows.filter(counterparty__archived=False) if rows.model is ContactPerson else rows
    return rows


def _rank(key: str, name_key: str) -> int:
    if name_key.startswith(key):
        return EXACT if name_key == key else BEGINNING
    return WORD if f" {key}" in name_key else PART


def _found(row: dict[str, Any]) -> Found:
    person = "counterparty__name" in row
    gone = row["archived"] or (person and row["counterparty__archived"])
    company = row["counterparty__name"] if person else ""
    return Found("person" if person else "counterparty", row["id"], row["name"], company, (), gone)


def _by_number(text: str, archived: bool) -> Iterator[tuple[int, Found]]:
    matching = matching_numbers(text)
    if matching.query.is_empty():
        return
    key = keys_of(text)
    exact = rows_with_keys([key]).filter(type=AddressType.PHONE) if key[0] else matching.none()
    fields = [*(f"counterparty__{name}" for name in COUNTERPARTY), *(f"person__{name}" for name in PERSON)]
    for rank, rows in ((EXACT, exact), (PART, matching)):
        for row in rows[:CANDIDATES].values("user", *fields):
            owner = "person__" if row["person__id"] is not None else "counterparty__"
            mine = {name.removeprefix(owner): value for name, value in row.items() if name.startswith(owner)}
            one = _found(mine) if row["user"] is None and mine["merged_into"] is None else None
            if one is not None and (archived or not one.archived):
                yield rank, one


def _numbers_of(found: Iterable[Found]) -> dict[Key, list[str]]:
    numbers: dict[Key, list[str]] = defaultdict(list)
    ids = {kind: [one.id for one in found if one.kind == kind] for kind in ("counterparty", "person")}
    if not any(ids.values()):
        return numbers
    owned = Q(counterparty__in=ids["counterparty"]) | Q(person__in=ids["person"])
    for row in ContactInfo.objects.filter(owned, type=AddressType.PHONE):
        owner = ("person", row.person_id) if row.person_id is not None else ("counterparty", row.counterparty_id)
        numbers[owner].append(row.readable)  # type: ignore[index]  # a row has an owner
    return numbers
