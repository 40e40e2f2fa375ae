"""Pages of the import of customers: choose a file, look at what would happen, let it happen."""

from typing import Any, Final

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from astpanel.lib.tables.base import FileError
from astpanel.lib.tables.writing import TYPES, table_file
from crm.exchange.columns import COLUMNS, LIMITS
from crm.exchange.exporting import template_file
from crm.exchange.outcomes import CHANGED, NEW
from crm.exchange.rules import may_import
from crm.exchange.services import begin_import, take_file
from crm.models import DirectoryImport

SHOWN: Final = 100  # refused rows on the page; the file has all
MOST_IN_XLSX: Final = 5_000  # refused rows; a longer file is made as CSV, while somebody waits


class UploadForm(forms.Form):
    """One file; its limits are checked before it is read."""

    file = forms.FileField(
        label=gettext_lazy("file"),
        help_text=gettext_lazy("CSV or XLSX with the headers of the template."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.txt,.xlsx,text/csv"}),
    )

    def clean_file(self) -> Any:
        """Its size; what is in it, the view reads."""
        file = self.cleaned_data["file"]
        try:
            LIMITS.check_size(file.size)
        except FileError as error:
            raise ValidationError(str(error)) from None
        return file


def _require(request: Any) -> None:
    if not may_import(request.user):
        raise PermissionDenied


@require_http_methods(["GET", "POST"])
def upload(request: Any) -> HttpResponse:
    """Choose a file; checked, or on its way to a worker, it leads to its page."""
    _require(request)
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            made = take_file(data=file.read(), name=file.name, by=request.user)
        except FileError as error:
            form.add_error("file", str(error))
        else:
            return redirect("admin:directory_import", made.pk)
    context = {
        **admin.site.each_context(request),
        "title": _("Import of customers"),
        "form": form,
        "columns": COLUMNS,
        "rows": number_format(LIMITS.rows, force_grouping=True),
        "megabytes": LIMITS.size // 1_000_000,
        "recent": DirectoryImport.objects.select_related("asked_by").defer("content", "sample", "header")[:10],
    }
    return TemplateResponse(request, "crm/exchange/upload.html", context)


@require_http_methods(["GET", "POST"])
def look(request: Any, pk: int) -> HttpResponse:
    """What the check found, and the button; afterwards what became of the rows."""
    _require(request)
    made = get_object_or_404(DirectoryImport.objects.select_related("job", "asked_by"), pk=pk)
    if request.method == "POST":
        return _begin(request, made)
    State = DirectoryImport.State  # noqa: N806 - a class
    under_way = made.job if made.job and made.state in {State.CHECKING, State.RUNNING} else None
    counts = made.counts
    context = {
        **admin.site.each_context(request),
        "title": _("Import of customers"),
        "made": made,
        "job": under_way,
        "counts": counts,
        "to_write": counts.get(NEW, 0) + counts.get(CHANGED, 0),
        "faults": made.faults.filter(duplicate=False)[:SHOWN],
        "faults_more": max(counts.get("error", 0) - SHOWN, 0),
        "duplicates": made.faults.filter(duplicate=True)[:SHOWN],
        "duplicates_more": max(counts.get("duplicate", 0) - SHOWN, 0),
        "refused_as": "xlsx" if counts.get("error", 0) + counts.get("duplicate", 0) <= MOST_IN_XLSX else "csv",
        "checked": made.state == State.CHECKED,
        "done": made.state == State.DONE,
        "failed": made.state == State.FAILED,
    }
    return TemplateResponse(request, "crm/exchange/look.html", context)


def _begin(request: Any, made: DirectoryImport) -> HttpResponse:
    try:
        begin_import(
            made=made,
            by=request.user,
            only_valid="only_valid" in request.POST,
            with_duplicates="with_duplicates" in request.POST,
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("admin:directory_import", made.pk)


@require_GET
def template(request: Any, kind: str) -> HttpResponse:
    """The file to begin with."""
    _require(request)
    if kind not in TYPES:
        raise Http404
    return download(template_file(kind), f"customers-template.{kind}", kind)


@require_GET
def refused(request: Any, pk: int, kind: str) -> HttpResponse:
    """The rows that were refused, as they were in the file, each with the reason: to be mended and sent again."""
    _require(request)
    made = get_object_or_404(DirectoryImport.objects.defer("content"), pk=pk)
    if kind not in TYPES:
        raise Http404
    width = len(made.header)
    rows = (
        [str(fault.line), " ".join(fault.texts), *fault.cells, *[""] * (width - len(fault.cells))]
        for fault in made.faults.iterator()
    )
    headers = [_("Row"), _("What is wrong"), *made.header]
    return download(table_file(headers, rows, kind), f"customers-refused-{made.pk}.{kind}", kind)


def download(data: bytes, name: str, kind: str) -> HttpResponse:
    """A file to take away."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(data, content_type=TYPES[kind], headers=headers)
