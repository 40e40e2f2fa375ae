"""Kinds of contact information."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from astpanel.admin_parts import ModelAdmin, flag
from crm.models import ContactInfoKind


@admin.register(ContactInfoKind)
class ContactInfoKindAdmin(ModelAdmin):
    """Kinds; one in use is not deleted."""

    list_display = ["name", "owner", "type", "mobile", "order", "used"]
    list_filter = ["owner", "type"]
    search_fields = ["name"]
    mobile = flag("is_mobile", title=_("mobile number"), yes=_("yes"))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request).annotate(used=Count("values_of_kind"))
        return rows

    @admin.display(description=_("values"), ordering="used")
    def used(self, obj: Any) -> int:
        return int(obj.used)
