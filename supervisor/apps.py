"""The supervisor app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SupervisorConfig(AppConfig):
    """Registered in settings.INSTALLED_APPS."""

    name = "supervisor"
    label = "supervisor"
    verbose_name = _("Supervisor")
