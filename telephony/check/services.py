"""Checks a PBX, and keeps the result."""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from datetime import datetime, timedelta
from queue import SimpleQueue
from typing import Final

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from astpanel.accounts.models import PanelUser
from astpanel.accounts.selectors import internal_numbers
from astpanel.jobs.models import Job
from astpanel.jobs.services import start_job
from telephony.check.collect import Say, collect
from telephony.check.phone_rows import keep_contacts
from telephony.check.report import Report, report_of
from telephony.check.selectors import internal_numbers_of
from telephony.check.target import target_of
from telephony.models import Pbx, PbxCheck
from telephony.services import ask_retry, clean

KEPT: Final = timedelta(days=90)  # results of older checks are thrown away, the newest of each PBX never
RUN: Final = "telephony.tasks.check_pbx"
UNDER_WAY: Final = (Job.State.QUEUED, Job.State.RUNNING)


async def probe_async(pbx: Pbx, *, numbers: Sequence[str], own_number: str = "", say: Say | None = None) -> Report:
    """Look at a PBX; its row may be one that was never saved. Whatever the PBX does, there is a report.

    `numbers`: the internal numbers in use. `own_number`: the administrator's, which should be registered.
    """
    target = await asyncio.to_thread(target_of, pbx)  # may write the certificate authority to a file
    return report_of(await collect(target, internal=numbers, own_number=own_number, say=say or (lambda _said: None)))


def probe(pbx: Pbx, *, numbers: Sequence[str], own_number: str = "", say: Say | None = None) -> Report:
    """The same for those who may wait: takes a second on a sound PBX, up to half a minute on one that hangs."""
    said: SimpleQueue[str | None] = SimpleQueue()
    work = probe_async(pbx, numbers=numbers, own_number=own_number, say=said.put)
    with ThreadPoolExecutor(1) as thread:  # `say` may use the database, which Django forbids within an event loop
        found = thread.submit(copy_context().run, asyncio.run, work)
        found.add_done_callback(lambda _done: said.put(None))
        while (text := said.get()) is not None:
            if say is not None:
                say(text)
    return found.result()


def start_check(*, pbx: Pbx, asked_by: PanelUser | None) -> PbxCheck:
    """A row and a job for a worker. A check of this PBX that is under way already is the answer, not a second one."""
    with transaction.atomic():
        Pbx.objects.select_for_update().get(pk=pbx.pk)  # two clicks at once make one check
        running = pbx.checks.filter(finished=None, job__state__in=UNDER_WAY).first()
        if running is not None:
            return running
        check = PbxCheck.objects.create(pbx=pbx, asked_by=asked_by)
        check.job = start_job(
            kind="pbx_check",
            title=_("PBX check: %(name)s") % {"name": pbx.name},
            function=RUN,
            args={"check": check.pk},
            asked_by=asked_by,
            url=reverse("admin:pbx_check_result", args=[check.pk]),
        )
        check.save(update_fields=["job"])
    return check


def carry_out(*, check: PbxCheck, say: Say | None = None) -> Report:
    """Look, and write what was found into the row; phones too."""
    pbx = check.pbx
    own = (internal_numbers(check.asked_by) or [""])[0] if check.asked_by else ""
    report = probe(pbx, numbers=internal_numbers_of(pbx), own_number=own, say=say)
    record(check=check, report=report, now=timezone.now())
    if all(account.logged_in for account in report.facts.accounts):
        ask_retry(pbx_id=pbx.pk)  # what the gateway was denied works now
    return report


@transaction.atomic
def record(*, check: PbxCheck, report: Report, now: datetime) -> None:
    """The end of a check. May be repeated: a worker that died is followed by another."""
    check.finished = now
    check.connected = report.connected
    check.version = clean(report.version, 100)
    check.level = report.level.value
    check.findings = [finding.as_json() for finding in report.findings]
    check.save(update_fields=["finished", "connected", "version", "level", "findings"])
    if report.contacts is not None and report.facts.contacts_complete:
        keep_contacts(pbx_id=check.pbx_id, contacts=report.contacts, now=now)
    old = PbxCheck.objects.filter(pbx=check.pbx_id, started__lt=now - KEPT)
    old.exclude(pk=check.pk).delete()
