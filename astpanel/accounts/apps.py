"""The accounts app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Registered in settings.INSTALLED_APPS."""

    name = "astpanel.accounts"
    label = "accounts"
    verbose_name = _("Users and profiles")
