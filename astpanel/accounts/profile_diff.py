"""What handing out settings changes, and what taking them back may restore. Pure: values in, values out.

Settings are a mapping of field name → value as JSON knows it (a related row is its id). Secrets are no settings: a
profile has none.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

Value = bool | int | str | None
Values = Mapping[str, Value]

COUPLED: Final = (("timeout_number", "timeout_kind"),)  # a call has one last resort: valid together only


@dataclass(frozen=True, slots=True)
class Change:
    """One field that would be another."""

    field: str
    old: Value
    new: Value


@dataclass(frozen=True, slots=True)
class Restoration:
    """What an undo sets, and the fields it leaves alone because somebody has changed them since."""

    values: dict[str, Value]
    kept: tuple[str, ...]


def diff(now: Values, wanted: Values) -> tuple[Change, ...]:
    """The fields of `wanted` that are another in `now`, in the order of `wanted`."""
    return tuple(Change(field, now[field], value) for field, value in wanted.items() if now[field] != value)


def restoration(*, before: Values, given: Values, now: Values) -> Restoration:
    """The undo of one user: `before` and `given` are what the assignment found and handed out, `now` is what is there.

    Only what the assignment changed is taken back, field by field. A field that is no longer as it was given was
    changed by somebody since: it is kept, together with the fields that are valid with it only.
    """
    changed = [change.field for change in diff(before, given)]
    touched = {field for field in changed if now[field] != given[field]}
    for fields in COUPLED:
        if any(field in given and now[field] != given[field] for field in fields):
            touched.update(field for field in fields if field in changed)
    values = {field: before[field] for field in changed if field not in touched}
    kept = tuple(field for field in changed if field in touched and now[field] != before[field])
    return Restoration(values, kept)
