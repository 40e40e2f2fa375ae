"""Pages of the import of users: choose a file, look at what would happen, let it happen."""

from typing import Any, Final

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from astpanel.accounts.importing.columns import COLUMNS
from astpanel.accounts.importing.export import template_file, users_file
from astpanel.accounts.importing.parse import LIMITS, parse
from astpanel.accounts.importing.services import begin_import, check_table
from astpanel.accounts.importing.work import counts
from astpanel.accounts.models import PanelUser, UserImport
from astpanel.accounts.roles import touchable_by
from astpanel.admin import AstpanelAdminSite
from astpanel.lib.tables.base import FileError
from astpanel.lib.tables.writing import TYPES

SHOWN: Final = 200  # rows with faults on a page, and of the others


class UploadForm(forms.Form):
    """One file; its limits are checked before it is read."""

    file = forms.FileField(
        label=_("file"),
        help_text=_("CSV or XLSX with the headers of the template."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.xlsx,text/csv"}),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        try:
            LIMITS.check_size(file.size)
            self.table = parse(file.read())
        except FileError as error:
            raise ValidationError(str(error)) from None
        return file


def may_import(request: Any) -> None:
    """Whoever may add users and change them."""
    if not request.user.has_perms(["accounts.add_paneluser", "accounts.change_paneluser"]):
        raise PermissionDenied


@require_http_methods(["GET", "POST"])
def upload(request: Any) -> HttpResponse:
    """Choose a file; checked, it leads to its page."""
    may_import(request)
    form = UploadForm(request.POST or None, request.FILES or None) if request.method == "POST" else UploadForm()
    if request.method == "POST" and form.is_valid():
        made = check_table(table=form.table, source=form.cleaned_data["file"].name, by=request.user)
        return redirect("admin:user_import", made.pk)
    context = {
        **admin.site.each_context(request),
        "title": _("Import of users"),
        "form": form,
        "columns": COLUMNS,
        "most_rows": LIMITS.rows,
        "recent": UserImport.objects.select_related("asked_by").defer("rows", "outcomes", "unknown")[:10],
    }
    return TemplateResponse(request, "admin/accounts/import/upload.html", context)


@require_http_methods(["GET", "POST"])
def look(request: Any, pk: int) -> HttpResponse:
    """What the check found, and the button; afterwards what became of each row."""
    may_import(request)
    made = get_object_or_404(UserImport.objects.select_related("job", "asked_by"), pk=pk)
    if request.method == "POST":
        return _begin(request, made)
    faulty = [outcome for outcome in made.outcomes if outcome["errors"]]
    others = [outcome for outcome in made.outcomes if not outcome["errors"]]
    found = counts(made)
    context = {
        **admin.site.each_context(request),
        "title": _("Import of users"),
        "made": made,
        "job": made.job if made.job and not made.finished else None,
        "counts": found,
        "to_write": found["new"] + found["changed"],
        "faulty": faulty[:SHOWN],
        "faulty_more": max(len(faulty) - SHOWN, 0),
        "others": others[:SHOWN],
        "others_more": max(len(others) - SHOWN, 0),
        "checked": made.state == UserImport.State.CHECKED,
        "done": made.state in {UserImport.State.DONE, UserImport.State.FAILED},
    }
    return TemplateResponse(request, "admin/accounts/import/look.html", context)


def _begin(request: Any, made: UserImport) -> HttpResponse:
    try:
        begin_import(made=made, by=request.user, only_valid="only_valid" in request.POST)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("admin:user_import", made.pk)


@require_GET
def template(request: HttpRequest, kind: str) -> HttpResponse:
    """The file to begin with."""
    may_import(request)
    return _download(template_file, kind, "users-template")


@require_GET
def export(request: Any, kind: str) -> HttpResponse:
    """All users that may be edited, as a file that can be imported again."""
    may_import(request)
    users = touchable_by(request.user, PanelUser.objects.order_by("last_name", "first_name", "username"))
    return _download(lambda kind: users_file(users, kind), kind, "users")


def _download(make: Any, kind: str, name: str) -> HttpResponse:
    if kind not in TYPES:
        raise Http404
    headers = {"Content-Disposition": f'attachment; filename="{name}.{kind}"'}
    return HttpResponse(make(kind), content_type=TYPES[kind], headers=headers)


site = admin.site
assert isinstance(site, AstpanelAdminSite)  # noqa: S101 - the default site of the settings

site.add_page("accounts/paneluser/import/", upload, name="user_import_upload")
site.add_page("accounts/paneluser/import/<int:pk>/", look, name="user_import")
site.add_page("accounts/paneluser/import/template.<slug:kind>", template, name="user_import_template")
site.add_page("accounts/paneluser/export.<slug:kind>", export, name="user_export")
