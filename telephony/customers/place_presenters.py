"""A moment of the dialog → what its templates show."""

from typing import Any

from django.utils.translation import gettext as _

from astpanel.lib.phone_numbers import readable
from crm.placing.automatic import place_automatically
from crm.placing.draft import Draft, RefusedError
from crm.placing.posted import to_text
from crm.placing.rows import Row
from crm.placing.targets import Holder, persons_of
from crm.search import search_directory
from telephony.customers import place_words
from telephony.customers.place_dialog import NEW, Dialog

RESULTS = 20
ICONS = {"counterparty": "company", "person": "person", "user": "handset"}


def context(dialog: Dialog) -> dict[str, Any]:
    """For place.html."""
    shown: dict[str, Any] = {
        "dialog": dialog,
        "number": dialog.number.value or dialog.number.given,
        "holders": [holder(one) for one in dialog.holders],
        "seen": ",".join(str(one.row_id) for one in dialog.holders),
        "movable": any(one.movable for one in dialog.holders),
        "touched": dialog.touched,
    }
    if dialog.draft is None or dialog.target is None:
        return shown | {"results": results(dialog.query), "query": dialog.query}
    return shown | _table(dialog, dialog.draft)


def holder(one: Holder) -> dict[str, Any]:
    """Somebody who has the number already."""
    return {
        "icon": ICONS[one.kind],
        "name": one.name,
        "company": one.company,
        "reason": str(place_words.REASONS[one.reason]),
        "choose": f"{one.kind}/{one.id}" if one.kind != "user" else "",
        "movable": one.movable,
        "archived": one.archived,
    }


def results(query: str) -> list[dict[str, Any]]:
    """Customers found for what was typed."""
    if not query.strip():
        return []
    return [
        {
            "icon": ICONS[one.kind],
            "name": one.name,
            "company": one.company,
            "numbers": one.numbers[:2],
            "more": max(0, len(one.numbers) - 2),
            "choose": f"{one.kind}/{one.id}",
            "archived": one.archived,
        }
        for one in search_directory(query, limit=RESULTS)
    ]


def _table(dialog: Dialog, draft: Draft) -> dict[str, Any]:
    target = dialog.target
    assert target is not None  # noqa: S101 - the caller has seen to it
    rows = draft.rows()
    contact = "" if target.person is None else str(target.person.id or NEW)
    persons = persons_of(target.counterparty.id) if target.counterparty.id is not None else []
    contacts = [(str(person.pk), f"{person.name}, {person.position}" if person.position else person.name)
                for person in persons]  # fmt: skip
    if target.person is not None and target.person.id and contact not in dict(contacts):
        contacts.insert(0, (contact, target.person.name))  # an archived one
    focus = dialog.focus if any(row.key == dialog.focus for row in rows) else ""
    return {
        "target": target,
        "contact": contact,
        "contacts": contacts,
        "rows": [row_shown(row, first=(row.key == (focus or rows[0].key))) for row in rows],
        "draft": to_text(draft),
        "kinds": draft.kinds,
        "auto": _automatic(draft),
        "place": draft.place,
        "focus": focus,
        "asked": next((row for row in rows if row.key == dialog.overwrite), None) if dialog.overwrite else None,
        "editing": dialog.editing,
        "editing_phone": next(
            (kind.is_phone for kind in draft.kinds if dialog.editing and kind.id == dialog.editing.kind), True
        ),
    }


def row_shown(row: Row, *, first: bool) -> dict[str, Any]:
    """One line of the table. `first`: the one the Tab key reaches."""
    value = readable(row.value) if row.kind.is_phone else row.value
    return {
        "key": row.key,
        "kind": row.kind.name,
        "value": value,
        "phone": row.kind.is_phone,
        "main": row.is_main,
        "deleted": row.deleted,
        "here": row.here,
        "empty": row.empty,
        "changed": row.was is not None
        and not row.deleted
        and (row.kind.id, row.value) != (row.was.kind, row.was.value),
        "was": row.was.value if row.was is not None else "",
        "tabindex": "0" if first else "-1",
    }


def _automatic(draft: Draft) -> str:
    """Where «Готово» would put the number by itself; empty: it stands somewhere."""
    if draft.place is not None:
        return ""
    try:
        place = place_automatically(draft).place
    except RefusedError as error:
        return place_words.refused(error)
    if place is None:
        return ""
    if any(row.key == place.key for row in draft.rows()):
        return _("“Done” puts it into “%(kind)s”.") % {"kind": place.kind.name}
    return _("“Done” adds a row “%(kind)s” with it.") % {"kind": place.kind.name}
