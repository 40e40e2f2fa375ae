"""Starting a reading of the source of customers, by hand or by the clock."""

from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from astpanel.jobs.models import Job
from astpanel.jobs.services import start_job
from crm.models import CustomerSource, SourceImport
from crm.sources.problems import Stop
from crm.sources.selectors import current_source

READ_SOURCE: Final = "read_source"  # kind of the job
PENDING: Final = (Job.State.QUEUED, Job.State.RUNNING)


def start_reading(*, mode: str, by: Any, confirmed: bool = False) -> SourceImport:
    """One reading; the one that is under way is returned instead of a second. `by`: the user who asks, None: the clock.

    `confirmed`: however many customers are gone, they are archived. Raises ValidationError when it cannot be read yet.
    """
    try:
        with transaction.atomic():
            return _start(mode, by, confirmed=confirmed)
    except IntegrityError:  # somebody else was faster by less than a look at the table takes
        return SourceImport.objects.get(source=current_source(), state=SourceImport.State.RUNNING)


def start_by_the_clock(*, mode: str) -> SourceImport | None:
    """None: the source is switched off, or its map is not confirmed."""
    source = current_source()
    if source is None or not source.enabled or source.map_confirmed is None or not source.url:
        return None
    return start_reading(mode=mode, by=None)


def _start(mode: str, by: Any, *, confirmed: bool) -> SourceImport:
    source = current_source(for_update=True)
    if source is None or not source.url:
        raise ValidationError(_("There is no address to ask. Type it first."))
    if source.map_confirmed is None:
        raise ValidationError(_("Confirm the field map first."))
    if (running := _running(source)) is not None:
        return running
    run = SourceImport.objects.create(source=source, mode=mode, position={"confirmed": True} if confirmed else {})
    full = mode == SourceImport.Mode.FULL
    run.job = start_job(
        kind=READ_SOURCE,
        title=_("Loading all customers from 1C") if full else _("Loading what has changed in 1C"),
        function="crm.sources.importing.work.read_source",
        args={"run": run.pk},
        asked_by=by,
        url=reverse("admin:crm_source_import"),
    )
    run.save(update_fields=["job"])
    return run


def _running(source: CustomerSource) -> SourceImport | None:
    """The reading under way. One whose job has ended without a word is over."""
    run = SourceImport.objects.filter(source=source, state=SourceImport.State.RUNNING).select_related("job").first()
    if run is None or (run.job is not None and run.job.state in PENDING):
        return run
    run.state, run.problem, run.finished = SourceImport.State.FAILED, Stop.BROKEN.value, timezone.now()
    run.save(update_fields=["state", "problem", "finished"])
    return None
