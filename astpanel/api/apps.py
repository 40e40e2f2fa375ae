"""The app of the interface for other systems."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApiConfig(AppConfig):
    """See docs/api.md."""

    name = "astpanel.api"
    label = "api"
    verbose_name = _("Interface for other systems")
    default_auto_field = "django.db.models.BigAutoField"
