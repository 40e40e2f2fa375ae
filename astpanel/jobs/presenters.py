"""A job in words and figures, as the page and the socket show it."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from astpanel.jobs.models import Job

MINUTE = 60
SOON = 5  # done pieces before the rest is guessed from them


@dataclass(frozen=True, slots=True)
class JobView:
    """`percent` is None while the total is unknown. `text` is one line for people, in the active language."""

    id: int
    state: str
    label: str
    percent: int | None
    text: str
    message: str
    ended: bool
    url: str

    def as_dict(self) -> dict[str, Any]:
        """As the socket sends it."""
        return asdict(self)


def view_of(job: Job, *, now: datetime) -> JobView:
    """What to show of the job at this moment."""
    ended = job.state in {Job.State.DONE, Job.State.FAILED}
    parts = [_count(job), _failed(job), "" if ended else _left(job, now)]
    return JobView(
        id=job.pk,
        state=job.state,
        label=job.get_state_display(),
        percent=_percent(job),
        text=" · ".join(part for part in parts if part),
        message=job.message,
        ended=ended,
        url=job.url if ended else "",
    )


def _percent(job: Job) -> int | None:
    if job.state == Job.State.DONE:
        return 100
    if job.state == Job.State.QUEUED and not job.total:
        return 0
    return min(100, job.done * 100 // job.total) if job.total else None


def _count(job: Job) -> str:
    if not job.total:
        return number_format(job.done, force_grouping=True) if job.done else ""
    done, total = (number_format(figure, force_grouping=True) for figure in (job.done, job.total))
    return _("%(done)s of %(total)s") % {"done": done, "total": total}


def _failed(job: Job) -> str:
    if not job.failed:
        return ""
    return ngettext("%(count)d failed", "%(count)d failed", job.failed) % {"count": job.failed}


def _left(job: Job, now: datetime) -> str:
    """Guessed from the pace so far; nothing is said before there is a pace."""
    if job.state != Job.State.RUNNING or job.started is None or job.done < SOON or job.total <= job.done:
        return ""
    seconds = (now - job.started).total_seconds() * (job.total - job.done) / job.done
    if seconds < MINUTE:
        return _("about %(seconds)d s left") % {"seconds": max(1, round(seconds))}
    return _("about %(minutes)d min left") % {"minutes": round(seconds / MINUTE)}
