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
from crm import changes, keyed_rows
from crm.exchange import clock as clock_of_files  # noqa: F401 - so that its schedule and functions are known
from crm.number_rules import stored_rules
from crm.sources import looking  # noqa: F401 - so that its function is known
from crm.sources.identify import identify
from crm.sources.importing import clock, work  # noqa: F401 - so that their schedules and functions are known
from crm.sources.selectors import connection_of, current_source
from crm.sources.services import note_identification
from crm.sources.transfers.sweep import sweep

CHUNK: Final = 1_000  # rows

schedule(name="crm.prune_changes", function="crm.tasks.prune_changes", daily_at=time(3, 40))
schedule(name="crm.transfer_numbers", function="crm.tasks.transfer_numbers", minutes=1)


def prune_changes() -> int:
    """The caches need the newest rows only → how many went."""
    return changes.prune(now=timezone.now())


def transfer_numbers() -> dict[str, int]:
    """Numbers placed here into the system that keeps the customers → how many, by what became of them."""
    return sweep(now=timezone.now())


@job_function
def recompute_keys(job: Job) -> dict[str, Any]:
    """The search keys of everything that is found by a number, by the rules as they are now. Repeating does no harm.

    When the rules change once more meanwhile, that change's own job goes over everything again and this one stops.
    """
    total, done, changed = keyed_rows.count(), 0, 0
    for keyed in keyed_rows.registered():
        rows, last = keyed.rows().order_by("pk"), 0
        while ids := list(rows.filter(pk__gt=last).values_list("pk", flat=True)[:CHUNK]):
            if Job.objects.filter(kind=job.kind, pk__gt=job.pk).exists():
                return {"read": done, "changed": changed, "superseded": True}
            with transaction.atomic():
                changed += keyed.recompute(ids, stored_rules().reading)
            done, last = done + len(ids), ids[-1]
            progress(job, done=done, total=total)
    return {"read": done, "changed": changed}


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
