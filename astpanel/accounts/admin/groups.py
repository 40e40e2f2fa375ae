"""Groups: the product's roles as they are, and groups of the office's own."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as BaseGroupAdmin
from django.contrib.auth.models import Group
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from astpanel.accounts.admin.permission_words import speak
from astpanel.accounts.roles import is_role

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin

    GroupAdminBase = ModelAdmin[Group]  # the stubs' GroupAdmin is of their own model
else:
    GroupAdminBase = BaseGroupAdmin

admin.site.unregister(Group)


@admin.register(Group)
class GroupAdmin(GroupAdminBase):
    """The rights of the three roles come with the product: other rights are for another group."""

    list_display = ["name", "role", "people"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request).annotate(people=Count("user"))
        return rows

    def has_change_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        """Only superusers give rights, and nobody changes a role."""
        return bool(request.user.is_superuser) and (obj is None or not is_role(obj))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_superuser)

    def has_delete_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        return bool(request.user.is_superuser) and (obj is None or not is_role(obj))

    def formfield_for_manytomany(self, *args: Any, **kwargs: Any) -> Any:
        return speak(super().formfield_for_manytomany(*args, **kwargs))

    @admin.display(description=_("role of the product"))
    def role(self, obj: Group) -> str:
        return str(_("yes")) if is_role(obj) else ""

    @admin.display(description=_("users"), ordering="people")
    def people(self, obj: Any) -> int:
        return int(obj.people)
