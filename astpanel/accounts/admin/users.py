"""Panel users and departments."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.db.models import Count, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from astpanel.accounts import selectors, services
from astpanel.accounts.admin.user_forms import PanelUserChangeForm, PanelUserCreationForm
from astpanel.accounts.models import Department, PanelUser
from astpanel.admin_parts import ModelAdmin, WriteOnlySecrets
from crm.admin_inlines import UserInfoInline

if TYPE_CHECKING:
    BaseUserAdmin = UserAdmin[PanelUser]  # generic for the type checker only
else:
    BaseUserAdmin = UserAdmin

RIGHTS = ("is_active", "supervisor", "is_staff", "is_superuser", "groups", "user_permissions")
SETTINGS = ("softphone", "sip_host", "sip_port", "websocket_url", "sip_password")
OWN_CLIENTS = ("intercept_own_clients", "timeout_seconds", "timeout_number", "timeout_kind")


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


@admin.register(PanelUser)
class PanelUserAdmin(WriteOnlySecrets, BaseUserAdmin):
    """People of the office. Rights are given by superusers only, and only they touch a superuser."""

    form = PanelUserChangeForm
    add_form = PanelUserCreationForm
    list_display = ["full_name", "numbers", "department", "pbx", "in_use", "supervisor", "status", "is_staff", "login"]
    list_display_links = ["full_name"]
    list_filter = ["in_use", "department", "pbx", "status", "is_staff", "is_active"]
    list_select_related = ["department", "pbx"]
    list_per_page = 50
    search_fields = ["last_name", "first_name", "username", "contact_info__value", "contact_info__e164"]
    search_help_text = _("A name, a log-in or a number.")
    ordering = ["last_name", "first_name", "username"]
    autocomplete_fields = ["department", "pbx"]
    filter_horizontal = ["groups", "user_permissions"]
    readonly_fields = ["status", "status_until", "last_login", "date_joined"]
    actions = ["give_seat", "take_seat"]
    inlines = [UserInfoInline]
    fieldsets = (
        (None, {"fields": ["username", "password"]}),
        (_("Person"), {"fields": ["last_name", "first_name", "patronymic", "department", "email"]}),
        (_("Panel"), {"fields": ["in_use", "pbx", "status", "status_until"]}),
        (_("Softphone"), {"fields": SETTINGS}),
        (_("Calls of own clients"), {"fields": OWN_CLIENTS}),
        (_("Rights"), {"fields": RIGHTS}),
        (_("Visits"), {"fields": ["last_login", "date_joined"]}),
    )
    add_fieldsets = (
        (None, {"fields": ["username", "usable_password", "password1", "password2"]}),
        (_("Person"), {"fields": ["last_name", "first_name", "patronymic", "department"]}),
        (_("Panel"), {"fields": ["in_use", "pbx"]}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[PanelUser]:
        users = selectors.with_supervisor_right(super().get_queryset(request))
        return selectors.with_internal_numbers(users)

    def get_readonly_fields(self, request: HttpRequest, obj: PanelUser | None = None) -> Any:
        """Who may edit users could else make a superuser of anybody, also of themselves."""
        fields = super().get_readonly_fields(request, obj)
        return fields if request.user.is_superuser else [*fields, *RIGHTS]

    def has_change_permission(self, request: HttpRequest, obj: PanelUser | None = None) -> bool:
        return super().has_change_permission(request, obj) and _may_touch(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: PanelUser | None = None) -> bool:
        return super().has_delete_permission(request, obj) and _may_touch(request, obj)

    def save_related(self, request: HttpRequest, form: "ModelForm[PanelUser]", formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if "supervisor" in form.fields:
            services.set_supervisor(user=form.instance, on=form.cleaned_data["supervisor"])

    @admin.display(description=_("name"), ordering="last_name")
    def full_name(self, obj: PanelUser) -> str:
        return str(obj)

    @admin.display(description=_("internal numbers"))
    def numbers(self, obj: PanelUser) -> str:
        return ", ".join(selectors.internal_numbers(obj))

    @admin.display(description=_("supervisor"), boolean=True, ordering="supervises")
    def supervisor(self, obj: Any) -> bool:
        return bool(obj.supervises)

    @admin.display(description=_("last visit"), ordering="last_login")
    def login(self, obj: PanelUser) -> Any:
        return obj.last_login

    @admin.action(description=_("Use the panel: take a licence seat"), permissions=["change"])
    def give_seat(self, request: HttpRequest, queryset: QuerySet[PanelUser]) -> None:
        self._set_in_use(request, queryset, on=True)

    @admin.action(description=_("Do not use the panel: free the licence seat"), permissions=["change"])
    def take_seat(self, request: HttpRequest, queryset: QuerySet[PanelUser]) -> None:
        self._set_in_use(request, queryset, on=False)

    def _set_in_use(self, request: HttpRequest, queryset: QuerySet[PanelUser], *, on: bool) -> None:
        changed = services.set_in_use(users=[user for user in queryset if _may_touch(request, user)], on=on)
        text = ngettext("%(count)d user changed.", "%(count)d users changed.", changed) % {"count": changed}
        self.message_user(request, text, messages.SUCCESS)
        taken = selectors.seats(now=timezone.now())
        if on and taken.exceeded:
            warning = _("%(used)d users are in use, the licence keys have %(total)d seats.")
            self.message_user(request, warning % {"used": taken.used, "total": taken.total}, messages.WARNING)


def _may_touch(request: HttpRequest, obj: PanelUser | None) -> bool:
    return obj is None or not obj.is_superuser or bool(request.user.is_superuser)
