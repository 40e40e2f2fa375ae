"""«Коды городов» in the admin: one page, the form itself instead of a list of one row, and the «try a number» box."""

from typing import TYPE_CHECKING, Any, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from astpanel.admin import AstpanelAdminSite
from astpanel.jobs.models import Job
from crm.models import NumberingPlan
from crm.number_rules import stored_plan
from crm.numbering_forms import NumberingForm
from crm.numbering_trial import Trial, trial, trial_of
from crm.services import RECOMPUTE_KEYS

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[NumberingPlan]  # generic for the type checker only
else:
    ModelAdmin = admin.ModelAdmin

RIGHTS = ("crm.change_numberingplan", "crm.view_numberingplan")


@admin.register(NumberingPlan)
class NumberingPlanAdmin(ModelAdmin):
    """There is one plan: every address of it is the same page."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Show it, try a number, save it."""
        may_change = self.has_change_permission(request)
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            form = _form(None, may_change)
            return _page(request, form, trial_of(form.stored_rules(), ""), may_change)
        tried = request.POST.get("action") == "try"
        if not (may_change or tried):
            raise PermissionDenied
        form = _form(request.POST, may_change)
        if tried or not form.is_valid():
            return _page(request, form, trial(form), may_change)
        saved = form.write(by=request.user)
        messages.success(request, _("The number rules are saved. All parts of the portal follow within two seconds."))
        address = reverse("admin:crm_numberingplan_changelist")
        return HttpResponseRedirect(f"{address}?job={saved.job.pk}" if saved.job else address)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return self.changelist_view(request, extra_context)


@require_POST
def try_number(request: HttpRequest) -> HttpResponse:
    """The box alone, for the page's script: what the form as typed makes of `try_number`. Nothing is written."""
    if not any(request.user.has_perm(right) for right in RIGHTS):
        raise PermissionDenied
    form = _form(request.POST, request.user.has_perm(RIGHTS[0]))
    return TemplateResponse(request, "crm/numbering_trial.html", {"trial": trial(form), "form": form})


def _form(data: QueryDict | None, may_change: bool) -> NumberingForm:
    form = NumberingForm(data)
    if not may_change:
        form.disable()
    return form


def _page(request: HttpRequest, form: NumberingForm, result: Trial, may_change: bool) -> HttpResponse:
    context = {
        **admin.site.each_context(request),
        "title": _("City codes and dialling rules"),
        "opts": NumberingPlan._meta,
        "form": form,
        "trial": result,
        "may_change": may_change,
        "saved": stored_plan() is not None,
        "job": _job(request),
    }
    return TemplateResponse(request, "crm/numbering_page.html", context)


def _job(request: HttpRequest) -> Job | None:
    """The recomputing that the last change began, while it runs or the page that began it is shown."""
    jobs = Job.objects.filter(kind=RECOMPUTE_KEYS).order_by("-pk")
    asked = request.GET.get("job", "")
    if asked.isdecimal() and len(asked) < 10:
        return jobs.filter(pk=int(asked)).first()
    return jobs.filter(state__in=[Job.State.QUEUED, Job.State.RUNNING]).first()


cast(AstpanelAdminSite, admin.site).add_page("numbering/try/", try_number, name="numbering_try")
