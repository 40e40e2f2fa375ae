"""What a worker does with large files of customers; taken up again where the rows say it was."""

from typing import Any

from django.contrib.auth import get_user_model
from django.utils.translation import gettext as _

from astpanel.audit_request import acting_for
from astpanel.jobs.models import Job
from astpanel.jobs.registry import job_function
from astpanel.jobs.services import JobFailedError
from astpanel.lib.tables.base import FileError
from crm.exchange import exporting, services, writing
from crm.exchange.rules import may_export, may_import
from crm.models import DirectoryExport, DirectoryImport


@job_function
def check(job: Job) -> dict[str, Any]:
    """Nothing is written, so a second attempt begins anew."""
    made, _by = _import(job)
    if made.state != DirectoryImport.State.CHECKING:
        return dict(made.counts)
    try:
        services.check(made, job)
    except FileError as error:
        DirectoryImport.objects.filter(pk=made.pk).update(
            state=DirectoryImport.State.FAILED, problem=str(error)[:500], content=b""
        )
        raise JobFailedError(str(error)) from None
    return dict(made.counts)


@job_function
def write(job: Job) -> dict[str, Any]:
    """Each chunk together with how far it is."""
    made, by = _import(job)
    if made.state == DirectoryImport.State.RUNNING:
        with acting_for(by):
            writing.write(made, by, job)
    return dict(made.counts)


@job_function
def export(job: Job) -> dict[str, Any]:
    """The whole file; a second attempt begins anew."""
    made = DirectoryExport.objects.select_related("asked_by").get(pk=job.args["export"])
    if not may_export(_fresh(made.asked_by)):
        raise JobFailedError(_("Who asked for it may not do this any more."))
    exporting.make(made, job)
    return {"rows": made.rows}


def _import(job: Job) -> tuple[DirectoryImport, Any]:
    """The rights are those of whoever asked, as they are now."""
    made = DirectoryImport.objects.select_related("asked_by").get(pk=job.args["import"])
    by = _fresh(made.asked_by)
    if not may_import(by):
        raise JobFailedError(_("Who asked for it may not do this any more."))
    return made, by


def _fresh(user: Any) -> Any:
    return get_user_model().objects.filter(pk=user.pk, is_active=True).first() if user is not None else None
