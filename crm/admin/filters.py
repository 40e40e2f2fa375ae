"""Filters of the lists of customers. None of them counts or lists distinct values of a million rows."""

from collections.abc import Iterator
from typing import Any, Final

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from crm.models import AddressType, ContactInfo, Counterparty, CustomerSource

NOBODY: Final = "none"
MOST_MANAGERS: Final = 500  # in the filter; of larger offices the search finds the others


def _id(value: str | None) -> int | None:
    return int(value) if value and value.isdecimal() and len(value) < 19 else None


class StateFilter(admin.SimpleListFilter):
    """Customers in use, unless others are asked for: the archived and the merged-away would hide them."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("archived", _("archived")), ("merged", _("merged into others")), ("all", _("all"))]

    def choices(self, changelist: Any) -> Iterator[Any]:
        """The first, «all» of every other filter, means those in use here."""
        first, *others = super().choices(changelist)
        yield {**first, "display": _("in use")}
        yield from others

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "all":
            return queryset
        if self.value() == "merged":
            return queryset.exclude(merged_into=None)
        archived = self.value() == "archived"
        return queryset.filter(archived=True, merged_into=None) if archived else queryset.filter(archived=False)


class ManagerFilter(admin.SimpleListFilter):
    """By responsible manager: those who are one of somebody.

    EXISTS for each user is one look into the index of managers, however many customers each has; DISTINCT over the
    customers would read them all.
    """

    title = _("responsible manager")
    parameter_name = "manager"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Managers of customers, by name, and the one that is chosen."""
        users: Any = get_user_model().objects
        theirs = Counterparty.objects.filter(manager=OuterRef("pk")).order_by()
        rows = list(users.filter(Exists(theirs)).order_by("last_name", "first_name", "pk")[:MOST_MANAGERS])
        chosen = _id(self.used_parameters.get(self.parameter_name))
        if chosen is not None and chosen not in {row.pk for row in rows}:
            rows += users.filter(pk=chosen)
        return [(NOBODY, _("nobody")), *((str(row.pk), str(row)) for row in rows)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == NOBODY:
            return queryset.filter(manager=None)
        chosen = _id(self.value())
        return queryset if chosen is None else queryset.filter(manager=chosen)


class SourceFilter(admin.SimpleListFilter):
    """By who keeps them."""

    title = _("source")
    parameter_name = "source"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(NOBODY, _("this directory")), *((str(row.pk), str(row)) for row in CustomerSource.objects.all())]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == NOBODY:
            return queryset.filter(source=None)
        chosen = _id(self.value())
        return queryset if chosen is None else queryset.filter(source=chosen)


class NumberFilter(admin.SimpleListFilter):
    """By whether there is a number to call."""

    title = _("phone")
    parameter_name = "phone"
    owner: str

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("no", _("without a number")), ("yes", _("with a number"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() not in {"yes", "no"}:
            return queryset
        phones = ContactInfo.objects.filter(type=AddressType.PHONE).order_by()
        if connection.vendor == "sqlite":  # has no anti-join: it would look into the table for each of a million rows
            column = f"{self.owner}_id"
            found: Any = Q(pk__in=phones.exclude(**{column: None}).values(column))
        else:
            found = Exists(phones.filter(**{self.owner: OuterRef("pk")}))
        return queryset.filter(found if self.value() == "yes" else ~found)


class CounterpartyNumberFilter(NumberFilter):
    """Of counterparties themselves; their persons' numbers do not count."""

    owner = "counterparty"


class PersonNumberFilter(NumberFilter):
    """Of contact persons."""

    owner = "person"
