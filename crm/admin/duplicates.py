"""Page of the admin: customers who may be the same one, to be merged or told apart."""

from typing import Any, Final, cast
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from astpanel.admin import AstpanelAdminSite
from crm.merging.duplicates import BY_NAME, BY_NUMBER, groups
from crm.merging.services import ChangedError
from crm.merging.telling_apart import MOST_APART, take_back, tell_apart, told_apart
from crm.models import Counterparty

LONGEST_KEY: Final = 300


def _require(request: HttpRequest) -> None:
    """Whoever may merge."""
    if not request.user.has_perm("crm.change_counterparty"):
        raise PermissionDenied


def _by(sent: Any) -> str:
    return BY_NAME if sent.get("by") == BY_NAME else BY_NUMBER


def _key(sent: Any, name: str) -> str:
    return str(sent.get(name, ""))[:LONGEST_KEY].replace("\0", "")


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None


def _address(**sent: str) -> str:
    return reverse("admin:customers_duplicates") + "?" + urlencode({name: text for name, text in sent.items() if text})


@require_GET
def duplicates_page(request: HttpRequest) -> HttpResponse:
    """Groups to look at, one after the other."""
    _require(request)
    by, after = _by(request.GET), _key(request.GET, "after")
    found, more = groups(by, after=after)
    following = f"?{urlencode({'by': by, 'after': more})}" if more else ""
    return _page(request, by, groups=found, after=after, most_apart=MOST_APART, next=following)


@require_GET
def dismissed_page(request: HttpRequest) -> HttpResponse:
    """«Отклонённые»: who was told apart, by whom, and the way back."""
    _require(request)
    rows, more = told_apart(before=_number(request.GET.get("before", "")))
    return _page(request, "dismissed", told=rows, next=f"?{urlencode({'before': more})}" if more else "")


def _page(request: HttpRequest, tab: str, **context: Any) -> HttpResponse:
    shown = {"title": _("Possible duplicates"), "opts": Counterparty._meta, "by": tab, **context}
    return TemplateResponse(request, "crm/duplicates_page.html", {**admin.site.each_context(request), **shown})


@require_POST
def dismiss(request: HttpRequest) -> HttpResponse:
    """«Не дубликаты», of one group; back to the page it was on."""
    _require(request)
    by, key = _by(request.POST), _key(request.POST, "key")
    seen = [pk for text in request.POST.get("seen", "").split(",")[:100] if (pk := _number(text)) is not None]
    count = _number(request.POST.get("count", "")) or 0
    try:
        told = tell_apart(by=by, key=key, seen=seen, count=count, who=request.user)
    except ChangedError:
        messages.warning(request, _("Nothing was dismissed: the customers of this group have changed. Look once more."))
    else:
        link = format_html('<a href="{}">{}</a>', reverse("admin:customers_dismissed"), _("Dismissed ones"))
        text = _("{shared}: these customers are not proposed as duplicates any more. To take it back: {link}.")
        messages.success(request, format_html(text, shared=format_html("<bdi>{}</bdi>", told.shared), link=link))
    return redirect(_address(by=by, after=_key(request.POST, "after")))


@require_POST
def restore(request: HttpRequest, pk: int) -> HttpResponse:
    """«Вернуть»: they are proposed again."""
    _require(request)
    if take_back(pk=pk):
        messages.success(request, _("They are proposed again where they share something."))
    return redirect("admin:customers_dismissed")


site = cast(AstpanelAdminSite, admin.site)
site.add_page("duplicates/", duplicates_page, name="customers_duplicates")
site.add_page("duplicates/dismissed/", dismissed_page, name="customers_dismissed")
site.add_page("duplicates/dismiss/", dismiss, name="customers_dismiss")
site.add_page("duplicates/dismissed/<int:pk>/restore/", restore, name="customers_restore")
