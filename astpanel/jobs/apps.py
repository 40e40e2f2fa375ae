"""The jobs app: work that takes longer than a page."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JobsConfig(AppConfig):
    """Registered in settings.INSTALLED_APPS."""

    name = "astpanel.jobs"
    label = "jobs"
    verbose_name = _("Jobs")
