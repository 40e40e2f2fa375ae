"""What a merge of duplicates keeps, moves and gives up. Pure: rows as values in, a plan out."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from hashlib import sha256

from crm.folding import fold


class Refusal(StrEnum):
    """Why these rows cannot be merged at all; words: crm/merging/words.py."""

    TOO_FEW = "too_few"  # nothing is left to merge: the others lead to the one that is kept already
    TOO_MANY = "too_many"
    TWO_OF_A_SOURCE = "two_of_a_source"
    SOURCE_MUST_BE_KEPT = "source_must_be_kept"
    OTHER_COMPANIES = "other_companies"  # persons of more than one counterparty


class Conflict(StrEnum):
    """What cannot be kept of both; the plan says what becomes of it."""

    SAME_VALUE = "same_value"  # the later row goes
    TWO_MAINS = "two_mains"  # one stays the main one
    SAME_PERSON = "same_person"  # two persons of one name: both stay, they can be merged afterwards


@dataclass(frozen=True, slots=True)
class Value:
    """One row of contact information. `key`: what makes two rows the same, within the type."""

    id: int
    type: str
    key: str
    text: str
    is_main: bool


@dataclass(frozen=True, slots=True)
class Side:
    """One of the customers to be merged, and what belongs to it."""

    id: int
    name: str
    manager: int | None = None
    note: str = ""
    position: str = ""  # of a person
    archived: bool = False
    source: int | None = None
    owner: int | None = None  # counterparty of a person
    values: tuple[Value, ...] = ()
    persons: tuple[tuple[int, str], ...] = ()
    placements: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """What the administrator chose; None: as the one that is kept has it (of the note: all of them joined)."""

    survivor: int
    name: int | None = None  # id of the side whose name is kept
    manager: int | None = None  # id of the side whose manager is kept
    note: str | None = None
    mains: tuple[int, ...] = ()  # rows that are to be the main ones


@dataclass(frozen=True, slots=True)
class Clash:
    """A conflict: of which rows (values, or persons), the one that wins first."""

    conflict: Conflict
    ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything a merge would do. Of values: `moved`, `dropped`, and who is main no longer, or from now on."""

    survivor: int
    merged: tuple[int, ...]
    name: str
    manager: int | None
    note: str
    position: str
    archived: bool
    moved: tuple[int, ...]
    dropped: tuple[int, ...]
    main_no_more: tuple[int, ...]
    main_from_now: tuple[int, ...]
    persons: tuple[int, ...]
    placements: tuple[int, ...]
    clashes: tuple[Clash, ...]

    @property
    def fingerprint(self) -> str:
        """Differs when anything that would be done does: what was looked at is what is done."""
        return sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()[:32]


class RefusedError(Exception):
    """Nothing is merged."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.value)
        self.refusal = refusal


def default_survivor(sides: Sequence[Side]) -> int:
    """The source's, else one in use, else the one with most to it, else the oldest."""
    return min(sides, key=lambda side: (side.source is None, side.archived, -_size(side), side.id)).id


def _size(side: Side) -> int:
    return len(side.values) + len(side.persons) + bool(side.note) + (side.manager is not None)


def joined_note(sides: Iterable[Side]) -> str:
    """All notes, each once, a blank line between them."""
    notes = dict.fromkeys(side.note.strip() for side in sides)
    return "\n\n".join(note for note in notes if note)


