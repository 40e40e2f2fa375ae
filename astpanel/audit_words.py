"""Entries of the audit in words: which field, what it was, what it became."""

from collections.abc import Iterator
from typing import Any, Final

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Field, Model
from django.utils.translation import gettext as _

MASKED: Final = "•" * 8  # a secret changed: its value is not kept
NOTHING: Final = {"None", ""}
LONGEST: Final = 500  # characters of a value that a page shows


def label_of(model: type[Model] | None, name: str) -> str:
    """The field as forms call it; a field that is no more keeps its name."""
    field = _field(model, name)
    return str(getattr(field, "verbose_name", name))


def fields_of(entry: Any) -> str:
    """The changed fields with commas between, for a list."""
    model = entry.content_type.model_class()
    return ", ".join(label_of(model, name) for name in entry.changes_dict)


def changes_of(entry: Any) -> Iterator[tuple[str, str, str]]:
    """(field, before, after) of each change; of a list of related rows what was added and what was taken."""
    model = entry.content_type.model_class()
    for name, change in entry.changes_dict.items():
        label = label_of(model, name)
        if isinstance(change, dict):
            names = ", ".join(map(str, change.get("objects", ())))
            added = change.get("operation") == "add"
            yield (
                label,
                _("taken: %(names)s") % {"names": names} if not added else "",
                (_("added: %(names)s") % {"names": names} if added else ""),
            )
        else:
            before, after = (value_of(_field(model, name), value) for value in change)
            if before != after or before == MASKED:  # a new row's empty fields say nothing
                yield label, before, after


def value_of(field: Any, value: Any) -> str:
    """One value as people read it. A related row by its name if it is still there."""
    text = str(value)
    if text in NOTHING:
        return "—"
    if text in {"True", "False"}:
        return _("yes") if text == "True" else _("no")
    if field is not None and field.is_relation and text.isdecimal():
        row = field.related_model._default_manager.filter(pk=int(text)).first()
        return str(row) if row is not None else _("no. %(id)s, deleted since") % {"id": text}
    if choices := dict(getattr(field, "flatchoices", ()) or ()):
        return str(choices.get(text, text))
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _field(model: type[Model] | None, name: str) -> "Field[Any, Any] | None":
    if model is None:
        return None
    try:
        found = model._meta.get_field(name)
    except FieldDoesNotExist:
        return None
    return found if isinstance(found, Field) else None
