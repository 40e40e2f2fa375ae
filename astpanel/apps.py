"""The project's own app (templates, checks, shared commands) and its admin site."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.db.backends.signals import connection_created

from astpanel.lib.sqlite_like import fold_every_alphabet


class AstpanelAdminConfig(AdminConfig):
    """Django's admin with the product's site in the place of the default one."""

    default_site = "astpanel.admin.AstpanelAdminSite"


class AstpanelConfig(AppConfig):
    """Shared by all apps."""

    name = "astpanel"

    def ready(self) -> None:
        """The checks register themselves, the audit watches; each SQLite connection is taught every alphabet."""
        from astpanel import checks  # noqa: F401, PLC0415 - only now are the settings complete
        from astpanel.audit import watch  # noqa: PLC0415 - only now are the models there
        from astpanel.library_words import name_everything  # noqa: PLC0415 - the same

        watch()
        name_everything()
        connection_created.connect(fold_every_alphabet, dispatch_uid="fold_every_alphabet")
