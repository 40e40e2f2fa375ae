"""What the libraries' pages say in one language only, given words of ours. Called once, when the models are there.

Their own catalogs have no Russian for these texts; `gettext_noop` puts them into ours, and Django takes the
translation from there, since the project's catalog goes before those of the apps.
"""

from typing import Any, Final

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.apps import apps
from django.contrib.admin.templatetags import admin_list
from django.db.models import Model
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from django_q.models import OrmQ

TEXTS: Final = (
    gettext_noop("Access attempt expiration"),
    gettext_noop("access attempt expiration"),
    gettext_noop("access attempt expirations"),
    gettext_noop("Locked Out"),
    gettext_noop("Not set"),
    gettext_noop("Status"),
    gettext_noop("User Agent"),
    gettext_noop("HTTP Accept"),
    gettext_noop("GET Data"),
    gettext_noop("POST Data"),
    gettext_noop("Audit log"),
    gettext_noop("Created {repr:s}"),
    gettext_noop("Updated {repr:s}"),
    gettext_noop("Deleted {repr:s}"),
    gettext_noop("Cron expression"),
    gettext_noop("When this schedule runs next (stored in UTC)."),
    gettext_noop("Name of kwarg to pass intended schedule date"),
    gettext_noop("Pickled positional arguments (tuple)."),
    gettext_noop("Pickled keyword arguments (dict)."),
    gettext_noop("Select all"),
)


def name_everything() -> None:
    """Apps, rows, links between rows, and the icons of yes and no."""
    apps.get_app_config("axes").verbose_name = gettext_lazy("Log-ins")
    apps.get_app_config("django_q").verbose_name = gettext_lazy("Background tasks")
    for model in (AccessAttempt, AccessFailureLog, AccessLog):
        model.__str__ = _log_in  # theirs is English, with a bare moment
    OrmQ.__str__ = _queued  # it has none of its own
    links: Any = apps.get_models(include_auto_created=True)
    for link in links:
        if link._meta.auto_created:
            link._meta.verbose_name = gettext_lazy("link")
            link._meta.verbose_name_plural = gettext_lazy("links")
            link.__str__ = _ends  # Django's says "object (1)"
    tags: Any = admin_list
    tags._boolean_icon = _icon(tags._boolean_icon)  # its alternative text is Python's True and False


def _log_in(row: Any) -> str:
    return f"{row.username or '—'}, {row.ip_address or '—'}"


def _queued(row: OrmQ) -> str:
    return str(row.name() or row.pk)


def _ends(row: Model) -> str:
    """A row that only links two others: both."""
    return " – ".join(str(getattr(row, field.name)) for field in row._meta.fields if field.is_relation)


def _icon(theirs: Any) -> Any:
    def icon(value: bool | None) -> SafeString:
        alternative = f'alt="{value}"'
        words = {True: _("yes"), False: _("no"), None: _("not known")}[value]
        return SafeString(theirs(value).replace(alternative, format_html('alt="{}"', words)))

    return icon
