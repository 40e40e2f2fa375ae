"""The source of customers in the admin: one page, what it is and how the portal reaches it."""

from typing import TYPE_CHECKING, Any, Final

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from astpanel.jobs.models import Job
from crm.models import CustomerSource
from crm.sources.forms import SourceForm
from crm.sources.pages import addresses  # noqa: F401 - registers the other pages of the source
from crm.sources.selectors import current_source, identification_of
from crm.sources.services import IDENTIFY, adopt_recognised, edit_source, identify_again
from crm.sources.told import told
from crm.sources.transfers import admin as transfers_admin  # noqa: F401 - registers its page
from crm.sources.transfers.selectors import waiting_count

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[CustomerSource]  # generic for the type checker only
else:
    ModelAdmin = admin.ModelAdmin

SAVE, AGAIN, ADOPT = "save", "identify", "adopt"  # the buttons
PENDING: Final = (Job.State.QUEUED, Job.State.RUNNING)


@admin.register(CustomerSource)
class CustomerSourceAdmin(ModelAdmin):
    """There is one source: every address of it is the same page."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @method_decorator(sensitive_post_parameters())
    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Show it, change it, ask 1C again, take what was recognised."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        source, may_change = current_source(), self.has_change_permission(request)
        if request.method != "POST":
            return _page(request, SourceForm(source=source or CustomerSource()), source, may_change)
        if not may_change:
            raise PermissionDenied
        action = request.POST.get("action", SAVE)
        if action == ADOPT:
            return _adopt(request)
        form = SourceForm(request.POST, source=source or CustomerSource())
        if not form.is_valid() or not _write(request, form, again=action == AGAIN):
            return _page(request, form, source, may_change)
        return HttpResponseRedirect(_address())

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return self.changelist_view(request, extra_context)


def _address() -> str:
    return reverse("admin:crm_customersource_changelist")


def _write(request: HttpRequest, form: SourceForm, *, again: bool) -> bool:
    """Both, or neither: an identification that cannot begin leaves the row as it was."""
    try:
        with transaction.atomic():
            edit_source(configuration=form.cleaned_data["configuration"], connection=form.connection)
            if again:
                identify_again(by=request.user)
    except ValidationError as error:
        for field, texts in error.message_dict.items():
            form.add_error(field, texts)
        return False
    if not again:  # else the job speaks for itself
        messages.success(request, _("The source of customers is saved."))
    return True


def _adopt(request: HttpRequest) -> HttpResponse:
    try:
        source = adopt_recognised()
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("The configuration is now: %(name)s.") % {"name": source})
    return HttpResponseRedirect(_address())


def _page(request: HttpRequest, form: SourceForm, source: CustomerSource | None, may_change: bool) -> HttpResponse:
    if not may_change:
        form.disable()
    context = {
        **admin.site.each_context(request),
        "title": _("Source of customers"),
        "opts": CustomerSource._meta,
        "form": form,
        "source": source,
        "told": told(source, identification_of(source)) if source is not None else None,
        "may_change": may_change,
        "may_see_users": request.user.has_perm("crm.view_sourceuser"),
        "may_see_transfers": any(request.user.has_perm(f"crm.{verb}_pendingtransfer") for verb in ("view", "change")),
        "waiting": waiting_count(source),
        "may_set_up": request.user.has_perm("setup.change_steprecord"),
        "job": _job(source),
    }
    return TemplateResponse(request, "crm/source_page.html", context)


def _job(source: CustomerSource | None) -> Job | None:
    """The identification under way, or one that failed and after which none has succeeded."""
    job = Job.objects.filter(kind=IDENTIFY).order_by("-pk").first()
    if job is None or job.state in PENDING:
        return job
    answered = source is not None and source.identified is not None and source.identified > job.created
    return None if job.state == Job.State.DONE or answered else job
