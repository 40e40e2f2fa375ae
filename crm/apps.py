"""The crm app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CrmConfig(AppConfig):
    """Registered in settings.INSTALLED_APPS."""

    name = "crm"
    label = "crm"
    verbose_name = _("Customers")

    def ready(self) -> None:
        """A change of the number rules takes effect."""
        from crm import number_rules  # noqa: PLC0415 - models can be imported only now

        number_rules.connect()
