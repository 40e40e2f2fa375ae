"""Who may watch a job."""

from astpanel.accounts.models import PanelUser
from astpanel.jobs.models import Job


def may_watch(user: PanelUser, job: Job) -> bool:
    """Whoever asked for it, and superusers."""
    return user.is_active and (user.is_superuser or job.asked_by_id == user.pk)
