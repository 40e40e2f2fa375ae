"""The start-up assistant."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SetupConfig(AppConfig):
    """Registered in settings.INSTALLED_APPS."""

    name = "astpanel.setup"
    label = "setup"
    verbose_name = _("Start-up assistant")
