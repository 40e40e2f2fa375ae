"""Columns of the list of users: what an administrator decides by, in words."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from astpanel.accounts import selectors
from astpanel.accounts.drift import with_drift
from astpanel.accounts.models import PanelUser
from astpanel.accounts.phones import Phone, Phones, phones_of

SHOWN_PHONES = 3
LONGEST_AGENT = 60
FRESH = timedelta(minutes=2)  # what was told within is as good as now


class UserChangeList(ChangeList):
    """Reads the phones of the page's users at once."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        users: Any = self.result_list
        phones = phones_of(users)
        for user in users:
            user.phones = phones[user.pk]


class UserColumns:
    """Mixin of the admin page; rows come from `rows_with_columns`, phones from UserChangeList."""

    @admin.display(description=gettext_lazy("name"), ordering="last_name")
    def full_name(self, obj: PanelUser) -> SafeString:
        off = chip("off", _("account switched off")) if not obj.is_active else ""
        login = format_html(' <span class="quiet">{}</span>', obj.username) if str(obj) != obj.username else ""
        return format_html("<bdi>{}</bdi>{} {}", str(obj), login, off)

    @admin.display(description=gettext_lazy("internal numbers"))
    def numbers(self, obj: PanelUser) -> str:
        return ", ".join(selectors.internal_numbers(obj)) or "—"

    @admin.display(description=gettext_lazy("licence seat"), ordering="in_use")
    def seat(self, obj: PanelUser) -> SafeString:
        if obj.in_use and obj.is_active:
            return chip("ok", _("takes a seat"))
        return chip("off", _("takes none"))

    @admin.display(description=gettext_lazy("phone"))
    def phone(self, obj: Any) -> SafeString:
        return phones_html(obj.phones)

    @admin.display(description=gettext_lazy("profile"), ordering="assigned_profile__name")
    def profile(self, obj: Any) -> SafeString:
        return profile_html(obj)

    @admin.display(description=gettext_lazy("rights"))
    def rights(self, obj: Any) -> SafeString:
        return rights_html(obj)

    @admin.display(description=gettext_lazy("last visit"), ordering="last_login")
    def login(self, obj: PanelUser) -> SafeString:
        return age_html(obj.last_login) if obj.last_login else format_html("{}", _("no visit yet"))


def rows_with_columns(users: "QuerySet[PanelUser]") -> "QuerySet[PanelUser]":
    """Users with all that the columns and the filters read."""
    rows = selectors.with_internal_numbers(selectors.with_roles(with_drift(users)))
    return rows.select_related("department", "assigned_profile")


def chip(kind: str, text: str) -> SafeString:
    """A word on a quiet ground; `kind` is ok, off, warn or brand."""
    return format_html('<span class="chip chip-{}">{}</span>', kind, text)


def age_html(moment: datetime) -> SafeString:
    """`5 minutes ago`, with the exact moment as the title."""
    now = timezone.now()
    exact = timezone.localtime(moment).strftime("%d.%m.%Y %H:%M:%S")
    if (now - moment).total_seconds() < 60:
        words = _("just now")
    else:
        words = _("%(age)s ago") % {"age": timesince(moment, now, depth=1)}
    return format_html('<time title="{}">{}</time>', exact, words)


def profile_html(user: Any) -> SafeString:
    """The profile assigned last, and whether the settings still are what it says."""
    if user.assigned_profile is None:
        return SafeString("—")
    state = chip("warn", _("differs")) if user.drifted else chip("ok", _("as in the profile"))
    return format_html("<bdi>{}</bdi> {}", user.assigned_profile, state)


def rights_html(user: Any) -> SafeString:
    """The roles in words. A superuser has all rights there are."""
    words = [("brand", _("all rights"))] if user.is_superuser else []
    if user.administers and not user.is_superuser:
        words.append(("brand", _("administrator")))
    if user.supervises and not user.is_superuser:
        words.append(("ok", _("supervisor")))
    return format_html_join(" ", "{}", ((chip(kind, text),) for kind, text in words or [("off", _("operator"))]))


def phones_html(phones: Phones) -> SafeString:
    """Each registered phone with its model and when the PBX told of it; else why there is none."""
    if not phones.registered:
        if phones.told is None:
            return chip("off", _("nothing known"))
        return format_html("{} {}", chip("warn", _("not registered")), _told(phones.told))
    rows = format_html_join("", "<li>{}</li>", ((_phone(phone),) for phone in phones.registered[:SHOWN_PHONES]))
    more = len(phones.registered) - SHOWN_PHONES
    if more > 0:
        rows += format_html("<li>{}</li>", ngettext("and %(count)d more", "and %(count)d more", more) % {"count": more})
    return format_html('{}<ul class="phones">{}</ul>', chip("ok", _("registered")), rows)


def _phone(phone: Phone) -> SafeString:
    agent = phone.user_agent or _("model unknown")
    short = agent if len(agent) <= LONGEST_AGENT else agent[: LONGEST_AGENT - 1] + "…"
    return format_html('<bdi title="{}">{}</bdi> {}', agent, short, _told(phone.seen))


def _told(moment: datetime) -> SafeString:
    """When the PBX told of it, if that is not just now."""
    if timezone.now() - moment < FRESH:
        return SafeString("")
    return format_html('<span class="quiet">{}</span>', age_html(moment))
