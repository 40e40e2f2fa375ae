"""What a worker does."""

import logging

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django_q.exceptions import TimeoutException

from astpanel.jobs import services
from astpanel.jobs.heartbeat import beating
from astpanel.jobs.models import Job
from astpanel.jobs.registry import UnknownFunctionError, function_of

log = logging.getLogger(__name__)


def run(job_id: int) -> str:
    """Claim the job, do its work, write how it ended → the state, for django-q's list.

    Raises only when the row itself cannot be written: then the job goes stale and is taken up again.
    """
    job = services.claim(job_id=job_id, now=timezone.now())
    if job is None:
        return "not mine"
    try:
        with translation.override(job.language or settings.LANGUAGE_CODE):
            _work(job)
    except services.JobLostError:
        log.warning("job %d (%s): another worker has it, this one stops", job.pk, job.kind)
        return "lost"
    return job.state


def _work(job: Job) -> None:
    try:
        with beating(job):
            result = function_of(job.function)(job)
    except services.JobLostError:
        raise
    except services.JobFailedError as failure:
        services.fail(job, message=str(failure), now=timezone.now())
    except UnknownFunctionError:
        log.exception("job %d (%s)", job.pk, job.kind)
        services.fail(job, message=_("This version does not know how to do that."), now=timezone.now())
    except TimeoutException:  # django-q's, a SystemExit
        log.exception("job %d (%s) took too long", job.pk, job.kind)
        services.fail(job, message=_("It took too long and was stopped."), now=timezone.now())
    except Exception as error:  # whatever the work raises: the row must say that it ended
        log.exception("job %d (%s) broke", job.pk, job.kind)
        text = _("The work broke off (%(error)s). The worker's log says more.") % {"error": type(error).__name__}
        services.fail(job, message=text, now=timezone.now())
    else:
        services.finish(job, result=result or {}, now=timezone.now())


def resume_stale() -> list[int]:
    """Every minute: work whose worker died is queued again."""
    return services.resume_stale(now=timezone.now())
