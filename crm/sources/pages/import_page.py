"""«Загрузка»: switches, the buttons, how far it is, and what came of it."""

from typing import Any, Final

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from astpanel.jobs.models import Job
from crm.models import CustomerSource, SourceImport, SourceUser
from crm.sources.importing.outcomes import OUTCOMES
from crm.sources.importing.services import start_reading
from crm.sources.map_words import kept_in_words
from crm.sources.pages.map_services import kept_map, switch
from crm.sources.problems import words_of
from crm.sources.selectors import current_source

SHOWN: Final = 10  # readings
SORTS: Final = (
    ("customers", gettext_lazy("counterparties")),
    ("persons", gettext_lazy("contact persons")),
    ("numbers", gettext_lazy("numbers and addresses")),
    ("users", gettext_lazy("users")),
)
MODES: Final = {"full": SourceImport.Mode.FULL, "changes": SourceImport.Mode.CHANGES, "confirm": SourceImport.Mode.FULL}


def import_page(request: HttpRequest) -> HttpResponse:
    """GET shows it; POST `action`: switches, full, changes, confirm (everything, however many are gone)."""
    source = current_source()
    if not request.user.has_perm("crm.view_customersource"):
        raise PermissionDenied
    may_change = request.user.has_perm("crm.change_customersource")
    if source is None or not source.url:
        return HttpResponseRedirect(reverse("admin:crm_customersource_changelist"))
    if request.method == "POST":
        if not may_change:
            raise PermissionDenied
        _post(request)
        return HttpResponseRedirect(reverse("admin:crm_source_import"))
    return TemplateResponse(request, "crm/source_import.html", _context(request, source, may_change))


def _post(request: HttpRequest) -> None:
    action = request.POST.get("action", "")
    try:
        if action == "switches":
            switch(enabled="enabled" in request.POST, write_back="write_back" in request.POST)
            messages.success(request, _("Saved."))
        elif action in MODES:
            start_reading(mode=MODES[action], by=request.user, confirmed=action == "confirm")
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))


def _context(request: HttpRequest, source: CustomerSource, may_change: bool) -> dict[str, Any]:
    runs = list(source.imports.select_related("job")[:SHOWN])
    last = next((run for run in runs if run.state != SourceImport.State.RUNNING), None)
    running = next((run for run in runs if run.state == SourceImport.State.RUNNING), None)
    field_map = kept_map(source)
    return {
        **admin.site.each_context(request),
        "title": _("Loading from 1C"),
        "source": source,
        "job": _job(running),
        "last": last,
        "report": _report(last) if last is not None else [],
        "outcomes": [name for name in OUTCOMES if name != "held"],
        "problem": _problem(last) if last is not None else "",
        "missing": [kept_in_words(*one) for one in last.position.get("missing", [])] if last is not None else [],
        "held": _held(last),
        "proposal_changed": last is not None and last.position.get("proposal_changed", False),
        "runs": [(run, _problem(run)) for run in runs],
        "unmatched": _unmatched(source) if field_map is not None and field_map.keeps_managers else 0,
        "may_change": may_change,
    }


def _job(running: SourceImport | None) -> Job | None:
    return running.job if running is not None else None


def _problem(run: SourceImport) -> str:
    """Why it failed: as the worker told it, with 1C's own words, else by its code."""
    if not run.problem:
        return ""
    return run.job.message if run.job is not None and run.job.message else words_of(run.problem)


def _report(run: SourceImport) -> list[tuple[Any, list[int]]]:
    names = [name for name in OUTCOMES if name != "held"]
    return [(label, [run.counts.get(sort, {}).get(name, 0) for name in names]) for sort, label in SORTS]


def _held(run: SourceImport | None) -> list[tuple[Any, int]]:
    """Sorts of which so many are gone that nothing was archived."""
    kept = run.position.get("held", {}) if run is not None and run.state == SourceImport.State.DONE else {}
    return [(label, kept[sort]) for sort, label in SORTS if kept.get(sort)]


def _unmatched(source: CustomerSource) -> int:
    return SourceUser.objects.filter(source=source, user=None, gone=False).count()
