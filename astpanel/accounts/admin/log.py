"""Who changed what in the admin."""

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.utils.translation import gettext_lazy as _

from astpanel.admin_parts import ModelAdmin, ReadOnly


@admin.register(LogEntry)
class LogEntryAdmin(ReadOnly, ModelAdmin):
    """Django's own log of the admin, shown."""

    list_display = ["action_time", "user", "action_flag", "content_type", "object_repr", "message"]
    list_filter = ["action_flag", "content_type"]
    list_select_related = ["user", "content_type"]
    search_fields = ["object_repr", "user__last_name", "user__username"]
    fields = ["action_time", "user", "action_flag", "content_type", "object_id", "object_repr", "message"]

    @admin.display(description=_("what"))
    def message(self, obj: LogEntry) -> str:
        return obj.get_change_message()
