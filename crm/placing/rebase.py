"""Somebody has changed the owner's rows while the dialog was open: the draft goes on from what is there now. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from crm.placing.draft import KEPT, Draft
from crm.placing.rows import Cell, Stored


@dataclass(frozen=True, slots=True)
class Difference:
    """A row that is not what the dialog showed. `before`, `now`: None where there is none; `mine`: what this draft has
    for the row, if it has changed it, empty for a deletion; None: it has not."""

    row_id: int
    before: Stored | None
    now: Stored | None
    mine: str | None = None


def differences(draft: Draft, current: Sequence[Stored]) -> list[Difference]:
    """What somebody else has done to the rows since the draft was begun; nothing: «Готово» may write."""
    before = {row.id: row for row in draft.base}
    now = {row.id: row for row in current}
    ids = [row.id for row in draft.base] + [row.id for row in current if row.id not in before]
    return [
        Difference(pk, before.get(pk), now.get(pk), _mine(draft, before.get(pk)))
        for pk in ids
        if before.get(pk) != now.get(pk)
    ]


def rebase(draft: Draft, current: Sequence[Stored]) -> Draft:
    """The same acts upon the rows as they are now. What was typed for a row that is gone becomes a row of its own."""
    draft = _away_from_gone(draft, {row.key for row in current})
    keys = {row.key for row in current} | {key for key in draft.cells if not key.isdigit()} | {draft.put}
    draft = replace(
        draft,
        base=tuple(current),
        deleted=frozenset(draft.deleted & {row.key for row in current}),
        mains={type_: key for type_, key in draft.mains.items() if key in keys},
    )
    placed = replace(draft, put="", keep=False)
    return placed if placed.place is not None else draft


def _away_from_gone(draft: Draft, there: set[str]) -> Draft:
    cells: dict[str, Cell] = {}
    moved: dict[str, str] = {}
    kinds: Mapping[str, int] = {row.key: row.kind for row in draft.base}
    gone = [key for key in kinds if key not in there]
    for key in gone:
        if key in draft.cells or key == draft.put:
            fresh = replace(draft, cells={**draft.cells, **cells}).new_key()
            moved[key] = fresh
            cells[fresh] = draft.cells.get(key, Cell(kinds[key], ""))
    rest = {key: cell for key, cell in draft.cells.items() if key not in moved}
    return replace(
        draft,
        cells={**rest, **cells},
        put=moved.get(draft.put, draft.put),
        keep=draft.keep and bool(draft.put not in moved or cells[moved[draft.put]].value),
        mains={type_: moved.get(key, key) for type_, key in draft.mains.items()},
    )


def _mine(draft: Draft, before: Stored | None) -> str | None:
    if before is None:
        return None
    row = draft.row(before.key)
    if row.deleted:
        return ""
    mine = row.value if (row.kind.id, row.value) != (before.kind, before.value) else None
    kept = next((one.value for one in draft.rows() if one.key == KEPT), "")
    return f"{mine}, {kept}" if mine is not None and draft.put == before.key and kept else mine
