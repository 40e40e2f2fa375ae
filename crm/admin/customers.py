"""The directory in the admin: counterparties and contact persons."""

from typing import Any

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from astpanel.admin_parts import NamedCells
from crm.admin.customer_pages import FOUND_AT_MOST, CustomerAdmin, KeptBySource
from crm.admin.filters import CounterpartyNumberFilter, ManagerFilter, PersonNumberFilter, SourceFilter, StateFilter
from crm.admin_inlines import CounterpartyInfoInline, PersonInfoInline, TabularInline
from crm.exchange.admin_export import FilesOfCustomers
from crm.models import ContactPerson, Counterparty
from crm.search import matching_names


class ContactPersonInline(TabularInline):
    """The persons of a counterparty; their numbers are on their own page."""

    model = ContactPerson
    form = KeptBySource
    formset = NamedCells
    fields = ["name", "position", "archived"]
    verbose_name = _("Contact")
    verbose_name_plural = _("contact persons")
    extra = 0
    show_change_link = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).filter(merged_into=None)


@admin.register(Counterparty)
class CounterpartyAdmin(FilesOfCustomers, CustomerAdmin):
    """Companies and people the office works with."""

    change_list_template = "admin/crm/counterparty/change_list.html"
    owner = "counterparty"
    kept_by_source = ("name", "manager", "archived", "external_ref")
    list_display = ["named", "kind", "numbers", "manager", "origin", "in_archive"]
    list_filter = [StateFilter, ManagerFilter, SourceFilter, "kind", CounterpartyNumberFilter]
    list_select_related = ["manager", "source"]
    autocomplete_fields = ["manager"]
    fields = ["kind", "name", "manager", "note", "archived", "external_ref"]
    inlines = [CounterpartyInfoInline, ContactPersonInline]
    search_help_text = _("Any part of a name (a contact person's and a manager's too), or of a number in any format.")

    @admin.display(description=pgettext_lazy("customer", "name"), ordering="name")
    def named(self, obj: Counterparty) -> SafeString:
        return super().named(obj)

    def found_otherwise(self, text: str) -> set[int]:
        """By the names of their persons and of their managers."""
        persons = matching_names(ContactPerson.objects.filter(archived=False).order_by(), text)
        users: Any = get_user_model().objects
        managers = list(users.filter(last_name__istartswith=text.strip()).values_list("pk", flat=True)[:FOUND_AT_MOST])
        theirs = Counterparty.objects.filter(manager__in=managers).order_by().values_list("pk", flat=True)
        found = set(persons.values_list("counterparty", flat=True)[:FOUND_AT_MOST])
        return found | set(theirs[:FOUND_AT_MOST])


@admin.register(ContactPerson)
class ContactPersonAdmin(CustomerAdmin):
    """People who speak for a counterparty."""

    owner = "person"
    kept_by_source = ("name", "counterparty", "archived", "external_ref")
    list_display = ["named", "company", "position", "numbers", "origin", "in_archive"]
    list_filter = [StateFilter, SourceFilter, PersonNumberFilter]
    list_select_related = ["counterparty", "source"]
    autocomplete_fields = ["counterparty"]
    fields = ["name", "counterparty", "position", "archived", "external_ref"]
    inlines = [PersonInfoInline]
    search_help_text = _("Any part of a name (the counterparty's too), or of a number in any format.")

    def found_otherwise(self, text: str) -> set[int]:
        """By the names of their counterparties."""
        companies = matching_names(Counterparty.objects.filter(archived=False).order_by(), text)
        chosen = list(companies.values_list("pk", flat=True)[:FOUND_AT_MOST])
        persons = ContactPerson.objects.filter(counterparty__in=chosen).order_by()
        return set(persons.values_list("pk", flat=True)[:FOUND_AT_MOST])

    @admin.display(description=_("counterparty"))
    def company(self, obj: ContactPerson) -> SafeString:
        return format_html("<bdi>{}</bdi>", obj.counterparty.name)
