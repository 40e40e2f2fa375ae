"""Tables to work on: a company's kinds and rows, and any sequence of acts on them."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from hypothesis import strategies as st

from crm.placing.automatic import place_automatically
from crm.placing.draft import Draft, RefusedError
from crm.placing.numbers import Number
from crm.placing.rows import Changed, Created, Deleted, Kind, Stored

WORK, MOBILE, MAIL = (
    Kind(1, "Рабочий", "phone"),
    Kind(2, "Мобильный", "phone", is_mobile=True),
    Kind(3, "Почта", "email"),
)
KINDS = (WORK, MOBILE, MAIL)
LANDLINE = Number("84951112233", "+74951112233", "+7 495 111-22-33")
CELL = Number("+79161234567", "+79161234567", "+7 916 123-45-67")
OLD = "+7 812 333-44-55"


def draft(*base: Stored, number: Number = LANDLINE, kinds: tuple[Kind, ...] = KINDS) -> Draft:
    """A dialog that was just opened."""
    return Draft(number, kinds, base)


def table(one: Draft) -> list[tuple[str, str, str]]:
    """(key, value, signs) of each row: m main, d deleted, h the number is here."""
    return [(row.key, row.value, "m" * row.is_main + "d" * row.deleted + "h" * row.here) for row in one.rows()]


def written(one: Draft) -> tuple[Stored, ...]:
    """The rows as they are after «Готово»: what services do with the changes."""
    rows = {row.id: row for row in one.base}
    for number, change in enumerate(one.changes()):
        match change:
            case Created(kind, value, is_main):
                rows[1_000 + number] = Stored(1_000 + number, kind, value, is_main)
            case Changed(pk, kind, value, is_main):
                rows[pk] = Stored(pk, kind, value, is_main)
            case Deleted(pk):
                del rows[pk]
    return tuple(rows.values())


Act = Callable[[Draft], Draft]
VALUES = {"phone": (OLD, "8 (495) 111-22-33", "+7 495 111-22-33 доб. 5", "101"), "email": ("a@example.org",)}


@st.composite
def opened(draw: st.DrawFn) -> Draft:
    """Any table with one main row of each type, or an owner that never had any."""
    rows = []
    mains: set[str] = set()
    for pk in range(1, draw(st.integers(0, 5)) + 1):
        kind = draw(st.sampled_from(KINDS))
        rows.append(Stored(pk, kind.id, draw(st.sampled_from(VALUES[kind.type])), kind.type not in mains))
        mains.add(kind.type)
    if draw(st.booleans()) and draw(st.booleans()):
        rows = [replace(row, is_main=False) for row in rows]
    return draft(*rows, number=draw(st.sampled_from([LANDLINE, CELL])))


@st.composite
def worked_on(draw: st.DrawFn) -> Draft:
    """After any acts; those that are refused change nothing."""
    one = draw(opened())
    for _ in range(draw(st.integers(0, 8))):
        keys = [row.key for row in one.rows()]
        try:
            one = act(draw, one, draw(st.sampled_from(keys)))
        except RefusedError:
            continue
    return one


def act(draw: st.DrawFn, one: Draft, key: str, ids: Mapping[int, int] | None = None) -> Draft:
    """One of the acts, upon the row. `ids`: of the kinds in a database."""
    kind = draw(st.sampled_from(KINDS))
    value, keep, main = draw(st.sampled_from(VALUES[kind.type])), draw(st.booleans()), draw(st.booleans())
    kind_id = (ids or {}).get(kind.id, kind.id)
    acts: dict[str, Act] = {
        "put": lambda d: d.set_number(key, keep=keep),
        "edit": lambda d: d.edit(key, kind=kind_id, value=value, main=main),
        "add": lambda d: d.edit("", kind=kind_id, value=value),
        "delete": lambda d: d.delete(key),
        "restore": lambda d: d.restore(key),
        "main": lambda d: d.set_main(key),
        "auto": place_automatically,
    }
    return acts[draw(st.sampled_from(sorted(acts)))](one)
