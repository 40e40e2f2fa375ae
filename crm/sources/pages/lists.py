"""Lists of the source: its users and who they are here, readings, refused rows."""

from collections.abc import Iterator
from typing import Any, Final

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from astpanel.admin_parts import CappedPaginator, ModelAdmin, ReadOnly, flag
from astpanel.lib.tables.writing import TYPES, table_file
from crm.models import RefusedRow, SourceImport, SourceUser
from crm.sources.importing.users import apply_managers
from crm.sources.problems import words_of
from crm.sources.refusals import REASONS, reason_in_words

MOST: Final = 100_000  # rows of a file


@admin.register(SourceUser)
class SourceUserAdmin(ModelAdmin):
    """Who of theirs is who of ours: matched by the reading, or chosen here and then left alone by it."""

    list_display = ["name", "email", "user", "chosen", "lost"]
    list_filter = ["gone", "by_hand", ("user", admin.EmptyFieldListFilter)]
    list_select_related = ["user"]
    search_fields = ["name", "email", "user__last_name", "user__username"]
    fields = ["name", "email", "user", "by_hand", "gone"]
    chosen = flag("by_hand", title=gettext_lazy("chosen by hand"), yes=gettext_lazy("yes"))
    lost = flag("gone", title=gettext_lazy("state"), yes=gettext_lazy("gone"))
    readonly_fields = ["name", "email", "gone"]
    autocomplete_fields = ["user"]
    paginator = CappedPaginator

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: SourceUser, form: Any, change: bool) -> None:
        """Who is chosen stays; the customers of the user follow at once."""
        if "user" in form.changed_data and "by_hand" not in form.changed_data:
            obj.by_hand = True
        super().save_model(request, obj, form, change)
        if "user" in form.changed_data:
            apply_managers(source=obj.source, refs=[obj.external_ref])


@admin.register(SourceImport)
class SourceImportAdmin(ReadOnly, ModelAdmin):
    """Readings, the newest first."""

    list_display = ["started", "mode", "state", "why", "finished"]
    list_filter = ["state", "mode"]
    fields = ["source", "mode", "state", "why", "started", "finished", "counted", "refused_rows"]
    readonly_fields = ["why", "counted", "refused_rows"]
    paginator = CappedPaginator
    list_select_related = ["source"]

    @admin.display(description=gettext_lazy("why it failed"))
    def why(self, obj: SourceImport) -> str:
        return words_of(obj.problem)

    @admin.display(description=gettext_lazy("outcomes"))
    def counted(self, obj: SourceImport) -> str:
        from crm.sources.pages.import_page import SORTS  # noqa: PLC0415 - the page imports the services of this app

        texts = []
        for sort, label in SORTS:
            counts = obj.counts.get(sort, {})
            texts.append(f"{label}: {sum(counts.values())}")
        return "; ".join(texts)

    @admin.display(description=gettext_lazy("refused rows"))
    def refused_rows(self, obj: SourceImport) -> str:
        address = f"{reverse('admin:crm_refusedrow_changelist')}?run__id__exact={obj.pk}"
        return format_html('<a href="{}">{}</a>', address, obj.refused.count())


class ReasonFilter(admin.SimpleListFilter):
    """In words."""

    title = gettext_lazy("why")
    parameter_name = "reason"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(code, str(words)) for code, words in REASONS.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        value = self.value()
        return queryset.filter(reason=value) if value else queryset


@admin.register(RefusedRow)
class RefusedRowAdmin(ReadOnly, ModelAdmin):
    """What a reading did not take over."""

    list_display = ["name", "value", "why", "entity", "run"]
    list_filter = [ReasonFilter, "entity"]
    search_fields = ["name", "value", "external_ref"]
    list_select_related = ["run__source"]
    ordering = ["-run", "id"]
    paginator = CappedPaginator
    show_full_result_count = False
    fields = ["run", "entity", "external_ref", "name", "value", "why"]
    readonly_fields = ["why"]

    @admin.display(description=gettext_lazy("why"))
    def why(self, obj: RefusedRow) -> str:
        return reason_in_words(obj.reason)

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        return lookup == "run__id__exact" or super().lookup_allowed(lookup, value, request)  # type: ignore[arg-type]  # the stubs want a request


def refused_file(request: HttpRequest, run: int) -> HttpResponse:
    """Refused rows of one reading as CSV, without formulas."""
    if not request.user.has_perm("crm.view_refusedrow"):
        raise PermissionDenied
    headers = [_("object"), _("external reference"), _("name"), _("value"), _("why")]
    content = table_file(headers, _rows(run), "csv")
    answer = HttpResponse(content, content_type=TYPES["csv"])
    answer.headers["Content-Disposition"] = f'attachment; filename="refused-{run}.csv"'
    return answer


def _rows(run: int) -> Iterator[list[str]]:
    rows = RefusedRow.objects.filter(run=run).order_by("id")[:MOST]
    for row in rows.iterator(2_000):
        yield [row.entity, row.external_ref, row.name, row.value, reason_in_words(row.reason)]
