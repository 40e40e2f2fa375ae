"""Panel users."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.contrib.auth.admin import UserAdmin
from django.db import transaction
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from astpanel.accounts.admin.permission_words import speak
from astpanel.accounts.admin.user_acts import ACTS
from astpanel.accounts.admin.user_columns import UserChangeList, UserColumns, chip, phones_html, rows_with_columns
from astpanel.accounts.admin.user_filters import DriftFilter, PhoneFilter, RightsFilter
from astpanel.accounts.admin.user_forms import PanelPasswordForm, PanelUserChangeForm, PanelUserCreationForm
from astpanel.accounts.admin.user_numbers import UserNumbersInline, plain_choice
from astpanel.accounts.admin.user_search import search_users
from astpanel.accounts.assignments.rules import may_assign
from astpanel.accounts.models import PanelUser
from astpanel.accounts.phones import phones_of
from astpanel.accounts.roles import Role, follow_role, may_touch, roles_of
from astpanel.admin_parts import WriteOnlySecrets

if TYPE_CHECKING:
    BaseUserAdmin = UserAdmin[PanelUser]  # generic for the type checker only
else:
    BaseUserAdmin = UserAdmin

RIGHTS = ("roles", "is_staff", "is_superuser", "groups", "user_permissions")
SOFTPHONE = ("softphone", "sip_host", "sip_port", "websocket_url", "sip_password")
OWN_CLIENTS = ("intercept_own_clients", "timeout_seconds", "timeout_number", "timeout_kind")
CUSTOMERS = ("card_opens", "may_add_numbers", "may_edit_customers")
MAY_CHANGE = (
    *("may_change_sip_password", "may_change_softphone", "may_change_audio", "may_change_interception"),
    "may_change_card",
)


@admin.register(PanelUser)
class PanelUserAdmin(UserColumns, WriteOnlySecrets, BaseUserAdmin):
    """People of the office. Rights are given by superusers only; nobody edits somebody who may do more."""

    form = PanelUserChangeForm
    add_form = PanelUserCreationForm
    change_password_form = PanelPasswordForm
    list_display = ["full_name", "numbers", "department", "seat", "phone", "profile", "rights", "login"]
    list_display_links = ["full_name"]
    list_filter = [
        "in_use",
        "department",
        "pbx",
        "assigned_profile",
        DriftFilter,
        PhoneFilter,
        RightsFilter,
        "is_active",
    ]
    list_per_page = 50
    search_fields = ["last_name"]  # shows the box; get_search_results does the search
    search_help_text = _("A name, a log-in, or any part of a number however it is typed.")
    ordering = ["last_name", "first_name", "username"]
    autocomplete_fields = ["department", "pbx"]
    filter_horizontal = ["groups", "user_permissions"]
    readonly_fields = ["phones", "profile_state", "status", "status_until", "last_login", "date_joined"]
    actions = ACTS
    inlines = [UserNumbersInline]
    fieldsets = (
        (None, {"fields": ["username", "password", "is_active"]}),
        (_("Person"), {"fields": [("last_name", "first_name", "patronymic"), "department", "email"]}),
        (_("Panel"), {"fields": ["in_use", "pbx", "phones", ("status", "status_until")]}),
        (_("Profile"), {"fields": ["profile_state"]}),
        (_("Softphone"), {"fields": SOFTPHONE}),
        (_("Calls of own clients"), {"fields": OWN_CLIENTS}),
        (_("Customers"), {"fields": CUSTOMERS}),
        (_("What the user may change"), {"fields": MAY_CHANGE}),
        (_("Rights"), {"fields": ["roles"], "description": _("Rights are given by superusers only.")}),
        (_("Single permissions and other groups"), {"fields": RIGHTS[1:], "classes": ["collapse"]}),
        (_("Visits"), {"fields": [("last_login", "date_joined")], "classes": ["collapse"]}),
    )
    add_fieldsets = (
        (None, {"fields": ["username", "usable_password", "password1", "password2"]}),
        (_("Person"), {"fields": [("last_name", "first_name", "patronymic"), "department"]}),
        (_("Panel"), {"fields": ["in_use", "pbx"]}),
    )

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        """Beside a choice only the plus: departments and PBXs are edited on their own pages."""
        field = super().formfield_for_dbfield(db_field, request, **options)
        return plain_choice(field)

    class Media:
        css = {"all": ["accounts/users.css", "accounts/sip-password.css"]}
        js = ["accounts/sip-password.js"]

    def get_changelist(self, request: HttpRequest, **_kwargs: Any) -> type[ChangeList]:
        return UserChangeList

    def get_queryset(self, request: HttpRequest) -> QuerySet[PanelUser]:
        return rows_with_columns(super().get_queryset(request))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[PanelUser], search_term: str
    ) -> tuple[QuerySet[PanelUser], bool]:
        return search_users(queryset, search_term), False

    def get_readonly_fields(self, request: HttpRequest, obj: PanelUser | None = None) -> Any:
        """Who may edit users could else make a superuser of anybody, also of themselves."""
        fields = super().get_readonly_fields(request, obj)
        own = ["is_active"] if obj is not None and obj.pk == request.user.pk else []  # nobody locks themselves out
        return [*fields, *own] if request.user.is_superuser else [*fields, *own, *RIGHTS]

    def has_change_permission(self, request: HttpRequest, obj: PanelUser | None = None) -> bool:
        return super().has_change_permission(request, obj) and _may_touch(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: PanelUser | None = None) -> bool:
        return super().has_delete_permission(request, obj) and _may_touch(request, obj)

    def formfield_for_manytomany(self, *args: Any, **kwargs: Any) -> Any:
        return speak(super().formfield_for_manytomany(*args, **kwargs))

    def has_assign_permission(self, request: HttpRequest) -> bool:
        """For the action that leads to an assignment."""
        return may_assign(request.user)  # type: ignore[arg-type]  # the admin's views have a user

    def has_rights_permission(self, request: HttpRequest) -> bool:
        """For the actions that give and take roles."""
        return bool(request.user.is_superuser)

    @transaction.atomic
    def save_related(self, request: HttpRequest, form: "ModelForm[PanelUser]", formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if isinstance(form, PanelUserChangeForm) and "roles" in form.fields:
            follow_role(user=form.instance, before=form.roles_before, after=form.roles_after)

    @admin.display(description=_("registered phones"))
    def phones(self, obj: PanelUser) -> SafeString:
        return phones_html(phones_of([obj])[obj.pk])

    @admin.display(description=_("assigned profile"))
    def profile_state(self, obj: PanelUser) -> SafeString:
        return self.profile(obj)

    @admin.display(description=_("roles"))
    def roles(self, obj: PanelUser) -> SafeString:
        """For those who may give no rights: the same words, not to be changed."""
        held = roles_of(obj)
        words = [str(role.label) for role in Role if role in held]
        return format_html_join(" ", "{}", ((chip("brand", word),) for word in words)) or chip("off", "—")


def _may_touch(request: Any, obj: PanelUser | None) -> bool:
    return obj is None or may_touch(request.user, obj)
