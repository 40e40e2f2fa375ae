"""Failed log-ins: whoever is locked out is let in again by deleting the row. The journals of log-ins stay axes' own."""

from typing import TYPE_CHECKING, Any

from axes.admin import AccessAttemptAdmin
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib import admin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

if TYPE_CHECKING:
    AttemptAdminBase = admin.ModelAdmin[Any]
else:
    AttemptAdminBase = AccessAttemptAdmin

admin.site.unregister(AccessAttempt)


@admin.register(AccessAttempt)
class AttemptAdmin(AttemptAdminBase):
    """Without axes' action “clean up”: it needs what only a log-in has and fails; each log-in cleans up anyway."""

    actions = ()

    @admin.display(description=gettext_lazy("Status"))
    def status(self, obj: AccessAttempt) -> str:
        left = settings.AXES_FAILURE_LIMIT - obj.failures_since_start
        if left <= 0:
            return _("Locked Out")
        return ngettext("%(count)d attempt left", "%(count)d attempts left", left) % {"count": left}
