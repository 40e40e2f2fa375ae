"""What workers do with users, and with licences by the clock."""

from django.utils import timezone

from astpanel.accounts.assignments.work import run as assign_profile
from astpanel.accounts.importing.work import check as check_users
from astpanel.accounts.importing.work import write as write_users
from astpanel.accounts.licensing import services as licensing
from astpanel.jobs.schedules import schedule

__all__ = ["assign_profile", "check_users", "note_time", "write_users"]

schedule(name="accounts.note_time", function="astpanel.accounts.tasks.note_time", minutes=60)


def note_time() -> None:
    """The latest moment seen moves on while nobody logs in (a clock set back is noticed by it)."""
    licensing.note_time(now=timezone.now())
