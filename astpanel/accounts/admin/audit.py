"""The journal of changes: who changed what of the set-up, when, and from where."""

from typing import Any, Final

from auditlog.models import LogEntry
from auditlog.registry import auditlog
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from astpanel.admin_parts import CappedPaginator, ModelAdmin, ReadOnly
from astpanel.audit_words import changes_of, fields_of

admin.site.unregister(LogEntry)  # the library's own page is in English and marks nothing


class KindFilter(admin.SimpleListFilter):
    """By what was changed: the kinds that are kept, without reading them from the journal."""

    title = gettext_lazy("what")
    parameter_name = "content_type__id__exact"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        kinds = ContentType.objects.get_for_models(*auditlog.get_models())
        return sorted(
            ((str(kind.pk), str(model._meta.verbose_name)) for model, kind in kinds.items()), key=lambda item: item[1]
        )

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        value = self.value()
        return queryset.filter(content_type=int(value)) if value and value.isdecimal() else queryset


class MomentFilter(admin.DateFieldListFilter):
    """Django's, under our word."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.title = gettext_lazy("when")


DONE: Final = {
    LogEntry.Action.CREATE: gettext_lazy("made"),
    LogEntry.Action.UPDATE: gettext_lazy("changed"),
    LogEntry.Action.DELETE: gettext_lazy("deleted"),
}


class DoneFilter(admin.SimpleListFilter):
    """By what was done."""

    title = gettext_lazy("action")
    parameter_name = "action"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(str(action), words) for action, words in DONE.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        value = self.value()
        return queryset.filter(action=int(value)) if value and value.isdecimal() else queryset


@admin.register(LogEntry)
class AuditAdmin(ReadOnly, ModelAdmin):
    """Read only. Secrets stand here as eight dots, whatever they were."""

    list_display = ["moment", "who", "did", "kind", "object_link", "fields_changed", "address"]
    list_display_links = ["moment"]
    list_filter = [KindFilter, DoneFilter, ("timestamp", MomentFilter)]
    list_select_related = ["actor", "content_type"]
    list_per_page = 50
    sortable_by = ["moment"]
    paginator = CappedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER  # each would count all rows
    search_fields = ["object_repr", "actor__last_name", "actor__username"]
    search_help_text = gettext_lazy("What was changed, or who changed it.")
    fields = ["moment", "who", "address", "did", "kind", "object_link", "changes_table"]

    class Media:
        css = {"all": ["accounts/users.css"]}

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """The link on each object's page asks for its own entries."""
        return lookup == "object_pk__exact" or super().lookup_allowed(lookup, value, request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=gettext_lazy("when"), ordering="timestamp")
    def moment(self, obj: Any) -> Any:
        return obj.timestamp

    @admin.display(description=gettext_lazy("action"))
    def did(self, obj: Any) -> Any:
        return DONE.get(obj.action, "")

    @admin.display(description=gettext_lazy("from the address"))
    def address(self, obj: Any) -> str:
        return obj.remote_addr or "—"

    @admin.display(description=gettext_lazy("who"))
    def who(self, obj: Any) -> str:
        if obj.actor_id:
            return str(obj.actor)
        return (obj.additional_data or {}).get("system") or _("the portal")

    @admin.display(description=gettext_lazy("what"))
    def kind(self, obj: Any) -> str:
        model = obj.content_type.model_class()
        return str(model._meta.verbose_name) if model else str(obj.content_type)

    @admin.display(description=gettext_lazy("object"))
    def object_link(self, obj: Any) -> SafeString:
        kind = obj.content_type
        try:
            url = reverse(f"admin:{kind.app_label}_{kind.model}_change", args=[obj.object_pk])
        except NoReverseMatch:
            return format_html("<bdi>{}</bdi>", obj.object_repr)
        return format_html('<a href="{}"><bdi>{}</bdi></a>', url, obj.object_repr)

    @admin.display(description=gettext_lazy("changed fields"))
    def fields_changed(self, obj: Any) -> str:
        return fields_of(obj) if obj.action == LogEntry.Action.UPDATE else ""

    @admin.display(description=gettext_lazy("changes"))
    def changes_table(self, obj: Any) -> SafeString:
        head = format_html(
            "<thead><tr><th>{}</th><th>{}</th><th>{}</th></tr></thead>", _("field"), _("before"), _("after")
        )
        rows = format_html_join("", "<tr><td>{}</td><td><bdi>{}</bdi></td><td><bdi>{}</bdi></td></tr>", changes_of(obj))
        return format_html('<table class="audit-changes">{}{}</table>', head, rows)
