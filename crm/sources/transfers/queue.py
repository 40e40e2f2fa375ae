"""Noting what the source does not have yet, and what people decide about it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from django.db import transaction
from django.db.models import F, QuerySet
from django_q.tasks import async_task

from astpanel.audit_bulk import journal_changes
from crm.models import ContactInfo, ContactInfoKind, ContactPerson, Counterparty, NumberPlacement, PendingTransfer
from crm.sources.transfers.reasons import WRITING

ADD, CHANGE, DELETE, MAIN = "add", "change", "delete", "main"
OWNERS: Final[Mapping[str, type[Counterparty] | type[ContactPerson]]] = {
    "counterparty": Counterparty,
    "person": ContactPerson,
}
TASK: Final = "crm.tasks.transfer_numbers"
State = Mapping[str, Any]  # one row of NumberPlacement.before and .after
Pending = PendingTransfer.State


@transaction.atomic
def enqueue(*, placement: NumberPlacement) -> list[PendingTransfer]:
    """What a finished «Добавить номер» changed of customers that a source keeps; in its transaction."""
    return _enqueue(placement, placement.before, placement.after)


@transaction.atomic
def enqueue_undo(*, placement: NumberPlacement) -> list[PendingTransfer]:
    """After the undo of a placement, in its transaction: what nobody has tried to write is dropped, else reversed."""
    own = PendingTransfer.objects.filter(before__placement=placement.pk)
    for transfer in own.filter(state=Pending.WAITING):
        _drop(transfer)
    dropped = set(own.filter(state=Pending.DROPPED).values_list("before__row", flat=True))
    before = [state for state in placement.after if state["id"] not in dropped]
    after = [state for state in placement.before if state["id"] not in dropped]
    return _enqueue(placement, before, after)


def note(  # noqa: PLR0913 - one keyword per column
    *, customer: Any, row: ContactInfo | None, act: str, value: str, before: Mapping[str, Any], by: Any
) -> PendingTransfer | None:
    """One change of one row, in its transaction. None: the customer is kept here.

    `before`: what the source has in its row: `{"external_key", "kind", "value"}`, empty for a new one.
    """
    if customer.source_id is None or not customer.external_ref:
        return None
    made = PendingTransfer.objects.create(
        source_id=customer.source_id,
        contact_info=None if act == DELETE else row,
        owner_name=str(customer)[:520],
        external_ref=customer.external_ref,
        act=act,
        value=value,
        before=dict(before),
        by=by,
    )
    soon()
    return made


def soon() -> None:
    """A worker looks at what waits once the transaction is committed; the clock does so anyway."""
    transaction.on_commit(lambda: async_task(TASK, group="transfers"), robust=True)


def retry(transfers: Iterable[PendingTransfer]) -> int:
    """Tried again at once → how many."""
    ids = [transfer.pk for transfer in transfers]
    count = _free(ids).update(tried=None, problem="", detail="")
    if count:
        soon()
    return count


def done_by_hand(transfers: Iterable[PendingTransfer]) -> int:
    """«Перенесено вручную»: a person has typed it into the source → how many."""
    return _decide(transfers, Pending.BY_HAND)


def drop(transfers: Iterable[PendingTransfer]) -> int:
    """Will not be written → how many."""
    return _decide(transfers, Pending.DROPPED)


@transaction.atomic
def _decide(transfers: Iterable[PendingTransfer], state: PendingTransfer.State) -> int:
    """Journalled: afterwards the portal and the source say different things, or the same because somebody typed it."""
    rows = list(_free([transfer.pk for transfer in transfers]).select_for_update())
    _free([row.pk for row in rows]).update(state=state, problem="", detail="")
    journal_changes(changes=[(row, {"state": (row.state, state.value)}) for row in rows])
    return len(rows)


def _free(ids: Sequence[int]) -> QuerySet[PendingTransfer]:
    """Waiting, and no worker is writing them just now."""
    return PendingTransfer.objects.filter(pk__in=ids, state=Pending.WAITING).exclude(problem=WRITING)


def _drop(transfer: PendingTransfer) -> None:
    """If nobody has tried it: an attempt that failed may have been written all the same, and is reversed behind it."""
    untried = PendingTransfer.objects.filter(pk=transfer.pk, state=Pending.WAITING, attempts=0)
    untried.update(state=Pending.DROPPED, attempts=F("attempts") + 1)


def _enqueue(placement: NumberPlacement, before: Sequence[State], after: Sequence[State]) -> list[PendingTransfer]:
    were, are = {state["id"]: state for state in before}, {state["id"]: state for state in after}
    customers = _customers([*before, *after])
    made = []
    for pk in sorted(were.keys() | are.keys(), key=lambda pk: _order(were.get(pk), are.get(pk))):
        was, now = were.get(pk), are.get(pk)
        state = now or was
        assert state is not None  # noqa: S101 - pk is a key of one of the two
        customer = customers.get((state["owner"], state["owner_id"]))
        act = _act(was, now)
        if customer is None or act is None:
            continue
        told = {
            **_side(was),
            "owner": state["owner"],
            "row": pk,
            "placement": placement.pk,
            "is_main": state["is_main"],
        }
        row = ContactInfo(pk=pk) if now is not None else None
        transfer = note(customer=customer, row=row, act=act, value=state["value"], before=told, by=placement.by)
        made += [transfer] if transfer is not None else []
    return made


def _order(was: State | None, now: State | None) -> tuple[int, int]:
    """Deletions first: what is moved leaves its old place before it has a new one."""
    return (0 if now is None else 1 if was is not None else 2), (now or was or {})["id"]


def _act(was: State | None, now: State | None) -> str | None:
    if was is None:
        return ADD
    if now is None:
        return DELETE
    if (was["kind"], was["value"]) != (now["kind"], now["value"]):
        return CHANGE
    return MAIN if now["is_main"] and not was["is_main"] else None


def _side(was: State | None) -> dict[str, Any]:
    """What the source has in its row."""
    if was is None:
        return {}
    kind = ContactInfoKind.objects.filter(pk=was["kind"]).values_list("name", flat=True).first()
    return {"external_key": was["external_key"], "kind": kind or "", "value": was["value"]}


def _customers(states: Iterable[State]) -> dict[tuple[str, int], Any]:
    found: dict[tuple[str, int], Any] = {}
    wanted = {(state["owner"], state["owner_id"]) for state in states}
    for owner, model in OWNERS.items():
        ids = [pk for kind, pk in wanted if kind == owner]
        found |= {(owner, row.pk): row for row in model._default_manager.filter(pk__in=ids)}
    return found
