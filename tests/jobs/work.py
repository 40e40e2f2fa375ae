"""Work for the tests' jobs."""

from typing import Any

from astpanel.jobs import services
from astpanel.jobs.models import Job
from astpanel.jobs.registry import job_function


@job_function
def count(job: Job) -> dict[str, Any]:
    """Counts to `to`, speaking of it."""
    for number in range(1, job.args["to"] + 1):
        services.progress(job, done=number, total=job.args["to"], message=f"{number}")
    return {"counted": job.args["to"]}


@job_function
def refuse(job: Job) -> None:
    """Cannot be done, and says why."""
    raise services.JobFailedError("the office is closed")


@job_function
def break_off(job: Job) -> None:
    """A defect, with a secret in its text."""
    raise RuntimeError("password=hunter2")


@job_function
def be_replaced(job: Job) -> None:
    """Thought dead and taken over in the middle of its work."""
    Job.objects.filter(pk=job.pk).update(attempts=job.attempts + 1)
    services.progress(job, done=5)
