"""What the pages of counterparties and of contact persons share."""

from typing import Any, ClassVar, Final

from django import forms
from django.contrib import admin, messages
from django.db import connection
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from astpanel.admin_parts import CappedPaginator, ModelAdmin, flag
from crm.admin.merging import merge_address
from crm.merging.selectors import MOST
from crm.models import ContactInfo
from crm.search import matching_names, matching_numbers

FOUND_AT_MOST: Final = 1_000  # ids that go into the list's query, so that its index is used
KEPT_BY_SOURCE: Final = ("name", "archived", "external_ref")
NUMBERS_SHOWN: Final = 5


def shown(rows: list[ContactInfo]) -> SafeString:
    """Numbers and addresses for people, the main one first; each in the direction of its own letters."""
    texts = format_html_join(", ", "<bdi>{}</bdi>", ((row.readable,) for row in rows[:NUMBERS_SHOWN]))
    return format_html("{} …", texts) if len(rows) > NUMBERS_SHOWN else texts


class KeptBySource(forms.ModelForm):  # type: ignore[type-arg]  # generic for the type checker only
    """A row of an inline whose fields the source keeps, when it has one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.source_id is not None:
            for name in KEPT_BY_SOURCE:
                if name in self.fields:
                    self.fields[name].disabled = True


class CustomerAdmin(ModelAdmin):
    """Lists of a million rows: nothing is counted beyond what can be paged to, searches go by index."""

    owner: ClassVar[str]  # the owner field of ContactInfo
    kept_by_source: ClassVar[tuple[str, ...]] = KEPT_BY_SOURCE
    paginator = CappedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    list_per_page = 50
    list_display_links = ["named"]
    sortable_by = ["named"]
    ordering = ["name", "pk"]
    search_help_text = _("Any part of a name, or of a number in any format.")
    in_archive = flag("archived", title=_("state"), yes=_("archived"))
    search_fields = ["name"]  # get_search_results decides
    actions = ["merge_chosen"]

    class Media:
        css = {"all": ["crm/customers.css"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).prefetch_related(Prefetch("contact_info", ContactInfo.objects.all()))

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """Whoever writes waits for a merge of the row, and then sees it: no number is left with one merged away."""
        row = super().get_object(request, object_id, from_field)
        if row is not None and request.method == "POST" and connection.in_atomic_block:
            locked = self.model.objects.select_for_update().filter(pk=row.pk)
            row.archived, row.merged_into_id = locked.values_list("archived", "merged_into").get()
        return row

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Also what autocompletion offers: there only customers in use."""
        if getattr(request.resolver_match, "url_name", "") == "autocomplete":
            queryset = queryset.filter(archived=False)
        if not search_term.strip():
            return queryset, False
        found = set(matching_names(queryset.order_by(), search_term).values_list("pk", flat=True)[:FOUND_AT_MOST])
        column = f"{self.owner}_id"
        numbers = matching_numbers(search_term).exclude(**{column: None})
        found |= set(numbers.values_list(column, flat=True)[:FOUND_AT_MOST]) | self.found_otherwise(search_term)
        return queryset.filter(pk__in=sorted(found)[:FOUND_AT_MOST]), False

    def found_otherwise(self, text: str) -> set[int]:
        """Ids of rows found by something else than their own name and numbers."""
        return set()

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """What the source keeps is changed there."""
        kept = self.kept_by_source if obj is not None and obj.source_id is not None else ()
        return ["origin", "leads_to", *kept]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Where it comes from and what it leads to, only where there is something to say; the reason on top."""
        names = [name for name in self.fields or () if isinstance(name, str)]
        names += ["origin"] if obj is not None and obj.source_id is not None else []
        names += ["leads_to"] if obj is not None and obj.merged_into_id is not None else []
        return [(None, {"fields": names, "description": self.reason(obj)})]

    def reason(self, obj: Any) -> Any:
        """Why some of it cannot be changed; empty when all can."""
        if obj is None:
            return ""
        if obj.merged_into_id is not None:
            return _("This one was merged into another and can only be looked at.")
        if obj.source_id is None:
            return ""
        text = _(
            "Kept by the source of customers, “%(source)s”: what cannot be changed here is changed there, and the next "
            "reading takes it over. The rest may be changed here."
        )
        return format_html("{}", text % {"source": obj.source})

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        merged = obj is not None and obj.merged_into_id is not None
        return not merged and super().has_change_permission(request, obj)

    @admin.display(description=_("name"), ordering="name")
    def named(self, obj: Any) -> SafeString:
        return format_html("<bdi>{}</bdi>", obj.name)

    @admin.display(description=_("contact information"))
    def numbers(self, obj: Any) -> SafeString:
        return shown(list(obj.contact_info.all()))

    @admin.display(description=_("kept by"))
    def origin(self, obj: Any) -> str:
        return str(obj.source or "")

    @admin.display(description=_("merged into"))
    def leads_to(self, obj: Any) -> SafeString:
        opts = self.opts
        address = reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[obj.merged_into_id])
        return format_html('<a href="{}"><bdi>{}</bdi></a>', address, obj.merged_into)

    @admin.action(description=_("Merge duplicates…"), permissions=["change"])
    def merge_chosen(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
        """To the preview; nothing is written here."""
        ids = list(queryset.order_by("pk").values_list("pk", flat=True)[: MOST + 1])
        if 2 <= len(ids) <= MOST:
            return redirect(merge_address(self.model, ids))
        text = _("Choose at least 2 and at most %(most)d of them to merge.") % {"most": MOST}
        self.message_user(request, text, messages.WARNING)
        return None
