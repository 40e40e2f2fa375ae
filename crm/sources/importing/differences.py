"""What has to be done with an owner's contact information so that it is what the source says. Pure."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

PHONE: Final = "phone"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A value of the source. `kind`: id of ours."""

    key: str
    type: str
    kind: int
    value: str
    identity: str
    main: bool = False


@dataclass(frozen=True, slots=True)
class Present:
    """A row of the directory. `key` is empty when it was typed here."""

    id: int
    key: str
    type: str
    kind: int
    value: str
    identity: str
    main: bool


@dataclass(slots=True)
class Differences:
    """`changed`: row → what it is to be. `main`: type → the row or the new value that becomes the main one."""

    created: list[Wanted] = field(default_factory=list)
    changed: dict[int, Wanted] = field(default_factory=dict)
    rekeyed: dict[int, str] = field(default_factory=dict)  # only the place in the source is another
    same: int = 0
    gone: list[int] = field(default_factory=list)
    main: dict[str, int | Wanted] = field(default_factory=dict)


def differences(
    wanted: Sequence[Wanted],
    present: Sequence[Present],
    *,
    untouched: Collection[int] = (),
    skipped: Collection[str] = (),
    main_is_kept: bool = False,
) -> Differences:
    """`untouched`: rows, `skipped`: identities that a waiting transfer is about: what was typed here stands until then.

    A row keeps its id as long as the source has the same value, wherever it stands there; a number that was typed
    here and has arrived in the source becomes the source's.
    """
    found = Differences()
    protected = {row.id for row in present if row.id in untouched}
    left = [row for row in present if row.key and row.id not in protected]
    elsewhere = {(row.type, row.identity) for row in present if row.id in protected}
    typed = {(row.type, row.identity): row for row in present if not row.key and row.id not in protected}
    placed: list[tuple[Wanted, int | None]] = []
    rest = []
    for one in _once(wanted, skipped, elsewhere):
        row = _same_value(one, left)
        if row is None:
            rest.append(one)
        else:
            left.remove(row)
            _match(found, one, row)
            placed.append((one, row.id))
    for one in rest:
        row = next((row for row in left if row.key == one.key and row.type == one.type), None)
        if row is not None:
            left.remove(row)
        else:
            row = typed.pop((one.type, one.identity), None)
        if row is not None:
            _match(found, one, row)
        else:
            found.created.append(one)
        placed.append((one, row.id if row is not None else None))
    found.gone = [row.id for row in left]
    if not main_is_kept:
        _choose_main(found, placed, [row for row in present if row.id not in found.gone])
    return found


def _once(
    wanted: Iterable[Wanted], skipped: Collection[str], elsewhere: Collection[tuple[str, str]]
) -> Iterable[Wanted]:
    """The legal side and the partner often have the same number: one row of ours is enough."""
    seen = set(elsewhere)
    for one in wanted:
        if (one.type, one.identity) not in seen and one.identity not in skipped:
            seen.add((one.type, one.identity))
            yield one


def _same_value(one: Wanted, left: Iterable[Present]) -> Present | None:
    fitting = [row for row in left if (row.type, row.identity) == (one.type, one.identity)]
    return min(fitting, key=lambda row: row.key != one.key, default=None)


def _match(found: Differences, one: Wanted, row: Present) -> None:
    if (row.value, row.kind, row.type) != (one.value, one.kind, one.type):
        found.changed[row.id] = one
        return
    found.same += 1
    if row.key != one.key:
        found.rekeyed[row.id] = one.key


def _choose_main(found: Differences, placed: Sequence[tuple[Wanted, int | None]], remaining: Sequence[Present]) -> None:
    """What the source marks; else the first phone where the owner has no main one."""
    mains = {row.type: row.id for row in remaining if row.main}
    chosen: dict[str, tuple[Wanted, int | None]] = {}
    for one, row in placed:
        if one.main:
            chosen.setdefault(one.type, (one, row))
    for one, row in placed:
        if one.type == PHONE and one.type not in mains:
            chosen.setdefault(one.type, (one, row))
    for type_, (one, row) in chosen.items():
        if row is None or mains.get(type_) != row:
            found.main[type_] = one if row is None else row
