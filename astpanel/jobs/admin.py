"""«Задания»: what long work there is and was."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from astpanel.admin_parts import CappedPaginator, ModelAdmin, ReadOnly
from astpanel.jobs.models import Job
from astpanel.jobs.presenters import view_of
from astpanel.jobs.rules import may_watch


@admin.register(Job)
class JobAdmin(ReadOnly, ModelAdmin):
    """The row says how far it is; the page shows it live to whoever may watch."""

    list_display = ["title", "state", "progress", "asked_by", "created", "finished"]
    list_filter = ["state", "kind"]
    list_select_related = ["asked_by"]
    search_fields = ["title", "asked_by__last_name", "asked_by__username"]
    paginator = CappedPaginator
    change_form_template = "admin/jobs/job/change_form.html"
    fields = ["title", "state", "progress", "message", "asked_by", "created", "started", "heartbeat", "finished"]
    readonly_fields = ["progress"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request).defer("args", "result")
        return rows

    @admin.display(description=_("progress"))
    def progress(self, obj: Job) -> str:
        return view_of(obj, now=timezone.now()).text

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> Any:
        """`watched`: the job, for its live progress; None for those who may only read the row."""
        job = self.get_object(request, object_id)
        watched = job if job is not None and may_watch(request.user, job) else None  # type: ignore[arg-type]  # AUTH_USER_MODEL
        kwargs["extra_context"] = {**(kwargs.get("extra_context") or {}), "watched": watched}
        return super().change_view(request, object_id, *args, **kwargs)
