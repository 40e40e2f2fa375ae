"""Departments."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from astpanel.accounts.models import Department
from astpanel.admin_parts import ModelAdmin


@admin.register(Department)
class DepartmentAdmin(ModelAdmin):
    """Groups of colleagues."""

    list_display = ["name", "order", "people"]
    list_editable = ["order"]
    search_fields = ["name"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request).annotate(people=Count("users"))
        return rows

    @admin.display(description=_("users"), ordering="people")
    def people(self, obj: Any) -> int:
        return int(obj.people)
