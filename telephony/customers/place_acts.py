"""What the buttons of the dialog do: a moment of the dialog in, the next one out. Nothing is written here."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from astpanel.lib.phone_numbers import split_extension
from crm.placing.draft import Draft, RefusedError
from crm.placing.rows import Kind
from crm.values import clean_value, split_numbers
from telephony.customers import place_words
from telephony.customers.place_dialog import (
    BadRequestError,
    Dialog,
    Editing,
    begin,
    chosen,
    new_counterparty,
    with_contact,
    with_target,
)

LONGEST_VALUE: Final = 255
SURE: Final = "sure"  # the question has been answered
Data = Mapping[str, str]
Act = Callable[[Dialog, str, Data], Dialog]


def act(dialog: Dialog, data: Data) -> Dialog | None:
    """The act whose button was pressed; None: none of these. Raises BadRequestError, TargetGoneError."""
    name = next((name for name in ACTS if name in data), None)
    if name is None:
        return None
    if name not in WITHOUT_TABLE and dialog.draft is None:
        raise BadRequestError("nobody is chosen yet")
    try:
        return ACTS[name](dialog, data[name], data)
    except RefusedError as error:
        return dialog.saying(place_words.refused(error))


def _choose(dialog: Dialog, value: str, data: Data) -> Dialog:
    return with_target(dialog, chosen(value))


def _create(dialog: Dialog, value: str, data: Data) -> Dialog:
    if not dialog.query.strip():
        again = begin(dialog.number.given, dialog.call, dialog.pbx_id)
        return again.saying(_("Type the name of the new counterparty."))
    return with_target(dialog, new_counterparty(value, dialog.query))


def _back(dialog: Dialog, value: str, data: Data) -> Dialog:
    """Another customer. Edits of the table are dropped, after a question."""
    if value != SURE and dialog.draft is not None and _edited(dialog.draft):
        return replace(dialog, leaving=True)
    query = dialog.query or (dialog.target.counterparty.name if dialog.target else "")
    again = begin(dialog.number.given, dialog.call, dialog.pbx_id)
    return replace(again, query=query)


def _contact(dialog: Dialog, value: str, data: Data) -> Dialog:
    """Edits of the table belong to the one whose table it is; a number put there only is no loss."""
    if _edited(_draft(dialog)):
        return replace(dialog, switch=value)
    return _switch(dialog, value, data)


def _switch(dialog: Dialog, value: str, data: Data) -> Dialog:
    assert dialog.target is not None  # noqa: S101 - `act` has seen to it
    return with_target(dialog, with_contact(dialog.target, value))


def _put(dialog: Dialog, value: str, data: Data) -> Dialog:
    if _draft(dialog).overwrites(value):
        return replace(dialog, overwrite=value)
    return _set(dialog, value, keep=False)


def _set(dialog: Dialog, key: str, *, keep: bool) -> Dialog:
    draft = _draft(dialog).set_number(key, keep=keep)
    place = draft.place
    news = _("The number is in “%(kind)s” now.") % {"kind": place.kind.name} if place else ""
    return replace(dialog, draft=draft, focus=place.key if place else key, news=news)


def _edit(dialog: Dialog, value: str, data: Data) -> Dialog:
    """The full dialog of a row, or of a row more."""
    draft = _draft(dialog)
    if not value:
        return replace(dialog, editing=Editing("", draft.kinds[0].id))
    row = draft.row(value)
    main, extension = split_extension(row.value) if row.kind.is_phone else (row.value, "")
    editing = Editing(value, row.kind.id, main.strip(), extension, row.is_main, row.is_main)
    return replace(dialog, editing=editing, focus=value)


def _save(dialog: Dialog, value: str, data: Data) -> Dialog:
    """What the full dialog says; several numbers in it get a row each."""
    draft = _draft(dialog)
    main = data.get("main") == "on"
    editing = Editing(
        value,
        _kind(draft, data.get("kind", "")).id,
        data.get("value", "")[: LONGEST_VALUE + 1],
        data.get("extension", "").strip()[:16],
        main,
        data.get("locked_main") == "on",
    )
    try:
        values = _values(_kind(draft, data.get("kind", "")), editing)
    except ValidationError as error:
        return replace(dialog, editing=replace(editing, error=" ".join(error.messages)), focus=value)
    draft = draft.edit(value, kind=editing.kind, value=values[0], main=main)
    for more in values[1:]:
        draft = draft.edit("", kind=editing.kind, value=more)
    done = replace(dialog, draft=draft, focus=value)
    if len(values) == 1:
        return done
    text = ngettext("%(count)d number got a row of its own.", "%(count)d numbers got a row each.", len(values))
    return done.saying(text % {"count": len(values)}, level="")


def _values(kind: Kind, editing: Editing) -> list[str]:
    """Each value checked and tidied. Raises ValidationError."""
    if not kind.is_phone:
        return [_short(clean_value(kind.type, editing.value))]
    parts = split_numbers(editing.value) or [editing.value]
    if editing.extension:
        if not (editing.extension.isascii() and editing.extension.isdigit()) or len(editing.extension) > 6:
            raise ValidationError(_("An extension is at most six digits."))
        if len(parts) > 1:
            raise ValidationError(_("One extension belongs to one number: give each number a row of its own."))
        main = split_extension(parts[0])[0].strip()
        parts = [f"{main} доб. {editing.extension}"]
    return [_short(clean_value(kind.type, part)) for part in parts]


def _short(value: str) -> str:
    if len(value) > LONGEST_VALUE:
        raise ValidationError(_("Too long: at most %(count)d characters."), params={"count": LONGEST_VALUE})
    return value


def _kind(draft: Draft, text: str) -> Kind:
    found = next((kind for kind in draft.kinds if str(kind.id) == text), None)
    if found is None:
        raise BadRequestError("no such kind")
    return found


def _delete(dialog: Dialog, value: str, data: Data) -> Dialog:
    return replace(dialog, draft=_draft(dialog).delete(value), focus=value, news=_("The row is deleted by “Done”."))


def _restore(dialog: Dialog, value: str, data: Data) -> Dialog:
    return replace(dialog, draft=_draft(dialog).restore(value), focus=value)


def _main(dialog: Dialog, value: str, data: Data) -> Dialog:
    draft = _draft(dialog).set_main(value)
    return replace(dialog, draft=draft, focus=value, news=_("This is the main one now."))


def _edited(draft: Draft) -> bool:
    """More than the number put somewhere."""
    return bool(replace(draft, put="", keep=False).changes())


def _draft(dialog: Dialog) -> Draft:
    assert dialog.draft is not None  # noqa: S101 - `act` has seen to it
    return dialog.draft


WITHOUT_TABLE: Final = {"choose", "create", "back"}
ACTS: Final[dict[str, Act]] = {
    "choose": _choose,
    "create": _create,
    "back": _back,
    "switch": _switch,
    "put": _put,
    "overwrite": lambda dialog, value, data: _set(dialog, value, keep=False),
    "keep": lambda dialog, value, data: _set(dialog, value, keep=True),
    "edit": _edit,
    "save": _save,
    "delete": _delete,
    "restore": _restore,
    "main_row": _main,
    "change_contact": lambda dialog, value, data: _contact(dialog, data.get("contact", ""), data),
}
