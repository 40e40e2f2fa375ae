"""Pages of the export of customers: what is in the file, and the file that a worker has made."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from astpanel.lib.tables.writing import TYPES
from crm.exchange.admin_import import download
from crm.exchange.exporting import AT_ONCE, directory_file, start_export
from crm.exchange.forgetting import KEPT
from crm.exchange.rules import may_export, may_import, may_take
from crm.models import Counterparty, DirectoryExport

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Any]  # generic for the type checker only
else:
    ModelAdmin = object


class FilesOfCustomers(ModelAdmin):
    """Mixin of the list of counterparties: «Импорт», «Экспорт» beside “Add”, and two actions for the chosen ones.

    Its change_list template includes crm/exchange/links.html.
    """

    def get_actions(self, request: Any) -> dict[str, Any]:
        """Beside the list's own ones."""
        actions: dict[str, Any] = super().get_actions(request)
        if may_export(request.user) and actions:
            for name in ("export_xlsx", "export_csv"):
                function = getattr(type(self), name)
                actions[name] = (function, name, function.short_description)
        return actions

    def changelist_view(self, request: Any, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        rights = {"may_import_files": may_import(request.user), "may_export_files": may_export(request.user)}
        return super().changelist_view(request, {**rights, **(extra_context or {})})

    @admin.action(description=gettext_lazy("Export the chosen ones (XLSX)"))
    def export_xlsx(self, request: Any, queryset: QuerySet[Counterparty]) -> HttpResponse:
        """As a file of Excel."""
        return give(request, list(queryset.order_by().values_list("pk", flat=True)), "xlsx")

    @admin.action(description=gettext_lazy("Export the chosen ones (CSV)"))
    def export_csv(self, request: Any, queryset: QuerySet[Counterparty]) -> HttpResponse:
        """As a text file."""
        return give(request, list(queryset.order_by().values_list("pk", flat=True)), "csv")


def _require(request: Any) -> None:
    if not may_export(request.user):
        raise PermissionDenied


@require_http_methods(["GET", "POST"])
def begin(request: Any) -> HttpResponse:
    """Everything, or what the list has filtered (its own query string): how many, and in which format."""
    _require(request)
    filtered = any(value for name, value in request.GET.items() if name not in {"o", "p", "all"})
    try:
        rows = _filtered(request) if filtered else Counterparty.objects.filter(merged_into=None)
    except IncorrectLookupParameters:
        return redirect("admin:crm_counterparty_changelist")
    if request.method == "POST":
        kind = request.POST.get("format", "")
        if kind not in TYPES:
            raise Http404
        small = not filtered and rows.count() <= AT_ONCE
        return give(request, list(rows.order_by().values_list("pk", flat=True)) if filtered or small else None, kind)
    context = {
        **admin.site.each_context(request),
        "title": _("Export of customers"),
        "count": rows.order_by().values("pk").distinct().count(),
        "filtered": filtered,
        "at_once": AT_ONCE,
        "recent": [made for made in _recent(request)[:10] if may_take(request.user, made)],
    }
    return TemplateResponse(request, "crm/exchange/export_begin.html", context)


def _filtered(request: Any) -> QuerySet[Counterparty]:
    """What the list of counterparties shows for the same query string."""
    options: Any = admin.site._registry[Counterparty]
    rows: QuerySet[Counterparty] = options.get_changelist_instance(request).get_queryset(request)
    return rows


def give(request: Any, ids: list[int] | None, kind: str) -> HttpResponse:
    """A short file at once; a long one is for a worker."""
    if ids is not None and len(ids) <= AT_ONCE:
        return download(directory_file(ids, kind), f"customers.{kind}", kind)
    made = start_export(ids=ids, kind=kind, by=request.user)
    return redirect("admin:directory_export", made.pk)


@require_GET
def look(request: Any, pk: int) -> HttpResponse:
    """How far the worker is; then the file."""
    made = _taken(request, pk)
    context = {
        **admin.site.each_context(request),
        "title": _("Export of customers"),
        "made": made,
        "job": None if made.finished else made.job,
        "until": made.created + KEPT,
    }
    return TemplateResponse(request, "crm/exchange/export_look.html", context)


@require_GET
def file(request: Any, pk: int) -> HttpResponse:
    """The file itself, for a day, to whoever asked and still may."""
    made = _taken(request, pk)
    if made.finished is None:
        messages.info(request, _("The file is not ready yet."))
        return redirect("admin:directory_export", made.pk)
    name = f"customers-{timezone.localtime(made.created):%Y-%m-%d-%H%M}.{made.format}"
    return download(bytes(made.content), name, made.format)


def _taken(request: Any, pk: int) -> DirectoryExport:
    _require(request)
    made: DirectoryExport = get_object_or_404(_recent(request), pk=pk)
    if not may_take(request.user, made):
        raise PermissionDenied
    return made


def _recent(_request: Any) -> QuerySet[DirectoryExport]:
    return DirectoryExport.objects.filter(created__gt=timezone.now() - KEPT).select_related("job", "asked_by")
