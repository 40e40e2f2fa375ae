"""The check in the admin: its pages, and the read-only lists of checks and phones."""

from typing import Any, cast

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from astpanel.accounts.models import PanelUser
from astpanel.admin import AstpanelAdminSite
from astpanel.admin_parts import ModelAdmin, ReadOnly, flag
from telephony.check import selectors, services
from telephony.models import Pbx, PbxCheck, PhoneContact

MAY_START = "telephony.change_pbx"
MAY_READ = ("telephony.change_pbx", "telephony.view_pbxcheck")


def register() -> None:
    """Pages and lists of the admin site."""
    site = cast(AstpanelAdminSite, admin.site)
    site.add_page("pbx-check/start/<int:pbx_id>/", start, name="pbx_check_start")
    site.add_page("pbx-check/<int:check_id>/", result, name="pbx_check_result")
    admin.site.register(PbxCheck, PbxCheckAdmin)
    admin.site.register(PhoneContact, PhoneContactAdmin)


@require_POST
def start(request: HttpRequest, pbx_id: int) -> HttpResponse:
    """«Проверить АТС»: ask a worker, and go where the result will be."""
    if not request.user.has_perm(MAY_START):
        raise PermissionDenied
    pbx = get_object_or_404(Pbx, pk=pbx_id)
    check = services.start_check(pbx=pbx, asked_by=cast(PanelUser, request.user))
    return redirect("admin:pbx_check_result", check.pk)


@require_safe
def result(request: HttpRequest, check_id: int) -> HttpResponse:
    """One check: its progress while it runs, then what was found. Four queries beside the admin's own."""
    if not any(request.user.has_perm(right) for right in MAY_READ):
        raise PermissionDenied
    check = get_object_or_404(PbxCheck.objects.select_related("pbx", "asked_by", "job__asked_by"), pk=check_id)
    title = _("PBX check: %(name)s") % {"name": check.pbx.name}
    context = {
        **admin.site.each_context(request),
        "title": title,
        "check": check,
        "told": selectors.told(check) if check.finished else None,
        "history": selectors.history(pbx=check.pbx),
        "may_start": request.user.has_perm(MAY_START) and not _under_way(check),
        "opts": PbxCheck._meta,
    }
    return TemplateResponse(request, "check/result.html", context)


def _under_way(check: PbxCheck) -> bool:
    return check.finished is None and check.job is not None and check.job.state in services.UNDER_WAY


class LevelFilter(admin.SimpleListFilter):
    """By the worst finding, in words."""

    title = gettext_lazy("worst finding")
    parameter_name = "level"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(level, level_word(level)) for level in ("ok", "warning", "error")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[PbxCheck]) -> QuerySet[PbxCheck]:
        return queryset.filter(level=self.value()) if self.value() else queryset


def level_word(level: str) -> str:
    """As the page says it."""
    return render_to_string("check/level.html", {"level": level}).strip()


class PbxCheckAdmin(ReadOnly, ModelAdmin):
    """All checks of all PBXs; a row leads to its page."""

    list_display = ["page", "pbx", "worst", "link", "version", "asked_by"]
    list_display_links = None
    link = flag("connected", title=gettext_lazy("connected"), yes=gettext_lazy("yes"), no=gettext_lazy("no"))
    list_filter = ["pbx", LevelFilter, "started"]
    list_select_related = ["pbx", "asked_by"]
    ordering = ["-started"]
    show_facets = admin.ShowFacets.NEVER

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).defer("findings")

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The check has a page of its own, and nothing to be changed."""
        if request.method != "GET" or not self.has_view_permission(request):
            raise PermissionDenied
        if object_id.isdecimal():
            return redirect("admin:pbx_check_result", int(object_id))
        return super().change_view(request, object_id, form_url, extra_context)

    @admin.display(description=gettext_lazy("started"), ordering="started")
    def page(self, obj: PbxCheck) -> str:
        url = reverse("admin:pbx_check_result", args=[obj.pk])
        return format_html('<a href="{}">{}</a>', url, formats.localize(timezone.localtime(obj.started)))

    @admin.display(description=gettext_lazy("worst finding"), ordering="level")
    def worst(self, obj: PbxCheck) -> str:
        return level_word(obj.level)


class PhoneContactAdmin(ReadOnly, ModelAdmin):
    """Phones as the PBX told last."""

    list_display = ["number", "user_agent", "unregistered", "status", "uri", "pbx", "seen"]
    list_filter = ["registered", "pbx"]
    list_select_related = ["pbx"]
    search_fields = ["number", "user_agent"]
    unregistered = flag("registered", title=gettext_lazy("state"), no=gettext_lazy("not registered"))
