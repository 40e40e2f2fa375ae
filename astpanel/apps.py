"""The project's own app (templates, checks, shared commands) and its admin site."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class AstpanelAdminConfig(AdminConfig):
    """Django's admin with the product's site in the place of the default one."""

    default_site = "astpanel.admin.AstpanelAdminSite"


class AstpanelConfig(AppConfig):
    """Shared by all apps."""

    name = "astpanel"

    def ready(self) -> None:
        """The checks register themselves."""
        from astpanel import checks  # noqa: F401, PLC0415 - only now are the settings complete
