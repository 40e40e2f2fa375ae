"""Filters of the list of users."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from astpanel.accounts.phones import with_phone_registered

if TYPE_CHECKING:
    Rows = QuerySet[Any]  # with the annotations of the list


class PhoneFilter(admin.SimpleListFilter):
    """By whether a phone of the user is registered."""

    title = _("phone")
    parameter_name = "phone"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("registered")), ("no", _("not registered"))]

    def queryset(self, request: HttpRequest, queryset: "Rows") -> "Rows":
        if self.value() not in {"yes", "no"}:
            return queryset
        return with_phone_registered(queryset).filter(phone_registered=self.value() == "yes")


class RightsFilter(admin.SimpleListFilter):
    """By the highest role, whichever way it was given."""

    title = _("rights")
    parameter_name = "rights"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("operator", _("operator")), ("supervisor", _("supervisor")), ("administrator", _("administrator"))]

    def queryset(self, request: HttpRequest, queryset: "Rows") -> "Rows":
        """The list's rows carry `supervises` and `administers`."""
        if self.value() == "administrator":
            return queryset.filter(administers=True)
        if self.value() == "supervisor":
            return queryset.filter(supervises=True, administers=False)
        return queryset.filter(supervises=False, administers=False) if self.value() == "operator" else queryset


class DriftFilter(admin.SimpleListFilter):
    """By whether the settings differ from the profile that was assigned last."""

    title = _("settings and profile")
    parameter_name = "drift"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("differ from the profile")), ("no", _("as in the profile")), ("none", _("no profile"))]

    def queryset(self, request: HttpRequest, queryset: "Rows") -> "Rows":
        """The list's rows carry `drifted`."""
        if self.value() == "none":
            return queryset.filter(assigned_profile=None)
        if self.value() in {"yes", "no"}:
            return queryset.filter(~Q(assigned_profile=None), drifted=self.value() == "yes")
        return queryset
