"""«Отменить»: a placement is taken back by who made it, for ten minutes, if nobody has touched the rows since."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import Max

from crm.models import ContactInfo, ContactInfoKind, ContactPerson, Counterparty, NumberPlacement
from crm.placing.errors import NoUndo, NoUndoError, Since
from crm.placing.locks import lock_customers, lock_number
from crm.placing.since import last_acts
from crm.placing.states import RowState, row_of, state_of
from crm.placing.targets import the_number
from crm.sources.transfers import enqueue_undo

UNDO_FOR: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Undone:
    """What was taken back. `left`: a customer made with it that stays, since more is written there now."""

    placement: NumberPlacement
    left: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Plan:
    """Rows by id: what the placement made of them, and what they were. None: no such row."""

    before: dict[int, RowState]
    after: dict[int, RowState]

    @property
    def ids(self) -> list[int]:
        """Rows that the placement has written."""
        return sorted(pk for pk in self.before.keys() | self.after.keys() if self.before.get(pk) != self.after.get(pk))


def why_not_undo(placement: NumberPlacement, *, by: Any, now: datetime) -> NoUndo | None:
    """None: may be tried."""
    if placement.by_id is None or placement.by_id != by.pk:
        return NoUndo.NOT_YOURS
    if placement.undone is not None:
        return NoUndo.DONE_ALREADY
    return NoUndo.TOO_LATE if now - placement.at > UNDO_FOR else None


@transaction.atomic
def undo(*, placement_id: int, by: Any, now: datetime) -> Undone:
    """The rows are again what they were, with their ids. Raises NoUndoError; then nothing is written."""
    placement = NumberPlacement.objects.select_for_update().filter(pk=placement_id).first()
    if placement is None:
        raise NoUndoError(NoUndo.NOT_YOURS)
    if (reason := why_not_undo(placement, by=by, now=now)) is not None:
        raise NoUndoError(reason)
    plan = _Plan({s["id"]: s for s in placement.before}, {s["id"]: s for s in placement.after})
    lock_number(the_number(placement.number).e164)
    owners = {(state["owner"], state["owner_id"]) for state in [*placement.before, *placement.after]}
    locked = lock_customers(owners)
    current = _current(plan)
    plan = _with_keys_of_source(plan, current)
    _see_that_nothing_changed(placement, plan, current)
    if owners - set(locked):
        raise NoUndoError(NoUndo.CHANGED)
    _restore(plan, current)
    placement.undone, placement.undone_by = now, by
    placement.after = [plan.after[state["id"]] for state in placement.after]
    placement.save(update_fields=["undone", "undone_by", "after"])
    enqueue_undo(placement=placement)
    return Undone(placement, _take_back_customers(placement))


def _current(plan: _Plan) -> dict[int, ContactInfo]:
    rows = ContactInfo.objects.select_for_update(of=("self",)).filter(pk__in=plan.ids).order_by("id")
    return {row.pk: row for row in rows}


def _with_keys_of_source(plan: _Plan, current: dict[int, ContactInfo]) -> _Plan:
    """What the source has called a row since is no change of the row."""
    keys = {pk: row.external_key for pk, row in current.items()}

    def known(states: dict[int, RowState]) -> dict[int, RowState]:
        return {pk: {**state, "external_key": keys.get(pk, state["external_key"])} for pk, state in states.items()}

    return _Plan(known(plan.before), known(plan.after))


def _see_that_nothing_changed(placement: NumberPlacement, plan: _Plan, current: dict[int, ContactInfo]) -> None:
    changed = [pk for pk in plan.ids if (state_of(current[pk]) if pk in current else None) != plan.after.get(pk)]
    changed += _would_lose_main(plan)
    kinds = {state["kind"] for state in plan.before.values()}
    if not changed and ContactInfoKind.objects.filter(pk__in=kinds).count() == len(kinds):
        return
    now = ContactInfo.objects.in_bulk(changed)
    acts = last_acts(ContactInfo, changed, after=placement.at)
    raise NoUndoError(
        NoUndo.CHANGED,
        [
            Since(
                pk,
                left=plan.after[pk]["value"] if pk in plan.after else None,
                now=now[pk].value if pk in now else None,
                by=acts[pk].by if pk in acts else "",
                at=acts[pk].at if pk in acts else None,
            )
            for pk in changed
        ],
    )


def _would_lose_main(plan: _Plan) -> list[int]:
    """Rows that somebody has made the main ones since, where the placement had left none."""
    found: list[int] = []
    for pk in plan.ids:
        state = plan.before.get(pk)
        if state is not None and state["is_main"]:
            type_ = ContactInfoKind.objects.filter(pk=state["kind"]).values_list("type", flat=True).first()
            mains = ContactInfo.objects.filter(**{f"{state['owner']}_id": state["owner_id"]}, type=type_, is_main=True)
            found += mains.exclude(pk__in=plan.ids).values_list("pk", flat=True)
    return found


def _restore(plan: _Plan, current: dict[int, ContactInfo]) -> None:
    """Main rows last: there is never a second one."""
    for pk in plan.ids:
        if pk not in plan.before:
            current[pk].delete()
    states = [plan.before[pk] for pk in plan.ids if pk in plan.before]
    for state in sorted(states, key=lambda state: state["is_main"]):
        row_of(state).save()


def _take_back_customers(placement: NumberPlacement) -> tuple[str, ...]:
    """Customers made with the placement go again, unless somebody has written more about them."""
    left: list[str] = []
    for model, key in ((ContactPerson, "person"), (Counterparty, "counterparty")):
        row = model._default_manager.filter(pk=placement.created.get(key)).first()
        if row is None:
            continue
        if _is_bare(row, placement):
            row.delete()
        else:
            left.append(str(row))
    return tuple(left)


def _is_bare(row: Counterparty | ContactPerson, placement: NumberPlacement) -> bool:
    if ContactInfo.objects.filter(**{_field(row): row}).exists():
        return False
    if isinstance(row, Counterparty) and (row.contact_persons.exists() or row.merged.exists()):
        return False
    newest = NumberPlacement.objects.filter(**{_field(row): row}).aggregate(newest=Max("id"))["newest"]
    return row.changed <= placement.at and newest in (None, placement.pk)


def _field(row: Counterparty | ContactPerson) -> str:
    return "person" if isinstance(row, ContactPerson) else "counterparty"
