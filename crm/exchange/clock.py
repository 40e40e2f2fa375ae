"""What runs by the clock for files of customers. Imported by crm.tasks, with the functions of jobs."""

from django.utils import timezone

from astpanel.jobs.schedules import schedule
from crm.exchange import work
from crm.exchange.forgetting import forget_files

__all__ = ["forget", "work"]

schedule(name="crm.forget_files", function="crm.exchange.clock.forget", minutes=60)


def forget() -> None:
    """Each hour: files of yesterday are gone."""
    forget_files(now=timezone.now())
