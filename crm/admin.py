"""Admin pages of customers."""

from typing import TYPE_CHECKING, Any, ClassVar, Final

from django.contrib import admin
from django.db.models import Count, Model, Prefetch, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from astpanel.admin_parts import NamedCells
from astpanel.lib.phone_numbers import digits_of, readable
from crm import numbering_admin
from crm.admin_inlines import CounterpartyInfoInline, PersonInfoInline
from crm.models import ContactInfo, ContactInfoKind, ContactPerson, Counterparty
from crm.selectors import keys_of, rows_with_keys
from crm.sources import admin as sources_admin

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Any]  # generic for the type checker only
    TabularInline = admin.TabularInline[Any, Any]
else:
    ModelAdmin = admin.ModelAdmin
    TabularInline = admin.TabularInline

__all__ = ["numbering_admin", "sources_admin"]
FOUND_AT_MOST: Final = 1_000  # owners of one number; the ids go into the query, so that its index is used


def shown(rows: "QuerySet[ContactInfo] | list[ContactInfo]") -> str:
    """Numbers and addresses for people, the main one first."""
    return ", ".join(readable(row.e164) if row.e164.startswith("+") else row.value for row in rows)


class NumberSearch(ModelAdmin):
    """Words search the names; a number in any format finds who has it, by index."""

    show_full_result_count = False
    search_help_text = _("A name, or a whole number in any format.")
    owner: ClassVar[str]  # the owner field of ContactInfo

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Model], search_term: str
    ) -> tuple[QuerySet[Model], bool]:
        digits = digits_of(search_term)
        if len(digits) < 3 or any(character.isalpha() for character in search_term):
            return super().get_search_results(request, queryset, search_term)
        column = f"{self.owner}_id"
        owners = rows_with_keys([keys_of(search_term)]).exclude(**{column: None}).values_list(column, flat=True)
        return queryset.filter(pk__in=list(owners[:FOUND_AT_MOST])), False


class ContactPersonInline(TabularInline):
    """The persons of a counterparty; their numbers are on their own page."""

    model = ContactPerson
    formset = NamedCells
    fields = ["name", "position", "archived"]
    extra = 0
    show_change_link = True


@admin.register(Counterparty)
class CounterpartyAdmin(NumberSearch):
    """Companies and people the office works with."""

    owner = "counterparty"
    list_display = ["name", "numbers", "manager", "archived"]
    list_filter = ["archived"]
    list_select_related = ["manager"]
    search_fields = ["name", "contact_persons__name", "manager__last_name"]
    autocomplete_fields = ["manager"]
    fields = ["name", "manager", "note", "archived", "external_ref"]
    inlines = [CounterpartyInfoInline, ContactPersonInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Counterparty]:
        return super().get_queryset(request).prefetch_related(Prefetch("contact_info", ContactInfo.objects.all()))

    @admin.display(description=_("contact information"))
    def numbers(self, obj: Counterparty) -> str:
        return shown(list(obj.contact_info.all()))


@admin.register(ContactPerson)
class ContactPersonAdmin(NumberSearch):
    """People who speak for a counterparty."""

    owner = "person"
    list_display = ["name", "counterparty", "position", "numbers", "archived"]
    list_filter = ["archived"]
    list_select_related = ["counterparty"]
    search_fields = ["name", "counterparty__name"]
    autocomplete_fields = ["counterparty"]
    fields = ["name", "counterparty", "position", "archived", "external_ref"]
    inlines = [PersonInfoInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[ContactPerson]:
        return super().get_queryset(request).prefetch_related(Prefetch("contact_info", ContactInfo.objects.all()))

    @admin.display(description=_("contact information"))
    def numbers(self, obj: ContactPerson) -> str:
        return shown(list(obj.contact_info.all()))


@admin.register(ContactInfoKind)
class ContactInfoKindAdmin(ModelAdmin):
    """Kinds; one in use is not deleted."""

    list_display = ["name", "owner", "type", "is_mobile", "order", "used"]
    list_filter = ["owner", "type"]
    search_fields = ["name"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request).annotate(used=Count("values_of_kind"))
        return rows

    @admin.display(description=_("values"), ordering="used")
    def used(self, obj: Any) -> int:
        return int(obj.used)
