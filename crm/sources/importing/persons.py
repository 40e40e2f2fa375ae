"""A chunk of contact persons of the source into ContactPerson, with their numbers."""

from collections.abc import Mapping

from django.utils import timezone

from crm.models import ContactPerson, Counterparty, SourceRow
from crm.sources.importing.customers import survivors
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
    alive = [row for row in rows if not row.gone and row.external_ref in known]
    links = {row.link for row in alive} - {""}
    linked = {row.external_ref: row for row in present_of(context.source_id, Role.LINKED, refs=links)} if links else {}
    objects = [row.external_ref for row in alive] + list(links)
    numbers = by_owner(present_of(context.source_id, Role.NUMBER, owners=objects))
    owners: dict[int, Owner] = {}
    for row in alive:
        one = known[row.external_ref]
        owner = owners.setdefault(one.merged_into_id or one.pk, Owner(one.merged_into_id or one.pk, one.name))
        owner.refs |= {row.external_ref, row.link} - {""}
        behind = [linked[row.link]] if row.link in linked else []
        owner.rows += [row, *numbers.get(row.external_ref, []), *behind, *numbers.get(row.link, [])]
    apply_numbers("person", owners.values(), context, outcomes)
