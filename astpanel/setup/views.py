"""The pages of the assistant: permission, the gate, the step, the answer."""

from collections.abc import Mapping
from typing import Any, Final, cast

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from astpanel.accounts.models import PanelUser
from astpanel.setup import flow, selectors, services
from astpanel.setup.models import Step
from astpanel.setup.selectors import Progress
from astpanel.setup.services import Overtaken
from astpanel.setup.steps import PAGES
from astpanel.setup.steps.base import StepOutcome, StepPage
from astpanel.setup.steps.pbx import progress_of
from astpanel.setup.summary import summary

RIGHT: Final = "setup.change_steprecord"


def address(step: Step | None) -> str:
    """The page of a step; None: the last page."""
    return reverse(f"admin:setup_{step or 'finish'}")


def administrator(request: HttpRequest) -> PanelUser:
    """Who asks. PermissionDenied for everybody who may not set the portal up."""
    user = cast(PanelUser, request.user)
    if not (user.is_active and user.has_perm(RIGHT)):
        raise PermissionDenied
    return user


@never_cache
def index(request: HttpRequest) -> HttpResponse:
    """Where to go on."""
    administrator(request)
    return HttpResponseRedirect(address(selectors.progress().open_step))


@never_cache
def finish(request: HttpRequest) -> HttpResponse:
    """What is set up now, and what comes next. Opens when every step is done."""
    user, progress = administrator(request), selectors.progress()
    if progress.open_step is not None:
        return HttpResponseRedirect(address(progress.open_step))
    return _page(request, progress, "setup/finish.html", {"summary": summary(user), "user_in_use": user.in_use})


@never_cache
def pbx_progress(request: HttpRequest) -> JsonResponse:
    """What the check of the PBX is doing, for the page that waits for it: `{"words": "…"}`."""
    return JsonResponse({"words": progress_of(administrator(request))})


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, step: Step) -> HttpResponse:
    """One step. Buttons of a POST: `go` leaves with what was typed kept, `discard` forgets it, else it is tried."""
    user, progress, page = administrator(request), selectors.progress(), PAGES[step]
    if (waits_for := flow.gate(progress.marks, step)) is not None:
        text = _("“%(step)s” opens when “%(first)s” is done.") % {"step": step.label, "first": waits_for.label}
        messages.warning(request, text)
        return HttpResponseRedirect(address(progress.open_step))
    record = progress.records.get(step)
    initial = {**page.present(user), **(record.data if record else {})}
    if request.method != "POST":
        form = page.form(user, initial=initial)
        return _step_page(request, user, progress, page, form, StepOutcome(done=False))
    if "discard" in request.POST:
        services.discard(step=step, by=user)
        return HttpResponseRedirect(address(step))
    form = page.form(user, initial=initial, data=request.POST, files=request.FILES)
    if "go" in request.POST:
        return _leave(request, user, page, form)
    return _try(request, user, page, form)


def _leave(request: HttpRequest, user: PanelUser, page: StepPage, form: forms.BaseForm) -> HttpResponse:
    """Another step, or out of the assistant; what was typed waits here."""
    if page.has_changed(form):
        typed = page.typed(form, request.POST)
        _say(request, services.keep(step=page.step, by=user, seen=_seen(request), typed=typed))
    target = request.POST["go"]
    return HttpResponseRedirect(address(Step(target)) if target in map(str, PAGES) else reverse("admin:index"))


def _try(request: HttpRequest, user: PanelUser, page: StepPage, form: forms.BaseForm) -> HttpResponse:
    action = request.POST.get("action", "")
    valid = page.is_valid(form)
    outcome = page.submit(user, form, action if action in page.actions else "") if valid else StepOutcome(done=False)
    if outcome.done:
        note = str(outcome.reason)
        _say(request, services.finish(step=page.step, by=user, seen=_seen(request), note=note))
        return HttpResponseRedirect(address(page.step if outcome.stay else flow.after(page.step)))
    if outcome.stay:
        services.discard(step=page.step, by=user)  # an earlier failure is answered by this
        if outcome.reason:
            messages.success(request, str(outcome.reason))
        return HttpResponseRedirect(address(page.step))
    kept: dict[str, Any] = {"step": page.step, "by": user, "seen": _seen(request)}
    kept["typed"] = page.typed(form, request.POST)
    if valid and not outcome.quiet:
        reason = str(outcome.reason) or " ".join(str(text) for texts in form.errors.values() for text in texts)
        reason = strip_tags(reason)
        overtaken = services.fail(reason=reason, **kept)
    else:
        overtaken = services.keep(**kept)
    _say(request, overtaken)
    return _step_page(request, user, selectors.progress(), page, form, outcome)


def _seen(request: HttpRequest) -> Any:
    """`changed` of the record as this page showed it."""
    try:
        return parse_datetime(request.POST.get("seen", ""))
    except ValueError:
        return None


def _say(request: HttpRequest, overtaken: Overtaken | None) -> None:
    if overtaken is None:
        return
    words = {"name": overtaken.by, "time": date_format(timezone.localtime(overtaken.when), "DATETIME_FORMAT")}
    text = _("%(name)s worked on this step too, on %(time)s. Yours is the last word: what you entered counts now.")
    messages.warning(request, text % words)


def _step_page(  # noqa: PLR0913, PLR0917 - the parts of one page
    request: HttpRequest,
    user: PanelUser,
    progress: Progress,
    page: StepPage,
    form: forms.BaseForm,
    outcome: StepOutcome,
) -> HttpResponse:
    record = progress.records.get(page.step)
    context = {
        "page": page,
        "form": form,
        "record": record,
        "tried": request.method == "POST",
        "draft": bool(record and record.data) and request.method != "POST",
        "outcome": outcome,
        "back": flow.before(page.step),
        "needed": (),
        "stop": next(stop for stop in progress.stops if stop.step == page.step),
        **page.shown(user, form),
        **outcome.shown,
    }
    return _page(request, progress, page.template, context)


def _page(request: HttpRequest, progress: Progress, template: str, context: Mapping[str, Any]) -> HttpResponse:
    shared = {
        **admin.site.each_context(request),
        "title": _("Start-up assistant"),
        "progress": progress,
        "is_nav_sidebar_enabled": False,
    }
    return TemplateResponse(request, template, {**shared, **context})
