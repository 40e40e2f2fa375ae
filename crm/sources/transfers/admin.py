"""«Ждёт переноса»: numbers that the source does not have yet, why, and what a person decides about them."""

from typing import Any, Final

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from astpanel.admin_parts import CappedPaginator, ModelAdmin, ReadOnly
from crm.models import PendingTransfer
from crm.sources.transfers import queue
from crm.sources.transfers.reasons import in_words

State = PendingTransfer.State
ALL: Final = "all"
ACTS: Final = {
    queue.ADD: gettext_lazy("new row"),
    queue.CHANGE: gettext_lazy("row changed"),
    queue.DELETE: gettext_lazy("row deleted"),
    queue.MAIN: gettext_lazy("row made the main one"),
}


class StateFilter(admin.SimpleListFilter):
    """What waits comes first: the rest is history."""

    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(state.value, state.label) for state in State if state != State.WAITING] + [(ALL, _("All"))]

    def choices(self, changelist: Any) -> Any:
        """The first choice is “waiting”, not “all”."""
        first, *others = super().choices(changelist)
        yield {**first, "display": State.WAITING.label}
        yield from others

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        chosen = self.value()
        return queryset if chosen == ALL else queryset.filter(state=chosen or State.WAITING)


class ReasonFilter(admin.SimpleListFilter):
    """Those that wait for the same thing."""

    title = gettext_lazy("why it waits")
    parameter_name = "problem"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        present = PendingTransfer.objects.filter(state=State.WAITING).exclude(problem="").order_by("problem")
        return [(code, in_words(code) or code) for code in present.values_list("problem", flat=True).distinct()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        chosen = self.value()
        return queryset.filter(problem=chosen) if chosen else queryset


@admin.register(PendingTransfer)
class PendingTransferAdmin(ReadOnly, ModelAdmin):
    """Who may change it decides by actions; nothing is typed here."""

    list_display = ["number", "customer", "what", "why_with_words", "by", "created"]
    list_filter = [StateFilter, ReasonFilter]
    list_select_related = ["by", "source", "contact_info"]
    list_per_page = 50
    paginator = CappedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    search_fields = ["owner_name", "value"]
    sortable_by = ["created"]
    fields = [
        *("number", "was", "customer", "what", "state", "why", "detail"),
        *("by", "created", "tried", "attempts"),
    ]
    readonly_fields = ["number", "was", "customer", "what", "why"]
    actions = ["retry", "done_by_hand", "drop"]

    class Media:
        css = {"all": ["crm/transfers.css"]}

    def has_decide_permission(self, request: HttpRequest) -> bool:
        """For the actions."""
        return request.user.has_perm("crm.change_pendingtransfer")

    @admin.display(description=gettext_lazy("number"))
    def number(self, obj: PendingTransfer) -> SafeString:
        return format_html('<bdi class="transfer-number">{}</bdi>', obj.value)

    @admin.display(description=gettext_lazy("was"))
    def was(self, obj: PendingTransfer) -> SafeString:
        return format_html("<bdi>{}</bdi>", obj.before.get("value") or "—")

    @admin.display(description=gettext_lazy("customer"))
    def customer(self, obj: PendingTransfer) -> SafeString:
        """Leads to the customer while the number is theirs."""
        row = obj.contact_info
        owner = None if row is None else row.owner_field
        models = {"counterparty": "counterparty", "person": "contactperson"}
        if row is None or owner not in models:
            return format_html("<bdi>{}</bdi>", obj.owner_name)
        address = reverse(f"admin:crm_{models[owner]}_change", args=[getattr(row, f"{owner}_id")])
        return format_html('<a href="{}"><bdi>{}</bdi></a>', address, obj.owner_name)

    @admin.display(description=gettext_lazy("act"))
    def what(self, obj: PendingTransfer) -> str:
        return str(ACTS.get(obj.act, obj.act))

    @admin.display(description=gettext_lazy("why it waits"))
    def why(self, obj: PendingTransfer) -> str:
        return reason_of(obj)

    @admin.display(description=gettext_lazy("why it waits"))
    def why_with_words(self, obj: PendingTransfer) -> SafeString:
        """With what 1C itself said to it."""
        words = format_html('<br><bdi class="transfer-words">{}</bdi>', obj.detail) if obj.detail else ""
        return format_html('<span class="transfer-why">{}</span>{}', reason_of(obj), words)

    @admin.action(description=gettext_lazy("Try again now"), permissions=["decide"])
    def retry(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        chosen = list(queryset)
        count = queue.retry(chosen)
        text = ngettext("%(count)d number will be written again.", "%(count)d numbers will be written again.", count)
        self._say(request, len(chosen) - count, text % {"count": count})

    @admin.action(description=gettext_lazy("Transferred by hand"), permissions=["decide"])
    def done_by_hand(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        chosen = list(queryset)
        count = queue.done_by_hand(chosen)
        text = ngettext(
            "%(count)d number counts as transferred by hand.", "%(count)d numbers count as transferred by hand.", count
        )
        self._say(request, len(chosen) - count, text % {"count": count})

    @admin.action(description=gettext_lazy("Do not transfer"), permissions=["decide"])
    def drop(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        chosen = list(queryset)
        count = queue.drop(chosen)
        text = ngettext("%(count)d number will not be written.", "%(count)d numbers will not be written.", count)
        self._say(request, len(chosen) - count, text % {"count": count})

    def _say(self, request: HttpRequest, left: int, text: str) -> None:
        messages.success(request, text)
        if left:
            told = ngettext(
                "%(count)d of the chosen is done already, or is being written just now.",
                "%(count)d of the chosen are done already, or are being written just now.",
                left,
            )
            messages.warning(request, told % {"count": left})


def reason_of(transfer: PendingTransfer) -> str:
    """Why it waits, in words; of what does not wait, what became of it."""
    if transfer.state != State.WAITING:
        return in_words(transfer.problem) or transfer.get_state_display()
    if not transfer.source.write_back:
        return _("Writing into the source is switched off.")
    if transfer.source.map_confirmed is None:
        return _("The field map is not confirmed yet.")
    return in_words(transfer.problem) or _("Will be written within a minute.")
