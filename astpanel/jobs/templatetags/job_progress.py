"""`{% job_view job as view %}` for jobs/job.html."""

from django import template
from django.utils import timezone

from astpanel.jobs.models import Job
from astpanel.jobs.presenters import JobView, view_of

register = template.Library()


@register.simple_tag
def job_view(job: Job) -> JobView:
    """What is to be shown of the job now."""
    return view_of(job, now=timezone.now())
