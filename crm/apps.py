"""The crm app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CrmConfig(AppConfig):
    """Registered in settings.INSTALLED_APPS."""

    name = "crm"
    label = "crm"
    verbose_name = _("Customers")
