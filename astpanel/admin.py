"""The admin site: health first, then the models in the order of an administrator's work."""

from collections.abc import Callable
from typing import Any, Final

from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

SECTIONS: Final = (  # title, models in order; what is not named here comes last, by app
    (_("Users"), ("accounts.PanelUser", "accounts.Department", "auth.Group")),
    (_("Profiles"), ("accounts.Profile", "accounts.ProfileAssignment")),
    (_("Licences"), ("accounts.License",)),
    (
        _("Customers"),
        (
            *("crm.Counterparty", "crm.ContactPerson", "crm.ContactInfoKind", "crm.CardLink"),
            *("crm.DirectoryImport", "crm.DirectoryExport", "crm.CustomerSource", "crm.SourceImport"),
            *("crm.SourceUser", "crm.RefusedRow", "crm.PendingTransfer", "crm.NumberPlacement", "crm.MergeRecord"),
        ),
    ),
    (
        _("PBX"),
        (
            "telephony.Pbx",
            "crm.NumberingPlan",
            "telephony.PbxCheck",
            "telephony.PhoneContact",
            "telephony.GatewayLease",
        ),
    ),
    (_("Journal"), ("telephony.CallRecord", "telephony.ActionLog", "auditlog.LogEntry", "setup.AgreementAcceptance")),
    (_("Background tasks"), ("jobs.Job", "django_q.Schedule", "django_q.OrmQ", "django_q.Success", "django_q.Failure")),
    (_("Other systems"), ("api.ApiClient",)),
    (_("Log-ins"), ("axes.AccessAttempt", "axes.AccessFailureLog", "axes.AccessLog")),
)


View = Callable[..., HttpResponseBase]


class AstpanelAdminSite(AdminSite):
    """Administrators set the portal up here. Apps add pages of their own with `add_page`, in their admin module."""

    site_header = site_title = "astpanel"
    index_title = _("Administration")

    def __init__(self, name: str = "admin") -> None:
        super().__init__(name)
        self._pages: list[URLPattern] = []

    def add_page(self, route: str, view: View, *, name: str) -> None:
        """A page under /admin/<route>, address `admin:<name>`: for staff only; the view asks for its own right.

        The view gets `request` and what the route captures, and renders a template that extends admin/base_site.html
        with `admin.site.each_context(request)` in its context.
        """
        self._pages.append(path(route, self.admin_view(view), name=name))

    def get_urls(self) -> list[Any]:
        """The apps' pages come first: Django's own list ends with a catch-all."""
        return [*self._pages, *super().get_urls()]

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """`health` in the context: astpanel.health.Health."""
        from astpanel.health import read_health  # noqa: PLC0415 - this module is imported before the models are

        return super().index(request, {"health": read_health(now=timezone.now()), **(extra_context or {})})

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """The sections, each in the shape of Django's app: name, app_label, app_url, models."""
        apps: list[Any] = super().get_app_list(request, app_label)
        if app_label is not None:
            return apps
        left = {entry["model"]._meta.label: (app, entry) for app in apps for entry in app["models"]}
        sections = []
        for number, (title, labels) in enumerate(SECTIONS):
            found = [left.pop(label) for label in labels if label in left]
            if found:
                app = {**found[0][0], "name": title, "app_label": f"section-{number}"}
                sections.append({**app, "models": [entry for _app, entry in found]})
        rest = [{**app, "models": [m for m in app["models"] if m["model"]._meta.label in left]} for app in apps]
        return [*sections, *(app for app in rest if app["models"])]
