"""What is written about the field map."""

from dataclasses import replace
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from astpanel.jobs.models import Job
from astpanel.jobs.services import start_job
from crm.models import CustomerSource, SourceRow
from crm.sources.field_map import FieldMap, MapError, from_json
from crm.sources.knowledge import Knowledge, from_result
from crm.sources.looking import LOOK
from crm.sources.map_problems import problems
from crm.sources.map_words import in_words
from crm.sources.selectors import current_source


def start_look(*, by: Any, draft: FieldMap | None = None, new: dict[str, list[str]] | None = None) -> Job:
    """A worker looks what the base publishes. Without a draft it proposes a map. Raises ValidationError."""
    source = current_source()
    if source is None or not source.url:
        raise ValidationError(_("There is no address to ask. Type it first."))
    running = Job.objects.filter(kind=LOOK, state__in=[Job.State.QUEUED, Job.State.RUNNING]).first()
    return running or start_job(
        kind=LOOK,
        title=_("Looking at the 1C base"),
        function="crm.sources.looking.look_at_source",
        args={"map": draft.as_json() if draft else {}, "new": new or {}, "asked": [source.url, source.username]},
        asked_by=by,
        url=reverse("admin:crm_source_map"),
    )


def last_look(source: CustomerSource) -> tuple[Job | None, Knowledge | None]:
    """The last look, and what the last successful one at this address found: with the map that was confirmed since."""
    jobs = Job.objects.filter(kind=LOOK).order_by("-pk")
    for job in jobs.filter(state=Job.State.DONE)[:5]:
        if job.args.get("asked") == [source.url, source.username] and (found := from_result(job.result)) is not None:
            confirmed, kept = source.map_confirmed, kept_map(source)
            if kept is not None and confirmed is not None and job.finished is not None and job.finished < confirmed:
                found = replace(found, field_map=kept)
            return jobs.first(), found
    return jobs.first(), None


def kept_map(source: CustomerSource) -> FieldMap | None:
    """The map in the row; None when there is none."""
    try:
        found = from_json(source.field_map)
    except MapError:
        return None
    return found if found.customers else None


@transaction.atomic
def confirm_map(*, field_map: FieldMap, known: Knowledge) -> CustomerSource:
    """From now on this map is read by. What another map has read is read anew. Raises ValidationError."""
    source = current_source(for_update=True)
    if source is None:
        raise ValidationError(_("There is no address to ask. Type it first."))
    blocking = [in_words(one) for one in problems(field_map, known.metadata) if one.blocks]
    if blocking:
        raise ValidationError(blocking)
    if kept_map(source) != field_map:
        SourceRow.objects.filter(source=source).update(version="")
    source.field_map = {**field_map.as_json(), "proposed": known.proposed.as_json()}
    source.map_confirmed = timezone.now()
    source.save(update_fields=["field_map", "map_confirmed"])
    return source


@transaction.atomic
def switch(*, enabled: bool, write_back: bool) -> CustomerSource:
    """What is done by the clock, and whether numbers are written there. Raises ValidationError."""
    source = current_source(for_update=True)
    if source is None or not source.url:
        raise ValidationError(_("There is no address to ask. Type it first."))
    if (enabled or write_back) and source.map_confirmed is None:
        raise ValidationError(_("Confirm the field map first."))
    source.enabled, source.write_back = enabled, write_back
    source.save(update_fields=["enabled", "write_back"])
    return source
