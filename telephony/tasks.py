"""What a worker does for telephony."""

import logging
from datetime import time
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from astpanel.jobs.models import Job
from astpanel.jobs.registry import job_function
from astpanel.jobs.schedules import schedule
from astpanel.jobs.services import JobFailedError, progress
from telephony import call_keys
from telephony.check import services
from telephony.customers import popups
from telephony.models import Pbx, PbxCheck

__all__ = ["call_keys", "check_pbx", "nightly_checks"]  # the first one for being read at the start

log = logging.getLogger(__name__)

schedule(name="telephony.nightly_checks", function="telephony.tasks.nightly_checks", daily_at=time(3, 20))
schedule(name="telephony.prune_popups", function="telephony.tasks.prune_popups", minutes=60)


@job_function
def check_pbx(job: Job) -> dict[str, Any]:
    """«Проверка АТС» as a job; its argument is the id of the check's row."""
    check = PbxCheck.objects.select_related("pbx", "asked_by").filter(pk=job.args["check"]).first()
    if check is None:
        raise JobFailedError(_("The PBX was deleted."))
    report = services.carry_out(check=check, say=lambda said: progress(job, done=job.done, message=said))
    return {"check": check.pk, "connected": report.connected, "level": report.level.value}


def nightly_checks() -> list[int]:
    """Each enabled PBX, one after the other → ids of the checks. One that breaks does not stop the rest."""
    done = []
    for pbx in Pbx.objects.filter(enabled=True).order_by("pk"):
        check = PbxCheck.objects.create(pbx=pbx)
        try:
            services.carry_out(check=check)
        except Exception:
            log.exception("the nightly check of PBX %d broke", pbx.pk)
        done.append(check.pk)
    return done


def prune_popups() -> int:
    """Whose pop-up was whose is of no use once nothing rings → how many rows are gone."""
    return popups.prune(now=timezone.now())
