"""Admin pages of PBXs, call records and the journal."""

import json
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from astpanel.admin_parts import CappedPaginator, ModelAdmin, ReadOnly, WriteOnlySecrets, flag
from astpanel.lib.phone_numbers import SHORTEST_OUTSIDE, readable
from crm.selectors import keys_of
from telephony.check import admin_pages
from telephony.core.enums import OutcomeKind
from telephony.journal_words import ACTS, HANGUPS, OUTCOMES, ROLES, arguments_in_words, word
from telephony.live.reason_texts import text_of
from telephony.models import ActionLog, CallLeg, CallParticipant, CallRecord, GatewayLease, Pbx

if TYPE_CHECKING:
    TabularInline = admin.TabularInline[Any, Any]  # generic for the type checker only
else:
    TabularInline = admin.TabularInline

FOUND_AT_MOST: Final = 1_000  # calls of one number that a search shows: the newest


@admin.register(Pbx)
class PbxAdmin(WriteOnlySecrets, ModelAdmin):
    """Where the PBXs are and how to log in."""

    list_display = ["name", "kind", "switched_off", "transport", "host", "port", "encrypted", "username"]
    list_filter = ["kind", "enabled"]
    search_fields = ["name", "host"]
    switched_off = flag("enabled", title=_("state"), no=_("switched off"))
    encrypted = flag("tls", title="TLS", yes=_("yes"))
    fieldsets = (
        (None, {"fields": ["name", "kind", "enabled"]}),
        (_("Connection"), {"fields": ["transport", "host", "port", "http_prefix", "username", "secret"]}),
        (
            _("Accounts by duty"),
            {
                "fields": ["control_username", "control_secret", "phone_username", "phone_secret"],
                "description": _("Safer than one account for everything; the PBX check prints the lines for them."),
            },
        ),
        ("TLS", {"fields": ["tls", "tls_verify", "tls_ca"]}),
        (_("Dialplan"), {"fields": ["dial_context"]}),
    )


admin_pages.register()


@admin.register(GatewayLease)
class GatewayLeaseAdmin(ReadOnly, ModelAdmin):
    """Which gateway speaks for a PBX, and until when without a renewal."""

    list_display = ["pbx", "holder", "epoch", "expires"]
    list_select_related = ["pbx"]
    fields = ["pbx", "holder", "epoch", "expires", "state"]

    @admin.display(description=_("status"))
    def state(self, obj: GatewayLease) -> str:
        text = json.dumps(obj.status, ensure_ascii=False, indent=2, sort_keys=True)
        return format_html("<pre>{}</pre>", text)


class ParticipantInline(ReadOnly, TabularInline):
    """Who took part."""

    model = CallParticipant
    fields = ["position", "number", "name", "role_in_words", "rang", "joined", "left", "talk_seconds"]
    readonly_fields = ["role_in_words"]
    extra = 0

    @admin.display(description=_("role"))
    def role_in_words(self, obj: CallParticipant) -> str:
        return word(ROLES, obj.role)


class LegInline(ReadOnly, TabularInline):
    """Channel by channel."""

    model = CallLeg
    fields = ["channel", "number", "started", "answered", "ended", "cause"]
    extra = 0


@admin.register(CallRecord)
class CallRecordAdmin(ReadOnly, ModelAdmin):
    """History for the administrator. Written for millions of rows: no count of all, no date hierarchy."""

    list_display = ["started", "direction", "caller", "called", "queue", "disposition", "waited", "talked", "pbx"]
    list_filter = ["direction", "disposition", "started", "pbx"]
    sortable_by = ["started"]  # any other order would sort millions of rows
    list_select_related = ["pbx"]
    list_per_page = 100
    paginator = CappedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER  # each would count all rows
    search_fields = ["outside_last10"]  # shows the box; get_search_results does the search
    search_help_text = _(
        "A whole number: an extension or an outside one. The list shows the newest 10,000 calls; filters and search "
        "reach older ones."
    )
    inlines = [ParticipantInline, LegInline]
    exclude = ["hangup_reason"]
    readonly_fields = ["hung_up"]

    @admin.display(description=_("hang-up reason"))
    def hung_up(self, obj: CallRecord) -> str:
        return word(HANGUPS, obj.hangup_reason)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Model], search_term: str
    ) -> tuple[QuerySet[Model], bool]:
        """Only by indexes: extensions among the participants, outside numbers by their last 10 digits."""
        if not search_term:
            return queryset, False
        _e164, last10 = keys_of(search_term)
        if not last10:
            return queryset.none(), False
        if len(last10) >= SHORTEST_OUTSIDE:
            return queryset.filter(outside_last10=last10), False
        newest = CallParticipant.objects.filter(number=last10).order_by("-started", "-call")
        return queryset.filter(pk__in=list(newest.values_list("call_id", flat=True)[:FOUND_AT_MOST])), False

    @admin.display(description=_("caller"))
    def caller(self, obj: CallRecord) -> str:
        return " ".join(part for part in (readable(obj.caller_number), obj.caller_name) if part)

    @admin.display(description=_("called number"))
    def called(self, obj: CallRecord) -> str:
        return readable(obj.called_number)

    @admin.display(description=_("waiting"))
    def waited(self, obj: CallRecord) -> str:
        return clock(obj.wait_seconds)

    @admin.display(description=_("talk"))
    def talked(self, obj: CallRecord) -> str:
        return clock(obj.talk_seconds)


class OutcomeFilter(admin.SimpleListFilter):
    """By outcome. Django's own filter would read the distinct values from the whole journal."""

    title = _("outcome")
    parameter_name = "outcome"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(kind.value, word(OUTCOMES, kind)) for kind in OutcomeKind]

    def queryset(self, request: HttpRequest, queryset: QuerySet[ActionLog]) -> QuerySet[ActionLog]:
        return queryset.filter(outcome=self.value()) if self.value() else queryset


@admin.register(ActionLog)
class ActionLogAdmin(ReadOnly, ModelAdmin):
    """The journal: each act on a call, who asked for it and what became of it."""

    list_display = ["created", "user", "act", "arguments", "became", "why", "detail", "pbx"]
    list_filter = [OutcomeFilter, "created", "pbx"]
    sortable_by = ["created"]
    list_select_related = ["user", "pbx"]
    paginator = CappedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER  # each would count all rows
    search_fields = ["user__username", "user__last_name"]
    fields = ["created", "user", "pbx", "act", "arguments", "became", "why", "detail", "seconds", "command_id"]

    @admin.display(description=_("arguments"))
    def arguments(self, obj: ActionLog) -> str:
        return arguments_in_words(obj.args)

    @admin.display(description=_("action"))
    def act(self, obj: ActionLog) -> str:
        return word(ACTS, obj.name)

    @admin.display(description=_("outcome"))
    def became(self, obj: ActionLog) -> str:
        return word(OUTCOMES, obj.outcome)

    @admin.display(description=_("reason"))
    def why(self, obj: ActionLog) -> str:
        return text_of(obj.reason, get_language() or settings.LANGUAGE_CODE)


def clock(seconds: float) -> str:
    """`65` → `1:05`, `3605` → `1:00:05`."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
