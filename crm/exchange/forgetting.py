"""Files of customers are forgotten after a day: they are full of people."""

from datetime import datetime, timedelta
from typing import Final

from django.db.models import Q

from crm.models import DirectoryExport, DirectoryImport

KEPT: Final = timedelta(days=1)
TOLD: Final = timedelta(days=30)  # what an import did is kept longer, without its rows


def forget_files(*, now: datetime) -> None:
    """Exports, files that were looked at and left, and rows that were refused. Any number of times."""
    DirectoryExport.objects.filter(created__lt=now - KEPT).delete()
    states = DirectoryImport.State
    old = DirectoryImport.objects.filter(created__lt=now - KEPT)
    old.filter(state__in=[states.CHECKING, states.CHECKED]).exclude(job__state__in=["queued", "running"]).delete()
    ended = old.filter(state__in=[states.DONE, states.FAILED]).filter(Q(finished=None) | Q(finished__lt=now - KEPT))
    for made in ended.filter(faults__isnull=False).distinct():
        made.faults.all().delete()
    ended.exclude(sample=[]).update(sample=[])
    DirectoryImport.objects.filter(created__lt=now - TOLD).exclude(state=states.RUNNING).delete()
