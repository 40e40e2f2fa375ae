"""Doing a merge: one transaction, exactly what was looked at, told by a record."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from astpanel.audit_bulk import journal_changes
from crm.merging.following import follow
from crm.merging.plan import Choice, Plan, Side, make_plan
from crm.merging.record import told
from crm.merging.selectors import OWNER, sides_of
from crm.models import ContactInfo, ContactPerson, Counterparty, MergeRecord, NumberPlacement


class ChangedError(Exception):
    """Something has changed since the preview: nothing is merged. Look at the new preview."""


@transaction.atomic
def merge(*, model: type[Any], ids: Sequence[int], choice: Choice, fingerprint: str, by: Any) -> MergeRecord:
    """Merges customers (`model`: Counterparty or ContactPerson). Raises RefusedError, ChangedError.

    `fingerprint`: of the plan that was shown. Rows are locked in the order of their ids, first the customers: of two
    merges of the same customers at once (A into B, B into A) the second waits, and finds that its plan has changed.
    Customers merged earlier into one of these lead on over it (`survivors_of`): a merge touches no row that it has not
    locked, or rings of merges could wait for each other.
    """
    rows = {row.pk: row for row in model.objects.select_for_update().filter(pk__in=ids).order_by("pk")}
    if len(rows) != len(set(ids)) or any(row.merged_into_id is not None for row in rows.values()):
        raise ChangedError
    if model is Counterparty:
        _lock(ContactPerson, "counterparty", ids)
    _lock(ContactInfo, OWNER[model], ids)
    sides = sides_of(model, ids)
    plan = make_plan(sides, choice)
    if plan.fingerprint != fingerprint:
        raise ChangedError
    record = _record(model, sides, plan, by)
    _move(model, plan)
    _close(model, plan, rows)
    return record


def _lock(model: type[Any], owner: str, ids: Sequence[int]) -> None:
    rows = model.objects.select_for_update().filter(**{f"{owner}__in": ids})
    list(rows.order_by("pk").values_list("pk", flat=True))


def _record(model: type[Any], sides: Sequence[Side], plan: Plan, by: Any) -> MergeRecord:
    kept = next(side for side in sides if side.id == plan.survivor)
    survivor = kept.id if model is Counterparty else kept.owner
    details = told(OWNER[model], sides, plan)
    if model is Counterparty and (apart := follow(survivor=plan.survivor, merged=plan.merged)):
        details["told_apart"] = apart
    return MergeRecord.objects.create(survivor_id=survivor, survivor_name=plan.name, moved=details, by=by)


def _move(model: type[Any], plan: Plan) -> None:
    owner = OWNER[model]
    values = ContactInfo.objects.order_by()
    values.filter(pk__in=plan.main_no_more).update(is_main=False)
    values.filter(pk__in=plan.dropped).delete()
    _journal(ContactInfo, plan.moved, owner, plan)
    values.filter(pk__in=plan.moved).update(**{f"{owner}_id": plan.survivor})
    values.filter(pk__in=plan.main_from_now).update(is_main=True)
    _journal(ContactPerson, plan.persons, "counterparty", plan)
    ContactPerson.objects.filter(pk__in=plan.persons).update(counterparty_id=plan.survivor)
    NumberPlacement.objects.filter(pk__in=plan.placements).update(**{f"{owner}_id": plan.survivor})


def _journal(model: type[Any], ids: Sequence[int], field: str, plan: Plan) -> None:
    """What is moved past save() stands in the journal of changes too."""
    rows = model.objects.filter(pk__in=ids).select_related(field)
    journal_changes(changes=[(row, {field: (str(getattr(row, field)), plan.name)}) for row in rows])


def _close(model: type[Any], plan: Plan, rows: dict[int, Any]) -> None:
    for pk in plan.merged:
        rows[pk].archived, rows[pk].merged_into_id = True, plan.survivor
        rows[pk].save(update_fields=["archived", "merged_into"])
    kept = rows[plan.survivor]
    wanted: dict[str, Any] = {
        "name": plan.name,
        "archived": plan.archived,
        "position": plan.position,
        "note": plan.note,
    }
    wanted["manager_id"] = plan.manager
    own = {field.attname for field in model._meta.concrete_fields}
    changed = [name for name, value in wanted.items() if name in own and getattr(kept, name) != value]
    for name in changed:
        setattr(kept, name, wanted[name])
    if changed:
        kept.save(update_fields=[name.removesuffix("_id") for name in changed])
