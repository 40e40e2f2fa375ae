"""What is read of the source by the clock: everything at night, what has changed each hour."""

from datetime import time

from astpanel.jobs.schedules import schedule
from crm.models import SourceImport
from crm.sources.importing.services import start_by_the_clock

FULL, CHANGES = f"{__name__}.read_everything", f"{__name__}.read_changes"

schedule(name="crm.source.full", function=FULL, daily_at=time(2, 30))
schedule(name="crm.source.changes", function=CHANGES, minutes=60)


def read_everything() -> str:
    """→ what django-q's list shows."""
    return _started(SourceImport.Mode.FULL)


def read_changes() -> str:
    """The same, of what has changed."""
    return _started(SourceImport.Mode.CHANGES)


def _started(mode: str) -> str:
    run = start_by_the_clock(mode=mode)
    return "switched off" if run is None else f"reading {run.pk}"
