"""Journals of the directory: numbers that were placed, duplicates that were merged. Written by the product only."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from astpanel.admin_parts import CappedPaginator, ModelAdmin, ReadOnly
from astpanel.lib.phone_numbers import digits_of, readable
from crm.models import AddressType, MergeRecord, NumberPlacement

TYPES = dict(AddressType.choices)


class Journal(ReadOnly, ModelAdmin):
    """A list of acts, the last first."""

    paginator = CappedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    list_per_page = 50
    list_select_related = ["by"]
    sortable_by = ["at"]

    class Media:
        css = {"all": ["crm/customers.css"]}


def table(head: Iterable[Any], rows: Iterable[Iterable[Any]]) -> SafeString:
    """Texts of people in cells that keep to their own direction; nothing → a dash."""
    cells = [
        format_html("<tr>{}</tr>", format_html_join("", "<td><bdi>{}</bdi></td>", ((c,) for c in r))) for r in rows
    ]
    if not cells:
        return SafeString("—")
    titles = format_html_join("", '<th scope="col">{}</th>', ((title,) for title in head))
    body = format_html_join("", "{}", ((cell,) for cell in cells))
    return format_html('<table class="journal-table"><thead><tr>{}</tr></thead><tbody>{}</tbody></table>', titles, body)


@admin.register(NumberPlacement)
class NumberPlacementAdmin(Journal):
    """«Добавить номер»: whose number it became, and the rows before and after."""

    list_display = ["at", "readable_number", "customer", "by", "undone"]
    list_display_links = ["at"]
    list_select_related = ["by", "undone_by"]
    fields = ["at", "readable_number", "customer", "by", "linkedid", "rows_before", "rows_after", "undone", "undone_by"]
    search_fields = ["number"]
    search_help_text = gettext_lazy("A number as the PBX gave it, or the beginning of a customer's name.")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        text = search_term.strip()
        number = Q(number__contains=digits_of(text)[-10:]) if digits_of(text) else Q()
        return (queryset.filter(number | Q(owner_name__istartswith=text)) if text else queryset), False

    @admin.display(description=gettext_lazy("number"))
    def readable_number(self, obj: NumberPlacement) -> SafeString:
        return format_html("<bdi>{}</bdi>", readable(obj.number))

    @admin.display(description=gettext_lazy("customer"))
    def customer(self, obj: NumberPlacement) -> SafeString:
        """The name at that time; it leads to whoever that is now."""
        kind, pk = ("contactperson", obj.person_id) if obj.person_id else ("counterparty", obj.counterparty_id)
        if pk is None:
            return format_html("<bdi>{}</bdi>", obj.owner_name)
        address = reverse(f"admin:crm_{kind}_change", args=[pk])
        return format_html('<a href="{}"><bdi>{}</bdi></a>', address, obj.owner_name)

    @admin.display(description=gettext_lazy("before"))
    def rows_before(self, obj: NumberPlacement) -> SafeString:
        return _placed(obj.before)

    @admin.display(description=gettext_lazy("after"))
    def rows_after(self, obj: NumberPlacement) -> SafeString:
        return _placed(obj.after)


def _placed(rows: Any) -> SafeString:
    shown = [(row.get("kind", ""), row.get("value", ""), _("main") if row.get("is_main") else "") for row in rows or ()]
    return table((_("kind"), _("value"), ""), shown)


@admin.register(MergeRecord)
class MergeRecordAdmin(Journal):
    """Who was merged into whom, and everything that moved."""

    list_display = ["at", "kept", "gone", "by"]
    list_display_links = ["at"]
    list_select_related = ["by", "survivor"]
    fields = ["at", "kept", "by", "customers", "values", "values_that_went", "persons", "placements"]
    search_fields = ["survivor_name"]
    search_help_text = gettext_lazy("The name of the customer that was kept.")

    @admin.display(description=gettext_lazy("kept"))
    def kept(self, obj: MergeRecord) -> SafeString:
        kind, pk = obj.moved.get("kind", "counterparty"), obj.moved.get("survivor", obj.survivor_id)
        if pk is None or obj.survivor_id is None:
            return format_html("<bdi>{}</bdi>", obj.survivor_name)
        model = "contactperson" if kind == "person" else "counterparty"
        address = reverse(f"admin:crm_{model}_change", args=[pk])
        return format_html('<a href="{}"><bdi>{}</bdi></a>', address, obj.survivor_name)

    @admin.display(description=gettext_lazy("merged into it"))
    def gone(self, obj: MergeRecord) -> SafeString:
        names = ((side["name"],) for side in obj.moved.get("before", [])[1:])
        return format_html_join(", ", "<bdi>{}</bdi>", names)

    @admin.display(description=gettext_lazy("as they were"))
    def customers(self, obj: MergeRecord) -> SafeString:
        rows = [(f"№ {side['id']}", side["name"], side["note"]) for side in obj.moved.get("before", ())]
        return table((_("customer"), _("name"), _("note")), rows)

    @admin.display(description=gettext_lazy("values that moved"))
    def values(self, obj: MergeRecord) -> SafeString:
        return self._values(obj, "moved")

    @admin.display(description=gettext_lazy("values that were there already and went"))
    def values_that_went(self, obj: MergeRecord) -> SafeString:
        return self._values(obj, "dropped")

    @admin.display(description=gettext_lazy("contact persons that moved"))
    def persons(self, obj: MergeRecord) -> SafeString:
        names = self._names(obj)
        rows = [(row["name"], names.get(row["from"], "")) for row in obj.moved.get("persons", ())]
        return table((_("contact person"), _("was of")), rows)

    @admin.display(description=gettext_lazy("placed numbers that moved"))
    def placements(self, obj: MergeRecord) -> int:
        return len(obj.moved.get("placements", ()))

    def _values(self, obj: MergeRecord, key: str) -> SafeString:
        names = self._names(obj)
        rows = [
            (TYPES.get(row["type"], ""), row["value"], _("main") if row["main"] else "", names.get(row["from"], ""))
            for row in obj.moved.get(key, ())
        ]
        return table((_("type"), _("value"), "", _("was of")), rows)

    @staticmethod
    def _names(obj: MergeRecord) -> dict[int, str]:
        return {side["id"]: side["name"] for side in obj.moved.get("before", ())}
