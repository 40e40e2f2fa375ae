"""What a worker does with a large file of users; taken up again where the rows say it was."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from astpanel.accounts.importing.services import CHUNK, Pass, check_rows, good_rows, keep
from astpanel.accounts.models import PanelUser, UserImport
from astpanel.audit_request import acting_for
from astpanel.jobs.models import Job
from astpanel.jobs.registry import job_function
from astpanel.jobs.services import hold, progress


def _asked(job: Job) -> tuple[UserImport, PanelUser]:
    """The rights are those of whoever asked, as they are now."""
    made = UserImport.objects.select_related("asked_by").get(pk=job.args["import"])
    if made.asked_by is None or not made.asked_by.is_active:
        raise PermissionError("who asked for the import is gone")
    return made, made.asked_by


@job_function
def check(job: Job) -> dict[str, Any]:
    """Check every row; nothing is written, so a second attempt begins anew."""
    made, by = _asked(job)
    check_rows(made=made, by=by, told=lambda done, failed: progress(job, done=done, failed=failed))
    return counts(made)


@job_function
def write(job: Job) -> dict[str, Any]:
    """Write the good rows, a hundred in one transaction together with how far it is."""
    made, by = _asked(job)
    if made.state == UserImport.State.DONE:
        return counts(made)
    rows = good_rows(made)
    with acting_for(by):
        failed = 0
        while made.done < len(rows):
            chunk = rows[made.done : made.done + CHUNK]
            with transaction.atomic():
                run = Pass(by=by, rows=chunk, write=True)
                outcomes = [run.take(row) for row in chunk]
                keep(made, outcomes)
                made.done += len(chunk)
                failed += sum(bool(outcome["errors"]) for outcome in outcomes)
                made.save(update_fields=["outcomes", "done"])
                job.done, job.total, job.failed = made.done, len(rows), failed
                hold(job)
    made.state, made.finished, made.rows = UserImport.State.DONE, timezone.now(), []
    made.save(update_fields=["state", "finished", "rows"])
    return counts(made)


def counts(made: UserImport) -> dict[str, int]:
    """How many rows became what."""
    found = {"new": 0, "changed": 0, "same": 0, "error": 0}
    for outcome in made.outcomes:
        found[outcome["action"]] += 1
    return found
