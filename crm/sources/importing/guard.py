"""Nobody disappears in masses without an administrator's word: a role that lost a right looks like an empty base."""

from typing import Final

from django.db.models import Sum

from crm.models import ContactInfo, ContactPerson, Counterparty, SourceRow
from crm.sources.importing.rows import Role, chunks

SHARE: Final = 0.3  # of what there is
FEW: Final = 20  # so many may always go


def held(source_id: int) -> dict[str, int]:
    """Sorts of which more would go than is believed → how many. Call it after a complete reading, before applying."""
    gone = SourceRow.objects.filter(source=source_id, gone=True)
    found = {}
    for sort, role, model in (("customers", Role.CUSTOMER, Counterparty), ("persons", Role.PERSON, ContactPerson)):
        present = model.objects.filter(source=source_id, archived=False, merged_into=None)
        refs = list(gone.filter(role=role).values_list("external_ref", flat=True))
        going = sum(present.filter(external_ref__in=some).count() for some in chunks(refs))
        if _too_many(going, present.count()):
            found[sort] = going
    before = _numbers_here(source_id)
    going = before - _numbers_there(source_id)
    if _too_many(going, before):
        found["numbers"] = going
    return found


def _too_many(going: int, present: int) -> bool:
    return going > FEW and going > present * SHARE


def _numbers_here(source_id: int) -> int:
    rows = ContactInfo.objects.exclude(external_key="")
    customers = rows.filter(counterparty__source=source_id, counterparty__archived=False)
    return customers.count() + rows.filter(person__source=source_id, person__archived=False).count()


def _numbers_there(source_id: int) -> int:
    """Rows of contact information, of which not each becomes a number here, and one may become two."""
    rows = SourceRow.objects.filter(source=source_id, gone=False)
    return rows.aggregate(total=Sum("numbers"))["total"] or 0