def make_plan(sides: Sequence[Side], choice: Choice) -> Plan:
    """Raises RefusedError. Sides: each customer once, merged-away ones replaced by those they lead to."""
    kept, others = _survivor_first(sides, choice.survivor)
    _check(kept, others)
    sides = [kept, *others]
    winners = _winners(sides)
    values = [value for side in others for value in side.values]
    no_more, from_now, mains = _mains(sides, winners, choice.mains)
    note = joined_note(sides) if choice.note is None else choice.note
    return Plan(
        survivor=kept.id,
        merged=tuple(side.id for side in others),
        name=kept.name if kept.source else _chosen(kept, others, choice.name).name,
        manager=kept.manager if kept.source else _chosen(kept, others, choice.manager).manager,
        note=note,
        position=next((side.position for side in sides if side.position), ""),
        archived=kept.archived if kept.source else all(side.archived for side in sides),
        moved=tuple(value.id for value in values if winners[value.id] == value.id),
        dropped=tuple(value.id for value in values if winners[value.id] != value.id),
        main_no_more=no_more,
        main_from_now=from_now,
        persons=tuple(pk for side in others for pk, _name in side.persons),
        placements=tuple(pk for side in others for pk in side.placements),
        clashes=(*_same_values(winners), *mains, *_same_persons(sides)),
    )


def _survivor_first(sides: Sequence[Side], survivor: int) -> tuple[Side, list[Side]]:
    kept = next(side for side in sides if side.id == survivor)
    return kept, sorted((side for side in sides if side.id != survivor), key=lambda side: side.id)


def _check(kept: Side, others: Sequence[Side]) -> None:
    sources = [side.source for side in (kept, *others) if side.source is not None]
    if not others:
        raise RefusedError(Refusal.TOO_FEW)
    if len(sources) > 1:
        raise RefusedError(Refusal.TWO_OF_A_SOURCE)
    if sources and kept.source is None:
        raise RefusedError(Refusal.SOURCE_MUST_BE_KEPT)
    if len({side.owner for side in (kept, *others)}) > 1:
        raise RefusedError(Refusal.OTHER_COMPANIES)


def _chosen(kept: Side, others: Sequence[Side], chosen: int | None) -> Side:
    return next((side for side in others if side.id == chosen), kept)


def _winners(sides: Sequence[Side]) -> dict[int, int]:
    """Each value → the one that stays of those that are the same: the kept customer's, else the first."""
    first: dict[tuple[str, str], int] = {}
    values = (value for side in sides for value in side.values)
    return {value.id: first.setdefault((value.type, value.key), value.id) for value in values}


def _same_values(winners: dict[int, int]) -> list[Clash]:
    return [Clash(Conflict.SAME_VALUE, (winner, pk)) for pk, winner in winners.items() if winner != pk]


def _mains(
    sides: Sequence[Side], winners: dict[int, int], wanted: Sequence[int]
) -> tuple[tuple[int, ...], tuple[int, ...], list[Clash]]:
    """→ values that are main no longer, those that are from now on, and the clashes.

    The kept customer's main value stays the main one, unless another is wanted. A value that goes hands on its place.
    """
    values = [value for side in sides for value in side.values]
    mains: dict[str, list[int]] = {}
    for value in values:
        if value.is_main and winners[value.id] not in mains.setdefault(value.type, []):
            mains[value.type].append(winners[value.id])
    chosen = {kind: next((pk for pk in ids if pk in wanted), ids[0]) for kind, ids in mains.items()}
    stays = {value.id: value.id == chosen.get(value.type) for value in values if winners[value.id] == value.id}
    was = {value.id: value.is_main for value in values}
    clashes = [
        Clash(Conflict.TWO_MAINS, (chosen[kind], *(pk for pk in ids if pk != chosen[kind])))
        for kind, ids in mains.items()
        if len(ids) > 1
    ]
    no_more = tuple(pk for pk, stay in stays.items() if was[pk] and not stay)
    return no_more, tuple(pk for pk, stay in stays.items() if stay and not was[pk]), clashes


def _same_persons(sides: Sequence[Side]) -> list[Clash]:
    names: dict[str, list[int]] = {}
    for pk, name in (person for side in sides for person in side.persons):
        names.setdefault(fold(name), []).append(pk)
    return [Clash(Conflict.SAME_PERSON, tuple(ids)) for ids in names.values() if len(ids) > 1]
