"""The crm app."""

from django.apps import AppConfig
from django.core.checks import Tags, register
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from crm.trigrams import check_indexes, make_indexes


class CrmConfig(AppConfig):
    """Registered in settings.INSTALLED_APPS."""

    name = "crm"
    label = "crm"
    verbose_name = _("Customers")

    def ready(self) -> None:
        """A change of the number rules or the directory takes effect; the search gets its indexes."""
        from crm import changes, number_rules  # noqa: PLC0415 - models can be imported only now

        changes.connect()
        number_rules.connect()
        post_migrate.connect(make_indexes, sender=self, dispatch_uid="trigram_indexes")
        register(check_indexes, Tags.database)
