"""«Готово» and «Отменить»: the services are asked, and what came of it is told."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from astpanel.lib.phone_numbers import readable
from crm.models import PendingTransfer
from crm.placing.draft import Draft, RefusedError
from crm.placing.errors import ConflictError, NoUndo, NoUndoError
from crm.placing.rebase import rebase
from crm.placing.services import Asked, Finished, Others, finish
from crm.placing.targets import Target, TargetGoneError
from crm.placing.undoing import undo
from crm.selectors import keys_of
from telephony.customers import place_words
from telephony.customers.place_dialog import Dialog, seen_holders


@dataclass(frozen=True, slots=True)
class Told:
    """For a message on the page. `undo`: the placement that can be taken back."""

    text: str
    ok: bool = True
    detail: str = ""
    undo: int | None = None

    def as_json(self) -> dict[str, Any]:
        """As place-toast.js wants it."""
        return {"text": self.text, "ok": self.ok, "detail": self.detail, "undo": self.undo}


def finish_dialog(dialog: Dialog, data: Mapping[str, str], by: Any) -> Dialog | Told:
    """Told: it is written. A dialog: it is not, and why. Raises BadRequestError, TargetGoneError."""
    target, draft = dialog.target, dialog.draft
    assert target is not None and draft is not None  # noqa: PT018, S101 - the view has seen to it
    if target.person is not None and not target.person.name:
        return dialog.saying(_("Type the name of the new contact person."))
    try:
        finished = finish(
            draft=draft,
            target=target,
            asked=Asked(by, dialog.pbx_id, dialog.call),
            others=Others(seen_holders(data), dialog.move),
        )
    except ConflictError as conflict:
        return _after_conflict(dialog, draft, conflict)
    except RefusedError as error:
        return dialog.saying(place_words.refused(error))
    except ValidationError as error:
        return dialog.saying(_("Not written:"), lines=tuple(error.messages))
    return _told(finished, target, draft)


def _after_conflict(dialog: Dialog, draft: Draft, conflict: ConflictError) -> Dialog:
    """Nothing is lost: the acts of this dialog upon the rows as they are now."""
    told = replace(dialog, draft=rebase(draft, conflict.current), holders=conflict.holders)
    if conflict.differences:
        kinds = {kind.id: kind.name for kind in draft.kinds}
        text = _("Nothing is written yet: somebody has changed this customer's contact information meanwhile.")
        told = told.saying(text, lines=place_words.differences(conflict.differences, kinds))
    if {holder.row_id for holder in conflict.holders} != {holder.row_id for holder in dialog.holders}:
        told = told.saying(_("Nothing is written yet: see below who has this number now."))
    elif not conflict.differences:
        told = told.saying(_("Nothing is written yet: somebody has added this number elsewhere meanwhile, see below."))
    return told


def _told(finished: Finished, target: Target, draft: Draft) -> Told:
    values = {"number": draft.number.value, "who": target.name, "kind": finished.row.kind.name}
    if finished.placement is None:
        return Told(_("%(number)s stands there already: %(who)s, “%(kind)s”.") % values)
    if finished.automatic:
        text = _("%(number)s is added: %(who)s, put into “%(kind)s” automatically.") % values
    else:
        text = _("%(number)s is added: %(who)s, “%(kind)s”.") % values
    return Told(text, detail=_transfer(finished.placement.pk), undo=finished.placement.pk)


def _transfer(placement: int) -> str:
    """What the system that keeps the customers has of it so far."""
    states = set(PendingTransfer.objects.filter(before__placement=placement).values_list("state", flat=True))
    if not states:
        return ""
    if states == {PendingTransfer.State.DONE}:
        return _("Written to 1C.")
    return _("Waits for the transfer to 1C.")


def undo_placement(placement: int, by: Any) -> Told:
    """Taken back, or why not."""
    try:
        undone = undo(placement_id=placement, by=by, now=timezone.now())
    except NoUndoError as error:
        lines = place_words.since(error.since) if error.reason is NoUndo.CHANGED else []
        return Told(str(place_words.NO_UNDO[error.reason]), ok=False, detail="; ".join(lines))
    given = undone.placement.number
    values = {"number": readable(keys_of(given)[0]) or given, "who": undone.placement.owner_name}
    detail = ""
    if undone.left:
        detail = _("%(names)s stays: more has been written there.") % {"names": ", ".join(undone.left)}
    return Told(_("Taken back: %(number)s, %(who)s.") % values, detail=detail)


def gone(dialog: Dialog, error: TargetGoneError) -> Dialog:
    """Back to the choice, with what is known of the customer's end."""
    if error.into is None:
        text = _("This customer has been deleted meanwhile: choose another one.")
    else:
        text = _("This customer has been merged into %(who)s: choose that one.") % {"who": error.into.name}
    query = error.into.counterparty.name if error.into else dialog.query
    return replace(dialog, target=None, draft=None, query=query).saying(text)
