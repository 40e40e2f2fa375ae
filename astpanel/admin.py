"""The admin site: health first, then the models in the order of an administrator's work."""

from typing import Any, Final

from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

SECTIONS: Final = (  # title, models in order; what is not named here comes last, by app
    (_("Users"), ("accounts.PanelUser", "accounts.Department", "auth.Group")),
    (_("Profiles"), ("accounts.Profile", "accounts.ProfileAssignment")),
    (_("Licences"), ("accounts.License",)),
    (_("Customers"), ("crm.Counterparty", "crm.ContactPerson", "crm.ContactInfoKind")),
    (_("PBX"), ("telephony.Pbx", "telephony.GatewayLease")),
    (_("Journal"), ("telephony.CallRecord", "telephony.ActionLog", "admin.LogEntry")),
)


class AstpanelAdminSite(AdminSite):
    """Administrators set the portal up here."""

    site_header = site_title = "astpanel"
    index_title = _("Administration")

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
