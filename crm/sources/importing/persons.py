"""A chunk of contact persons of the source into ContactPerson, with their numbers."""

from collections.abc import Mapping

from django.utils import timezone

from crm.models import ContactPerson, Counterparty, SourceRow
from crm.sources.importing.merged import leading_to, survivors
from crm.sources.importing.numbers import Context, Owner, apply_numbers
from crm.sources.importing.outcomes import Outcomes
from crm.sources.importing.rows import Role, by_owner, present_of

FIELDS = ("name", "counterparty", "position", "archived", "changed")
BATCH = 200


def apply_persons(rows: list[SourceRow], context: Context, outcomes: Outcomes) -> None:
    """Call in a transaction, after the customers. The rows are not dirty afterwards."""
    persons = ContactPerson.objects.filter(source=context.source_id)
    known = {one.external_ref: one for one in persons.filter(external_ref__in=[row.external_ref for row in rows])}
    companies = _companies(context.source_id, {row.owner for row in rows})
    created, changed = [], []
    for row in rows:
        present = known.get(row.external_ref)
        if row.gone:
            if (one := _archive(present, context, outcomes)) is not None:
                changed.append(one)
            continue
        company = companies.get(row.owner)
        if company is None or not row.data.get("name"):
            reason = "no_owner" if row.data.get("name") else "no_name"
            name = row.data.get("name", "")
            outcomes.refuse("persons", entity=row.entity, ref=row.external_ref, name=name, value="", reason=reason)
            continue
        if present is None:
            one = ContactPerson(source_id=context.source_id, external_ref=row.external_ref)
            _fill(one, row, company)
            created.append(one)
            known[row.external_ref] = one
            outcomes.add("persons", "created")
        elif present.merged_into_id is None and _fill(present, row, company):
            changed.append(present)
            outcomes.add("persons", "changed")
        else:
            outcomes.add("persons", "same")
    if created:
        ContactPerson.objects.bulk_create(created)
    if changed:
        ContactPerson.objects.bulk_update(changed, FIELDS, batch_size=BATCH)
    _apply_numbers(rows, known, context, outcomes)
    SourceRow.objects.filter(pk__in=[row.pk for row in rows]).update(dirty=False)


def _companies(source_id: int, refs: set[str]) -> dict[str, Counterparty]:
    """Reference of a customer → the counterparty that its persons belong to."""
    known = {
        one.external_ref: one for one in Counterparty.objects.filter(source=source_id, external_ref__in=refs - {""})
    }
    ends = survivors(known.values())
    return {ref: ends[one.pk] for ref, one in known.items()}


def _fill(one: ContactPerson, row: SourceRow, company: Counterparty) -> bool:
    """True: something is another now."""
    before = (one.name, one.position, one.counterparty_id, one.archived)
    one.name, one.position, one.archived = row.data["name"], str(row.data.get("position", "")), False
    one.counterparty_id = company.pk
    one.changed = timezone.now()
    return before != (one.name, one.position, one.counterparty_id, one.archived)


def _archive(one: ContactPerson | None, context: Context, outcomes: Outcomes) -> ContactPerson | None:
    if one is None or one.archived or one.merged_into_id is not None:
        return None
    if "persons" in context.held:
        outcomes.add("persons", "held")
        return None
    one.archived, one.changed = True, timezone.now()
    outcomes.add("persons", "gone")
    return one


def _apply_numbers(
    rows: list[SourceRow], known: Mapping[str, ContactPerson], context: Context, outcomes: Outcomes
) -> None:
    ends = survivors(known[row.external_ref] for row in rows if not row.gone and row.external_ref in known)
    merged = leading_to(ContactPerson, {end.pk for end in ends.values()}, context.source_id)
    own = {
        row.external_ref: row
        for row in present_of(context.source_id, Role.PERSON, refs={ref for refs in merged.values() for ref in refs})
    }
    links = {row.link for row in own.values()} - {""}
    linked = {row.external_ref: row for row in present_of(context.source_id, Role.LINKED, refs=links)}
    numbers = by_owner(present_of(context.source_id, Role.NUMBER, owners=[*own, *links]))
    owners = {end.pk: Owner(end.pk, end.name) for end in ends.values()}
    for owner in owners.values():
        for row in (own[ref] for ref in merged[owner.id] if ref in own):
            owner.refs |= {row.external_ref, row.link} - {""}
            behind = [linked[row.link]] if row.link in linked else []
            owner.rows += [row, *numbers.get(row.external_ref, []), *behind, *numbers.get(row.link, [])]
    apply_numbers("person", owners.values(), context, outcomes)
