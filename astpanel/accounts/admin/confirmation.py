"""An action of a list that says what it will do before it does it, and afterwards what happened."""

from collections.abc import Sequence
from typing import Any, ClassVar, Final

from django import forms
from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from astpanel.accounts.models import PanelUser
from astpanel.accounts.roles import touchable_by

SHOWN: Final = 30  # names on the page; the rest are counted


class Act:
    """One action on users; an instance is what `ModelAdmin.actions` wants. Subclasses say what and how."""

    name: ClassVar[str]
    title: ClassVar[Any]
    text: ClassVar[Any]  # what will happen to them
    permission: ClassVar[str] = "change"
    form_class: ClassVar[type[forms.Form]] = forms.Form
    do_not_call_in_templates = True  # a template would call it, as it does with everything callable

    def __init__(self) -> None:
        self.__name__ = self.name
        self.short_description = self.title
        self.allowed_permissions = [self.permission]

    def changes(self, users: "QuerySet[PanelUser]") -> "QuerySet[PanelUser]":
        """Those among the chosen whom the action would change at all."""
        return users

    def run(self, users: Sequence[PanelUser], by: PanelUser, data: dict[str, Any]) -> int:
        """Do it → how many were changed. ValidationError: nothing was, and why."""
        raise NotImplementedError

    def answer(self, admin: Any, request: Any, users: Sequence[PanelUser]) -> HttpResponse | None:
        """A page of the action's own in the place of `run`."""
        return None

    def next_page(self, data: dict[str, Any]) -> str:
        """Where the administrator goes on afterwards; empty: back to the list."""
        return ""

    def __call__(self, admin: Any, request: Any, queryset: "QuerySet[PanelUser]") -> HttpResponse | None:
        """Ask, or do it once the administrator has seen whom it is about: the same number as now."""
        users = list(self.changes(touchable_by(request.user, queryset)))
        asked = request.POST.get("confirmed")
        form = self.form_class(request.POST if asked else None)
        if not users or asked != str(len(users)) or not form.is_valid():
            return self._ask(admin, request, queryset, users, form)
        if (page := self.answer(admin, request, users)) is not None:
            return page
        try:
            changed = self.run(users, request.user, form.cleaned_data)
        except ValidationError as error:
            admin.message_user(
                request, format_html_join(" ", "{}", ((text,) for text in error.messages)), messages.ERROR
            )
        else:
            text = ngettext("%(count)d user changed.", "%(count)d users changed.", changed) % {"count": changed}
            admin.message_user(request, text, messages.SUCCESS)
            if address := self.next_page(form.cleaned_data):
                return redirect(address)
        return None

    def _ask(
        self, admin: Any, request: HttpRequest, chosen: "QuerySet[PanelUser]", users: list[PanelUser], form: forms.Form
    ) -> TemplateResponse:
        context = {
            **admin.admin_site.each_context(request),
            "title": self.title,
            "opts": admin.opts,
            "media": admin.media + form.media,
            "act": self,
            "form": form,
            "users": users[:SHOWN],
            "more": max(len(users) - SHOWN, 0),
            "count": len(users),
            "left_out": chosen.count() - len(users),
            "changed_since": bool(request.POST.get("confirmed")) and request.POST["confirmed"] != str(len(users)),
            "selected": request.POST.getlist(ACTION_CHECKBOX_NAME),
            "select_across": request.POST.get("select_across", "0"),
            "action_checkbox_name": ACTION_CHECKBOX_NAME,
            "back": _("Back to the list"),
        }
        return TemplateResponse(request, "admin/accounts/paneluser/confirm.html", context)
