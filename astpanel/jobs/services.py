"""Starting long work, telling how far it is, taking it up again after a worker's death.

One row is one piece of work. Whoever works on it holds a claim: `attempts` counts the claims, and everything a worker
writes is guarded by its own number. So a worker that was thought dead and wakes up writes nothing any more.
"""

import logging
import time
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django_q.tasks import async_task

from astpanel.accounts.models import PanelUser
from astpanel.jobs.models import Job
from astpanel.jobs.registry import function_of

STALE: Final = timedelta(seconds=60)  # without a sign of life a worker counts as dead
LOST: Final = timedelta(seconds=120)  # after which what waits is queued once more: its cluster may have died with it
MOST_ATTEMPTS: Final = 5  # work that kills its worker each time is given up
LONGEST: Final = 6 * 3600  # seconds until django-q ends a function that hangs
OFTEN: Final = 0.25  # seconds between two written progresses

log = logging.getLogger(__name__)


class JobLostError(Exception):
    """Another worker has this job now: stop, and write nothing."""


class JobFailedError(Exception):
    """The work cannot be done, and the words say why: they are shown to whoever asked."""


def start_job(  # noqa: PLR0913 - one keyword per column
    *,
    kind: str,
    title: str,
    function: str,
    args: dict[str, Any],
    asked_by: PanelUser | None,
    url: str = "",
    total: int = 0,
) -> Job:
    """A row, and once the transaction is committed a task for a worker that gets the row's id only.

    `function` is the dotted path of a function under `@job_function`, `args` is JSON: ids, no secrets, no rows. `url`
    is the page that shows the result. Raises UnknownFunctionError.
    """
    function_of(function)
    job = Job.objects.create(
        kind=kind,
        title=title[:250],
        function=function,
        args=args,
        asked_by=asked_by,
        url=url,
        total=total,
        language=get_language() or "",
        heartbeat=timezone.now(),
    )
    transaction.on_commit(lambda: _enqueue(job.pk))
    return job


def _enqueue(job_id: int) -> None:
    # A failed task is acknowledged too: what became of it stands in the row, and the queue must not bring it again.
    async_task("astpanel.jobs.tasks.run", job_id, group="jobs", timeout=LONGEST, ack_failure=True)


def claim(*, job_id: int, now: datetime) -> Job | None:
    """The job, now this worker's; None: it is gone, has ended, or another worker is at it."""
    job = Job.objects.filter(pk=job_id, state=Job.State.QUEUED).first()
    if job is None:
        return None
    mine = Job.objects.filter(pk=job_id, state=Job.State.QUEUED, attempts=job.attempts)
    job.state, job.attempts, job.heartbeat = Job.State.RUNNING, job.attempts + 1, now
    job.started = job.started or now
    taken = mine.update(state=job.state, attempts=job.attempts, heartbeat=now, started=job.started)
    return job if taken else None


def progress(
    job: Job, *, done: int, total: int | None = None, failed: int | None = None, message: str | None = None
) -> None:
    """How far it is, and the sign of life. Call it often: the row is written four times a second at most.

    Raises JobLostError when another worker has the job.
    """
    job.done = done
    job.total = job.total if total is None else total
    job.failed = job.failed if failed is None else failed
    job.message = job.message if message is None else message[:500]
    if time.monotonic() - job.written_at >= OFTEN:
        hold(job)


def hold(job: Job) -> None:
    """Write how far it is, whatever the last time. Inside a transaction of yours it also keeps others from claiming.

    Raises JobLostError when another worker has the job: let the transaction roll back.
    """
    _write(job, done=job.done, total=job.total, failed=job.failed, message=job.message, heartbeat=timezone.now())
    job.written_at = time.monotonic()


def beat(job: Job) -> None:
    """The sign of life alone, for a function that says nothing for a while. Raises JobLostError."""
    _write(job, heartbeat=timezone.now())


def finish(job: Job, *, result: dict[str, Any], now: datetime) -> None:
    """Done. Raises JobLostError."""
    job.state, job.result, job.message, job.finished = Job.State.DONE, result, "", now
    _write_end(job)


def fail(job: Job, *, message: str, now: datetime) -> None:
    """Not done, and why in words. Raises JobLostError."""
    job.state, job.message, job.finished = Job.State.FAILED, message[:500], now
    _write_end(job)


def _write_end(job: Job) -> None:
    columns = ("state", "done", "total", "failed", "message", "result", "finished")
    _write(job, **{name: getattr(job, name) for name in columns}, heartbeat=job.finished)


def _write(job: Job, **values: Any) -> None:
    rows = Job.objects.filter(pk=job.pk, state=Job.State.RUNNING, attempts=job.attempts)
    if not rows.update(**values):
        raise JobLostError(job.pk)


def resume_stale(*, now: datetime) -> list[int]:
    """Queue again what has no living worker → ids. Several processes may do this at once: each job is queued by one."""
    dead = Q(state=Job.State.RUNNING, heartbeat__lt=now - STALE)
    lost = Q(state=Job.State.QUEUED, heartbeat__lt=now - LOST)
    resumed = []
    for job in Job.objects.filter(dead | lost).order_by("id"):
        seen = Job.objects.filter(pk=job.pk, state=job.state, attempts=job.attempts, heartbeat=job.heartbeat)
        if job.state == Job.State.RUNNING and job.attempts >= MOST_ATTEMPTS:
            message = _("The worker died each time this was tried. Its log says more.")
            seen.update(state=Job.State.FAILED, message=message, finished=now)
            log.error("job %d (%s) is given up after %d attempts", job.pk, job.kind, job.attempts)
        elif seen.update(state=Job.State.QUEUED, heartbeat=now):
            log.warning("job %d (%s) had no living worker and is queued again", job.pk, job.kind)
            _enqueue(job.pk)
            resumed.append(job.pk)
    return resumed
