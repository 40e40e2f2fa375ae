"""A draft as the page keeps it between two steps: JSON in a hidden field. What comes back is not trusted. Pure."""

import json
from dataclasses import dataclass, replace
from typing import Any, Final

from crm.placing.draft import Draft
from crm.placing.rows import Cell, Stored

MOST_ROWS: Final = 200
LONGEST_VALUE: Final = 255
LONGEST_KEY: Final = 24
LONGEST_TEXT: Final = 200_000  # characters of the whole field


class BadDraftError(ValueError):
    """Nothing that our page posts."""


@dataclass(frozen=True, slots=True)
class Posted:
    """What of a draft is posted: all but the number and the kinds, which the server knows better."""

    base: tuple[Stored, ...]
    cells: dict[str, Cell]
    deleted: frozenset[str]
    mains: dict[str, str]
    put: str
    keep: bool


def to_text(draft: Draft) -> str:
    """For the hidden field."""
    return json.dumps(
        {
            "base": [[row.id, row.kind, row.value, row.is_main] for row in draft.base],
            "cells": {key: [cell.kind, cell.value] for key, cell in draft.cells.items()},
            "deleted": sorted(draft.deleted),
            "mains": dict(draft.mains),
            "put": draft.put,
            "keep": draft.keep,
        },
        ensure_ascii=False,
        separators=(",", ":"),
    )


def from_text(text: str, fresh: Draft) -> Draft:
    """The posted acts upon `fresh`: a new draft of the same number and owner. Raises BadDraftError.

    The rows of the moment when the dialog was opened are taken from the page: they only tell whether somebody has
    changed something since, and what is written is checked against the database again.
    """
    try:
        posted = _posted(text)
    except (TypeError, KeyError, ValueError, RecursionError) as error:
        raise BadDraftError(str(error)) from None
    kinds = {kind.id for kind in fresh.kinds}
    if not {row.kind for row in posted.base} | {cell.kind for cell in posted.cells.values()} <= kinds:
        raise BadDraftError("a kind of another owner, or one that is gone")
    phones = {kind.id for kind in fresh.kinds if kind.is_phone}
    places = {row.key: row.kind for row in posted.base} | {f"k{kind}": kind for kind in phones}
    places |= {key: cell.kind for key, cell in posted.cells.items()}
    if posted.put and places.get(posted.put) not in phones:
        raise BadDraftError("the number stands where no number can stand")
    return replace(
        fresh,
        base=posted.base,
        cells=posted.cells,
        deleted=posted.deleted,
        mains=posted.mains,
        put=posted.put,
        keep=posted.keep,
    )


def _posted(text: str) -> Posted:
    if len(text) > LONGEST_TEXT:
        raise BadDraftError("too long")
    data = json.loads(text)
    base = tuple(Stored(_whole(pk), _whole(kind), _text(value), main is True) for pk, kind, value, main in data["base"])
    cells = {_key(key): Cell(_whole(kind), _text(value)) for key, (kind, value) in data["cells"].items()}
    deleted = frozenset(_key(key) for key in data["deleted"])
    stored = {row.key for row in base}
    if len(stored) != len(base) or len(base) + len(cells) > MOST_ROWS or not deleted <= stored:
        raise BadDraftError("rows")
    if {key for key in cells if key.isdigit()} - stored:
        raise BadDraftError("an edit of a row that was not shown")
    mains = {_text(type_): _key(key) for type_, key in data["mains"].items()}
    put = _key(data["put"]) if data["put"] else ""
    return Posted(base, cells, deleted, mains, put, data["keep"] is True)


def _whole(value: Any) -> int:
    if type(value) is not int or not 0 <= value < 2**63:
        raise BadDraftError("no id")
    return value


def _text(value: Any) -> str:
    if type(value) is not str or len(value) > LONGEST_VALUE or "\x00" in value:
        raise BadDraftError("no text")
    return value


def _key(value: Any) -> str:
    key = _text(value)
    number = key[1:] if key[:1] in {"k", "n"} else key
    if not (number.isascii() and number.isdigit() and len(key) <= LONGEST_KEY):
        raise BadDraftError("no key")
    return key
