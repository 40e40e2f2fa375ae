"""The accounts app."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Registered in settings.INSTALLED_APPS."""

    name = "astpanel.accounts"
    label = "accounts"
    verbose_name = _("Users and profiles")

    def ready(self) -> None:
        """The groups of the three roles are there after each `migrate`; licences hear when they are written."""
        from astpanel.accounts.licensing import signals  # noqa: PLC0415 - only now are the models there
        from astpanel.accounts.roles import ensure_groups  # noqa: PLC0415 - only now are the models there

        post_migrate.connect(ensure_groups, sender=self, dispatch_uid="ensure_groups")
        signals.connect()
