"""The dialog «Добавить номер» between two steps: everything it knows comes with each request, nothing is kept here."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from crm.models import Counterparty
from crm.placing.draft import Draft
from crm.placing.numbers import LONGEST, Number, Unplaceable, why_not_placeable
from crm.placing.posted import BadDraftError, from_text
from crm.placing.targets import (
    Holder,
    Party,
    Target,
    TargetGoneError,
    holders_of,
    new_draft,
    target_of,
    the_number,
)
from crm.selectors import number_rules

LONGEST_NAME: Final = 255
LONGEST_CALL: Final = 150
NEW: Final = "new"  # of «Контакт»: a person who is made by «Готово»


@dataclass(frozen=True, slots=True)
class Editing:
    """The full dialog of one row, as it was typed. `key`: empty for a row more. `error`: in words."""

    key: str
    kind: int
    value: str = ""
    extension: str = ""
    main: bool = False
    locked_main: bool = False  # it is the main one: another one becomes that, not this one less
    error: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to be said above the table. `lines`: one by one, below the text."""

    text: str
    level: str = "warn"
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Dialog:
    """One moment of the dialog. Without a target somebody is still to be chosen."""

    number: Number
    call: str = ""
    pbx_id: int | None = None
    target: Target | None = None
    draft: Draft | None = None
    holders: tuple[Holder, ...] = ()
    move: bool = False
    query: str = ""
    notices: tuple[Notice, ...] = ()
    editing: Editing | None = None
    overwrite: str = ""  # key of the row that is asked about
    switch: str | None = None  # the contact that was chosen while the table has changes
    leaving: bool = False  # another customer is asked for while the table has changes
    focus: str = ""  # key of the row that was acted upon
    news: str = field(default="", compare=False)  # said to a screen reader

    @property
    def touched(self) -> bool:
        """Closing asks first."""
        if self.target is None or self.draft is None:
            return False
        return self.draft.touched or self.target.id is None or self.target.counterparty.id is None

    def saying(self, text: str, *, level: str = "warn", lines: tuple[str, ...] = ()) -> "Dialog":
        """With a notice more."""
        return replace(self, notices=(*self.notices, Notice(text, level, lines)))


class BadRequestError(ValueError):
    """Nothing that our pages send."""


def refusal_of(given: str) -> Unplaceable:
    """Why this number cannot be added to anybody."""
    return Unplaceable.MALFORMED if len(given) > LONGEST else why_not_placeable(given, number_rules())


def begin(given: str, call: str, pbx_id: int | None) -> Dialog:
    """The number and who has it already."""
    number = the_number(given)
    return Dialog(number, call[:LONGEST_CALL], pbx_id, holders=tuple(holders_of(number, pbx_id=pbx_id)))


def with_target(dialog: Dialog, target: Target) -> Dialog:
    """The table of this customer, just opened."""
    holders = holders_of(dialog.number, but=target, pbx_id=dialog.pbx_id)
    return replace(dialog, target=target, draft=new_draft(dialog.number, target), holders=tuple(holders))


def posted(given: str, data: Mapping[str, str], pbx_id: int | None) -> Dialog:
    """What the page posts. Raises BadRequestError; TargetGoneError when the customer has gone meanwhile."""
    dialog = Dialog(
        the_number(given),
        data.get("call", "")[:LONGEST_CALL],
        pbx_id,
        move=data.get("others") == "move",
        query=data.get("q", "")[:LONGEST_NAME],
    )
    if "draft" not in data:
        return dialog
    target = _target(data)
    try:
        draft = from_text(data["draft"], new_draft(dialog.number, target, with_rows=False))
    except BadDraftError as error:
        raise BadRequestError(str(error)) from None
    holders = holders_of(dialog.number, but=target, pbx_id=pbx_id)
    return replace(dialog, target=target, draft=draft, holders=tuple(holders))


def seen_holders(data: Mapping[str, str]) -> list[int]:
    """Rows of those who have the number, as the page showed them. Raises BadRequestError."""
    return [_id(part) for part in data.get("seen", "").split(",") if part]


def chosen(text: str) -> Target:
    """`counterparty/5`. Raises BadRequestError, TargetGoneError."""
    kind, _, pk = text.partition("/")
    if kind not in {"counterparty", "person"}:
        raise BadRequestError("no such kind of customer")
    return target_of(kind, _id(pk))


def new_counterparty(kind: str, name: str) -> Target:
    """Made by «Готово». Raises BadRequestError."""
    if kind not in Counterparty.Kind.values:
        raise BadRequestError("no such kind of counterparty")
    return Target(Party(None, _name(name), kind))


def with_contact(target: Target, contact: str) -> Target:
    """«Контакт»: empty, a person's id, or `new`. Raises BadRequestError, TargetGoneError."""
    if not contact:
        return replace(target, person=None)
    if contact == NEW:
        return replace(target, person=Party(None, ""))
    person = target_of("person", _id(contact))
    if person.counterparty.id != target.counterparty.id:
        raise TargetGoneError(person)
    return person


def _target(data: Mapping[str, str]) -> Target:
    if data.get("company"):
        target = target_of("counterparty", _id(data["company"]))
    else:
        target = new_counterparty(data.get("company_kind", ""), data.get("company_name", ""))
    target = with_contact(target, data.get("person", ""))
    if target.person is not None and target.person.id is None:
        target = replace(target, person=Party(None, _name(data.get("person_name", ""))))
    return target


def _id(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise BadRequestError("no id")
    return int(text)


def _name(text: str) -> str:
    name = " ".join(text.split())
    if len(name) > LONGEST_NAME or not name.isprintable():
        raise BadRequestError("no name")
    return name
