"""Profiles and the record of their assignments."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from astpanel.accounts.models import Profile, ProfileAssignment
from astpanel.admin_parts import ModelAdmin, ReadOnly


@admin.register(Profile)
class ProfileAdmin(ModelAdmin):
    """Templates of settings: editing one changes nobody."""

    list_display = ["name", "people", "softphone", "intercept_own_clients", "timeout_seconds", "timeout_number"]
    search_fields = ["name"]
    autocomplete_fields = ["users"]
    fieldsets = (
        (None, {"fields": ["name"], "description": _("A template: editing it changes nobody until it is assigned.")}),
        (_("Softphone"), {"fields": ["softphone", "sip_host", "sip_port", "websocket_url"]}),
        (
            _("Calls of own clients"),
            {"fields": ["intercept_own_clients", "timeout_seconds", "timeout_number", "timeout_kind"]},
        ),
        (_("Users"), {"fields": ["users"]}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request).annotate(people=Count("users"))
        return rows

    @admin.display(description=_("users"), ordering="people")
    def people(self, obj: Any) -> int:
        return int(obj.people)


@admin.register(ProfileAssignment)
class ProfileAssignmentAdmin(ReadOnly, ModelAdmin):
    """What was handed out, by whom, and how far it came."""

    list_display = ["created", "profile", "asked_by", "total", "finished"]
    list_filter = ["profile"]
    list_select_related = ["profile", "asked_by"]
    search_fields = ["profile__name", "asked_by__last_name", "asked_by__username"]
    fields = ["profile", "asked_by", "created", "finished", "total"]
