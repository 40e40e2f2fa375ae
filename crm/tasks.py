"""What workers do for the directory."""

from datetime import time
from typing import Any, Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from astpanel.audit_request import acting_for
from astpanel.jobs.models import Job
from astpanel.jobs.registry import job_function
from astpanel.jobs.schedules import schedule
from astpanel.jobs.services import JobFailedError, progress
from astpanel.lib.phone_numbers import number_keys
from crm import changes
from crm.models import AddressType, ContactInfo
from crm.number_rules import stored_rules
from crm.sources.identify import identify
from crm.sources.selectors import connection_of, current_source
from crm.sources.services import note_identification

CHUNK: Final = 1_000  # rows

schedule(name="crm.prune_changes", function="crm.tasks.prune_changes", daily_at=time(3, 40))


def prune_changes() -> int:
    """The caches need the newest rows only → how many went."""
    return changes.prune(now=timezone.now())


@job_function
def recompute_keys(job: Job) -> dict[str, Any]:
    """The search keys of all phone numbers, by the number rules as they are now. Repeating it does no harm.

    When the rules change once more meanwhile, that change's own job goes over everything again and this one stops.
    """
    phones = ContactInfo.objects.filter(type=AddressType.PHONE)
    total, done, changed, last = phones.count(), 0, 0, 0
    while ids := list(phones.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:CHUNK]):
        if Job.objects.filter(kind=job.kind, pk__gt=job.pk).exists():
            return {"read": done, "changed": changed, "superseded": True}
        changed += _recompute(ids)
        done, last = done + len(ids), ids[-1]
        progress(job, done=done, total=total)
    return {"read": done, "changed": changed}


@transaction.atomic
def _recompute(ids: list[int]) -> int:
    """→ rows whose keys are others now. The rows are locked: a value that is being edited is not overwritten."""
    reading, changed = stored_rules().reading, []
    for row in ContactInfo.objects.select_for_update().filter(pk__in=ids, type=AddressType.PHONE):
        keys = number_keys(row.value, reading)
        if keys != (row.e164, row.last10):
            row.e164, row.last10 = keys
            changed.append(row)
    ContactInfo.objects.bulk_update(changed, ["e164", "last10"])
    return len(changed)


@job_function
def identify_source(job: Job) -> dict[str, Any]:
    """Asks the stored address which configuration it is. Up to minutes; the row is not locked meanwhile."""
    source = current_source()
    if source is None or not source.url:
        raise JobFailedError(_("There is no address to ask. Type it first."))
    connection = connection_of(source)
    progress(job, done=0, message=_("Asking 1C which objects it publishes…"))
    found = identify(connection)
    with acting_for(job.asked_by):
        if not note_identification(connection=connection, found=found):
            raise JobFailedError(_("The address or the log-in was changed meanwhile. Identify again."))
    return {"verdict": found.verdict.value, "candidates": list(found.candidates)}
