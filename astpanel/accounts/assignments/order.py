"""Two assignments that share users run one after the other, in the order in which they were asked for.

Else the chunks of both would interleave, and half of the users end with the settings of the one, half of the other.
"""

import time
from typing import Final

from django.utils.translation import gettext as _

from astpanel.accounts.models import ProfileAssignment
from astpanel.jobs import services, tasks
from astpanel.jobs.models import Job

POLL: Final = 0.5  # seconds between two looks


def wait_for_older(job: Job, assignment: ProfileAssignment) -> None:
    """Return once no older assignment of any of these users is still to be done.

    An older one that no worker has taken yet is done here and now: were all workers waiting for it, none would be left.
    """
    while (older := _older(assignment)) is not None:
        if older.state == Job.State.QUEUED:
            tasks.run(older.pk)
            continue
        message = _("Waits for an earlier assignment of the same users: %(title)s") % {"title": older.title}
        services.progress(job, done=job.done, message=message)
        time.sleep(POLL)
    job.message = ""


def _older(assignment: ProfileAssignment) -> Job | None:
    mine = set(assignment.users)
    alive = ProfileAssignment.objects.filter(pk__lt=assignment.pk, job__state__in=(Job.State.QUEUED, Job.State.RUNNING))
    for older in alive.select_related("job").order_by("pk"):
        if not mine.isdisjoint(older.users):
            return older.job
    return None
