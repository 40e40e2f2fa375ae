"""The telephony app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TelephonyConfig(AppConfig):
    """Registered in settings.INSTALLED_APPS."""

    name = "telephony"
    label = "telephony"
    verbose_name = _("Telephony")
