"""What the dialog «Добавить номер» says."""

from collections.abc import Iterable
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.matching import Reason
from crm.models import ContactInfo
from crm.placing.draft import Refusal, RefusedError
from crm.placing.errors import NoUndo, Since
from crm.placing.numbers import Unplaceable
from crm.placing.rebase import Difference
from crm.placing.since import Act, last_acts

UNPLACEABLE: Final = {
    Unplaceable.HIDDEN: gettext_lazy("The caller has withheld the number: there is nothing to add."),
    Unplaceable.INTERNAL: gettext_lazy(
        "This is an internal number: colleagues' numbers are kept by an administrator under “Panel users”."
    ),
    Unplaceable.SERVICE: gettext_lazy("This is a service number or a feature code, not somebody's phone."),
    Unplaceable.MALFORMED: gettext_lazy("This is no phone number: nobody could be called by it."),
}
REFUSED: Final = {
    Refusal.GONE: gettext_lazy("This row is not in the table any more."),
    Refusal.NOT_PHONE: gettext_lazy("A phone number goes into a row of a phone kind."),
    Refusal.EMPTY: gettext_lazy("An empty row cannot be the main one."),
}
REASONS: Final = {
    Reason.INTERNAL: gettext_lazy("internal number"),
    Reason.EXACT: gettext_lazy("the same number"),
    Reason.LAST10: gettext_lazy("the last ten digits are the same"),
    Reason.LINE: gettext_lazy("a line of the company: an extension is behind it"),
}
NO_UNDO: Final = {
    NoUndo.NOT_YOURS: gettext_lazy("Only who has added the number can take it back."),
    NoUndo.TOO_LATE: gettext_lazy("Ten minutes have passed: correct it in the customer's card."),
    NoUndo.DONE_ALREADY: gettext_lazy("It is taken back already."),
    NoUndo.CHANGED: gettext_lazy("Not taken back: this has been changed since."),
}


def refused(error: RefusedError) -> str:
    """An act on a row that cannot be done."""
    if error.reason is Refusal.ALREADY and error.row is not None:
        text = _(
            "The number stands in the row “%(kind)s” already (%(value)s). Delete that row first to have it elsewhere."
        )
        return text % {"kind": error.row.kind.name, "value": error.row.value}
    return str(REFUSED[error.reason])


def differences(found: Iterable[Difference], kinds: dict[int, str]) -> tuple[str, ...]:
    """Each row that somebody else has changed while the dialog was open, and what this dialog has for it."""
    found = list(found)
    acts = last_acts(ContactInfo, [one.row_id for one in found])
    return tuple(_difference(one, kinds, acts.get(one.row_id)) for one in found)


def _difference(one: Difference, kinds: dict[int, str], act: Act | None) -> str:
    row = one.now or one.before
    kind = kinds.get(row.kind, "") if row is not None else ""
    values = {"kind": kind, "before": one.before.value if one.before else "", "now": one.now.value if one.now else ""}
    if one.before is None:
        text = _("%(kind)s: %(now)s was added") % values
    elif one.now is None:
        text = _("%(kind)s: %(before)s was deleted") % values
    elif (one.before.value, one.before.kind) == (one.now.value, one.now.kind):
        main = _("%(kind)s: %(now)s is the main one now"), _("%(kind)s: %(now)s is not the main one any more")
        text = main[0 if one.now.is_main else 1] % values
    else:
        text = _("%(kind)s: %(now)s instead of %(before)s") % values
    text += who(act.by, act) if act is not None else ""
    if one.mine:
        text += ". " + _("You have written: %(value)s.") % {"value": one.mine}
    elif one.mine is not None:
        text += ". " + _("You have deleted it.")
    return text


def who(by: str, act: Act) -> str:
    """` (Petrova O., 12:31)`."""
    at = timezone.localtime(act.at).strftime("%H:%M")
    return f" ({by}, {at})" if by else f" ({at})"


def since(found: Iterable[Since]) -> list[str]:
    """Why a placement is not taken back, row by row."""
    lines = []
    for one in found:
        if one.now is None:
            text = _("%(left)s was deleted") % {"left": one.left}
        elif one.left in (None, one.now):
            text = _("%(now)s was changed") % {"now": one.now}
        else:
            text = _("%(now)s instead of %(left)s") % {"now": one.now, "left": one.left}
        lines.append(text + (who(one.by, Act(one.by, one.at)) if one.at is not None else ""))
    return lines
