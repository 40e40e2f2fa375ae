"""Licence keys: shown with what each is worth. Keys come as signed files (licence_pages.py); nothing is typed."""

from dataclasses import replace
from typing import Any, Final

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from astpanel.accounts.licensing.protection import KeyState, Protection
from astpanel.accounts.licensing.selectors import installation, protection
from astpanel.accounts.models import License
from astpanel.admin_parts import ModelAdmin

SHOWN: Final = [
    *("key_id", "worth", "explained", "kind", "holder", "seats", "issued", "expires", "max_version", "installation"),
    *("added", "added_by", "text"),
]
CHIPS: Final = {"ok": "ok", "warning": "warn", "error": "danger"}


class LicenseChangeList(ChangeList):
    """Each row with its state, from one look at all keys."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        states = {key.license.pk: key for key in protection(now=timezone.now()).keys}
        for row in self.result_list:
            row.key_state = states.get(row.pk)


@admin.register(License)
class LicenseAdmin(ModelAdmin):
    """Keys are added as files, read, and deleted by superusers; never edited."""

    list_display = ["key_id", "worth_explained", "holder", "kind", "seats", "expires"]
    search_fields = ["key_id", "holder"]
    actions = None
    readonly_fields = SHOWN
    fields = (*SHOWN,)
    change_list_template = "admin/licences/list.html"
    delete_confirmation_template = "admin/licences/delete.html"

    class Media:
        css = {"all": ["accounts/licences.css"]}

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return LicenseChangeList

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_active and request.user.is_superuser)

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Keys are files: the page that takes them."""
        return redirect("admin:licence_upload")

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        more = standing(protection(now=timezone.now()), self.has_add_permission(request)) | {"title": _("Licences")}
        return super().changelist_view(request, {**more, **(extra_context or {})})

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """To read."""
        return super().change_view(request, object_id, form_url, {"title": _("Licence key"), **(extra_context or {})})

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """With what will be true afterwards."""
        now = protection(now=timezone.now())
        left = tuple(key for key in now.keys if str(key.license.pk) != object_id)
        more = {"protection": now, "afterwards": replace(now, keys=left)}
        return super().delete_view(request, object_id, {**more, **(extra_context or {})})

    @admin.display(description=_("state"))
    def worth(self, obj: License) -> SafeString:
        state = _state(obj)
        return format_html('<span class="chip chip-{}">{}</span>', CHIPS[state.level], state.label)

    @admin.display(description=_("state"))
    def worth_explained(self, obj: License) -> SafeString:
        return format_html('{}<p class="quiet">{}</p>', self.worth(obj), _state(obj).text)

    @admin.display(description=_("what it means"))
    def explained(self, obj: License) -> str:
        return _state(obj).text

    @admin.display(description=_("signed document"))
    def text(self, obj: License) -> SafeString:
        return format_html('<pre class="licence-text">{}</pre>', obj.document)


def standing(state: Protection, may_add: bool) -> dict[str, Any]:
    """What the pages of licences say at their top; keys of templates/admin/licences/standing.html."""
    here = installation()
    return {
        "protection": state,
        "number": here.uuid,
        "may_add": may_add,
        "trial_possible": may_add and here.trial_created is None,
    }


def _state(row: License) -> KeyState:
    """Of the list (read together), or of the one row of a page."""
    known: KeyState | None = getattr(row, "key_state", None)
    if known is None:
        known = next(key for key in protection(now=timezone.now()).keys if key.license.pk == row.pk)
        row.key_state = known  # type: ignore[attr-defined]  # kept on the row for this page
    return known
