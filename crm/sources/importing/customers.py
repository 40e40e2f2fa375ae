"""A chunk of customers of the source into Counterparty, with their numbers."""

from collections.abc import Iterable, Mapping

from django.utils import timezone

from crm.models import Counterparty, SourceRow, SourceUser
from crm.sources.importing.merged import leading_to, survivors
from crm.sources.importing.numbers import Context, Owner, apply_numbers
from crm.sources.importing.outcomes import Outcomes
from crm.sources.importing.rows import Role, by_owner, present_of

FIELDS = ("name", "kind", "manager", "archived", "note", "changed")
BATCH = 200


def apply_customers(rows: list[SourceRow], context: Context, outcomes: Outcomes) -> None:
    """Call in a transaction. The rows are not dirty afterwards; those of new customers' persons are."""
    refs = [row.external_ref for row in rows]
    known = {one.external_ref: one for one in _counterparties(context.source_id, refs)}
    managers = dict(SourceUser.objects.filter(source=context.source_id).values_list("external_ref", "user_id"))
    created, changed, noted = [], [], []
    for row in rows:
        if row.gone:
            if (one := _archive(row, known.get(row.external_ref), context, outcomes)) is not None:
                changed.append(one)
            continue
        if not row.data.get("name"):
            _refuse(row, outcomes)
            continue
        present = known.get(row.external_ref)
        one = present or Counterparty(source_id=context.source_id, external_ref=row.external_ref)
        if one.merged_into_id is not None:
            outcomes.add("customers", "same")
            continue
        if _fill(one, row, context, managers):
            noted.append(row)
        if present is None:
            created.append(one)
            known[row.external_ref] = one
            outcomes.add("customers", "created")
        elif _differs(one):
            one.changed = timezone.now()
            changed.append(one)
            outcomes.add("customers", "changed")
        else:
            outcomes.add("customers", "same")
    _write(created, changed, noted, context)
    _apply_numbers(rows, known, context, outcomes)
    SourceRow.objects.filter(pk__in=[row.pk for row in rows]).update(dirty=False)


def _counterparties(source_id: int, refs: list[str]) -> Iterable[Counterparty]:
    for one in Counterparty.objects.filter(source=source_id, external_ref__in=refs):
        one.__dict__["as_read"] = _values(one)
        yield one


def _values(one: Counterparty) -> tuple[object, ...]:
    return (one.name, one.kind, one.manager_id, one.archived, one.note)


def _differs(one: Counterparty) -> bool:
    return bool(one.__dict__["as_read"] != _values(one))


def _fill(one: Counterparty, row: SourceRow, context: Context, managers: Mapping[str, int | None]) -> bool:
    """True: a remark of the source was taken over or left, `row.note` says which it was."""
    one.name, one.archived = row.data["name"], False
    if context.tells_persons:
        one.kind = Counterparty.Kind.PERSON if row.data.get("person") else Counterparty.Kind.COMPANY
    if context.keeps_managers:
        one.manager_id = managers.get(row.manager)
    theirs = str(row.data.get("note", ""))
    if theirs == row.note:
        return False
    if one.note == row.note:  # nobody has written here since
        one.note = theirs
    row.note = theirs
    return True


def _archive(row: SourceRow, one: Counterparty | None, context: Context, outcomes: Outcomes) -> Counterparty | None:
    if one is None or one.archived or one.merged_into_id is not None:
        return None
    if "customers" in context.held:
        outcomes.add("customers", "held")
        return None
    one.archived, one.changed = True, timezone.now()
    outcomes.add("customers", "gone")
    return one


def _refuse(row: SourceRow, outcomes: Outcomes) -> None:
    outcomes.refuse("customers", entity=row.entity, ref=row.external_ref, name="", value="", reason="no_name")


def _write(created: list[Counterparty], changed: list[Counterparty], noted: list[SourceRow], context: Context) -> None:
    if created:
        Counterparty.objects.bulk_create(created)
        refs = [one.external_ref for one in created]
        persons = SourceRow.objects.filter(source=context.source_id, role=Role.PERSON, owner__in=refs)
        persons.filter(dirty=False).update(dirty=True)
    if changed:
        Counterparty.objects.bulk_update(changed, FIELDS, batch_size=BATCH)
    if noted:
        SourceRow.objects.bulk_update(noted, ["note"], batch_size=BATCH)


def _apply_numbers(
    rows: list[SourceRow], known: Mapping[str, Counterparty], context: Context, outcomes: Outcomes
) -> None:
    """Whoever was merged into another has its numbers there: each owner is compared with all that leads to it."""
    ends = survivors(known[row.external_ref] for row in rows if not row.gone and row.external_ref in known)
    merged = leading_to(Counterparty, {end.pk for end in ends.values()}, context.source_id)
    refs = {ref for found in merged.values() for ref in found}
    own = {row.external_ref: row for row in present_of(context.source_id, Role.CUSTOMER, refs=refs)}
    legal = by_owner(present_of(context.source_id, Role.LEGAL, owners=refs))
    objects = [*refs, *(one.external_ref for found in legal.values() for one in found)]
    numbers = by_owner(present_of(context.source_id, Role.NUMBER, owners=objects))
    owners = {end.pk: Owner(end.pk, end.name) for end in ends.values()}
    for owner in owners.values():
        for ref in merged[owner.id]:
            for row in (*([own[ref]] if ref in own else []), *legal.get(ref, [])):
                owner.refs.add(row.external_ref)
                owner.rows += [row, *numbers.get(row.external_ref, [])]
    apply_numbers("counterparty", owners.values(), context, outcomes)
