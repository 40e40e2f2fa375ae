"""«Готово»: what the draft says is written, in one transaction, unless somebody has changed it meanwhile."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any, Final

from django.db import transaction

from crm.models import ContactInfo, ContactPerson, Counterparty, NumberPlacement
from crm.placing.automatic import place_automatically
from crm.placing.draft import Draft
from crm.placing.errors import ConflictError
from crm.placing.locks import Customer, Key, lock_customers, lock_number
from crm.placing.rebase import differences
from crm.placing.rows import Row
from crm.placing.states import RowState, states_of
from crm.placing.targets import Holder, Party, Target, TargetGoneError, holders_of, rows_of, rows_with, stored
from crm.placing.writing import take_away, write
from crm.sources.transfers import enqueue


@dataclass(frozen=True, slots=True)
class Finished:
    """`placement` is None when everything was there already. `row`: where the number stands now."""

    placement: NumberPlacement | None
    row: Row
    automatic: bool


@dataclass(frozen=True, slots=True)
class Others:
    """Who else has the number: rows the person has been shown (`Holder.row_id`), and whether it is moved from there."""

    seen: Collection[int] = ()
    move: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """Who does it, on which PBX, after which call (its linkedid, if any)."""

    by: Any
    pbx_id: int | None = None
    linkedid: str = ""


NO_OTHERS: Final = Others()


@transaction.atomic
def finish(*, draft: Draft, target: Target, asked: Asked, others: Others = NO_OTHERS) -> Finished:
    """Puts the number where the draft says, by itself where it says nothing.

    Raises ConflictError, TargetGoneError, RefusedError, ValidationError; then nothing is written.
    """
    lock_number(draft.number.e164)
    holders = holders_of(draft.number, but=target, pbx_id=asked.pbx_id)
    concerned = [holder for holder in holders if others.move and holder.movable]
    locked = _lock(target, concerned)
    _see_that_nothing_changed(draft, target, holders, others)
    placed = place_automatically(draft)
    where = placed.place
    assert where is not None  # noqa: S101 - place_automatically has just put it somewhere
    if not placed.changes() and not concerned:
        return Finished(None, where, automatic=False)
    before = _states(target, concerned)
    owner, target, created = _customer(target, locked)
    write(placed.changes(), target.owner, owner)
    take_away(_theirs(placed, concerned))
    placement = NumberPlacement.objects.create(
        number=draft.number.given,
        counterparty_id=target.counterparty.id,
        person_id=target.person.id if target.person else None,
        owner_name=target.name[:520],
        linkedid=asked.linkedid,
        before=before,
        after=_states(target, concerned),
        created=created,
        by=asked.by,
    )
    enqueue(placement=placement)
    return Finished(placement, where, automatic=draft.place is None)


def _lock(target: Target, concerned: list[Holder]) -> dict[Key, Customer]:
    wanted: set[Key] = {(holder.kind, holder.id) for holder in concerned}
    if target.counterparty.id is not None:
        wanted.add(("counterparty", target.counterparty.id))
    if target.person is not None and target.person.id is not None:
        wanted.add(("person", target.person.id))
    locked = lock_customers(wanted)
    if wanted - set(locked):
        raise TargetGoneError
    return locked


def _see_that_nothing_changed(draft: Draft, target: Target, holders: list[Holder], others: Others) -> None:
    rows = rows_of(target.owner, target.id).select_for_update() if target.id is not None else ()
    current = stored(rows)
    found = differences(draft, current)
    if found or {holder.row_id for holder in holders} != set(others.seen):
        raise ConflictError(current=current, found=found, holders=holders)


def _customer(target: Target, locked: dict[Key, Customer]) -> tuple[Customer, Target, dict[str, int]]:
    """The owner's row; what does not exist yet is made now."""
    created: dict[str, int] = {}
    company: Customer
    if target.counterparty.id is None:
        company = Counterparty(name=target.counterparty.name, kind=target.counterparty.kind)
        _make(company)
        created["counterparty"] = company.pk
    else:
        company = locked["counterparty", target.counterparty.id]
    target = replace(target, counterparty=Party(company.pk, company.name))
    if target.person is None:
        return company, target, created
    if target.person.id is not None:
        return locked["person", target.person.id], target, created
    person = ContactPerson(counterparty_id=company.pk, name=target.person.name)
    _make(person)
    return person, replace(target, person=Party(person.pk, person.name)), {**created, "person": person.pk}


def _make(customer: Customer) -> None:
    customer.full_clean()
    customer.save()


def _theirs(draft: Draft, concerned: list[Holder]) -> list[ContactInfo]:
    return [row for holder in concerned for row in rows_with(draft.number, rows_of(holder.kind, holder.id))]


def _states(target: Target, concerned: list[Holder]) -> list[RowState]:
    owners = [(holder.kind, holder.id) for holder in concerned]
    if target.id is not None:
        owners.append((target.owner, target.id))
    return states_of(row for owner, pk in owners for row in rows_of(owner, pk))
