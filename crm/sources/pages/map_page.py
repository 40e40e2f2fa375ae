"""«Карта полей»: what is read of 1C, proposed with live examples, changed where needed, confirmed."""

from typing import Any, Final

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from astpanel.jobs.models import Job
from crm.models import CustomerSource
from crm.sources.field_map import FieldMap, MapError
from crm.sources.knowledge import Knowledge
from crm.sources.map_problems import problems
from crm.sources.map_words import in_words
from crm.sources.pages.map_fields import groups, kinds, more, read_form
from crm.sources.pages.map_services import confirm_map, kept_map, last_look, start_look
from crm.sources.problems import words_of
from crm.sources.selectors import current_source

PENDING: Final = (Job.State.QUEUED, Job.State.RUNNING)


def map_page(request: HttpRequest) -> HttpResponse:
    """GET shows it; POST `action`: look (with what is chosen), propose (anew), confirm."""
    source = current_source()
    if not request.user.has_perm("crm.view_customersource"):
        raise PermissionDenied
    may_change = request.user.has_perm("crm.change_customersource")
    if source is None or not source.url:
        return HttpResponseRedirect(reverse("admin:crm_customersource_changelist"))
    job, known = last_look(source)
    shown = known.field_map if known is not None else None
    if request.method == "POST":
        if not may_change:
            raise PermissionDenied
        answer, draft = _post(request, known)
        if answer is not None:
            return answer
        shown = draft or shown
    return TemplateResponse(request, "crm/source_map.html", _context(request, source, job, known, shown, may_change))


def _post(request: HttpRequest, known: Knowledge | None) -> tuple[HttpResponse | None, FieldMap | None]:
    """Where to go; or the draft to show again."""
    action = request.POST.get("action", "look")
    if action == "propose" or known is None:
        return _look(request, None, {}), None
    try:
        draft, new = read_form(request.POST.dict(), known.field_map)
    except MapError:
        messages.error(request, _("This cannot be a field map. Look at the base again."))
        return None, None
    if action != "confirm":
        return _look(request, draft, new), draft
    if any(new.values()):
        messages.error(request, _("Another catalogue was chosen: look at the examples before you confirm."))
        return _look(request, draft, new), draft
    try:
        confirm_map(field_map=draft, known=known)
    except ValidationError as error:
        for text in error.messages:
            messages.error(request, text)
        return None, draft
    messages.success(request, _("The field map is confirmed. Now the customers can be loaded."))
    return HttpResponseRedirect(reverse("admin:crm_source_import")), None


def _look(request: HttpRequest, draft: FieldMap | None, new: dict[str, list[str]]) -> HttpResponse:
    try:
        start_look(by=request.user, draft=draft, new=new)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return HttpResponseRedirect(reverse("admin:crm_source_map"))


def _context(  # noqa: PLR0913, PLR0917 - one name per part of the page
    request: HttpRequest,
    source: CustomerSource,
    job: Job | None,
    known: Knowledge | None,
    shown: FieldMap | None,
    may_change: bool,
) -> dict[str, Any]:
    found = problems(shown, known.metadata) if known is not None and shown is not None else ()
    kept = kept_map(source)
    return {
        **admin.site.each_context(request),
        "title": _("Field map"),
        "source": source,
        "job": job if job is not None and (job.state in PENDING or job.state == Job.State.FAILED) else None,
        "known": known,
        "groups": [(group, words_of(group.fault)) for group in groups(shown, known)] if known and shown else [],
        "more": more(known) if known else (),
        "kinds": kinds(shown, known) if known and shown else [],
        "blocking": [in_words(one) for one in found if one.blocks],
        "notices": [in_words(one) for one in found if not one.blocks],
        "differs": source.map_confirmed is not None and shown is not None and kept != shown,
        "may_change": may_change,
    }
