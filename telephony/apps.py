"""The telephony app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TelephonyConfig(AppConfig):
    """Registered in settings.INSTALLED_APPS."""

    name = "telephony"
    label = "telephony"
    verbose_name = _("Telephony")

    def ready(self) -> None:
        """Changes of rights reach open pages."""
        from telephony.live import announcements  # noqa: PLC0415 - models can be imported only now

        announcements.connect()
