"""Page of the admin: the preview of a merge."""

from collections.abc import Iterable, Sequence
from typing import Any, Final, cast
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from astpanel.admin import AstpanelAdminSite
from crm.admin.merge_preview import preview_of
from crm.merging.plan import Choice, Refusal, RefusedError, Side, default_survivor, make_plan
from crm.merging.selectors import MOST, sides_of, survivors_of
from crm.merging.services import ChangedError, merge
from crm.merging.words import REFUSALS
from crm.models import ContactPerson, Counterparty

MODELS: Final[dict[str, Any]] = {"counterparty": Counterparty, "person": ContactPerson}
LONGEST_NOTE: Final = 100_000


def merge_address(model: Any, ids: Sequence[int]) -> str:
    """Of the preview."""
    kind = next(kind for kind, one in MODELS.items() if one is model)
    return reverse("admin:customers_merge", args=[kind]) + "?" + urlencode({"ids": ",".join(map(str, ids))})


def merge_page(request: HttpRequest, kind: str) -> HttpResponse:
    """What would be kept and moved; merged when the administrator has seen exactly that."""
    if (model := MODELS.get(kind)) is None:
        raise Http404
    if not request.user.has_perm(f"crm.change_{model._meta.model_name}"):
        raise PermissionDenied
    sides = sides_of(model, survivors_of(model, _ids(request)))
    if not 2 <= len(sides) <= MOST:
        messages.warning(request, REFUSALS[Refusal.TOO_FEW if len(sides) < 2 else Refusal.TOO_MANY])
        return redirect(f"admin:crm_{model._meta.model_name}_changelist")
    choice = _choice(request, sides)
    changed = False
    if request.POST.get("action") == "merge":
        try:
            ids = [side.id for side in sides]
            seen = request.POST.get("seen", "")
            record = merge(model=model, ids=ids, choice=choice, fingerprint=seen, by=request.user)
        except ChangedError:
            changed = True
        except RefusedError:
            pass  # said below
        else:
            merged = len(sides) - 1
            text = ngettext("{count} customer merged into {name}.", "{count} customers merged into {name}.", merged)
            name = format_html("<bdi>{}</bdi>", record.survivor_name)
            messages.success(request, format_html(text, count=merged, name=name))
            return redirect(f"admin:crm_{model._meta.model_name}_change", choice.survivor)
    return _page(request, model, sides, choice, changed=changed)


def _page(request: HttpRequest, model: Any, sides: Sequence[Side], choice: Choice, *, changed: bool) -> HttpResponse:
    plan, refusal = None, None
    try:
        plan = make_plan(sides, choice)
    except RefusedError as error:
        refusal = REFUSALS[error.refusal]
    context = {
        **admin.site.each_context(request),
        "title": _("Merge duplicates"),
        "opts": model._meta,
        "preview": preview_of(model, sides, choice, plan),
        "plan": plan,
        "refusal": refusal,
        "changed": changed,
    }
    return TemplateResponse(request, "crm/merge_page.html", context)


def _ids(request: HttpRequest) -> set[int]:
    """Chosen rows: `ids=1,2` or `ids=1&ids=2`."""
    sent = request.POST if request.method == "POST" else request.GET
    return {pk for text in sent.getlist("ids") for pk in _numbers(text.split(","))}


def _numbers(texts: Iterable[str]) -> list[int]:
    return [int(text) for text in texts if text.isascii() and text.isdecimal() and len(text) < 19]


def _choice(request: HttpRequest, sides: Sequence[Side]) -> Choice:
    """What is sent; anything that does not fit counts as not chosen."""
    known = {side.id for side in sides}

    def side(name: str) -> int | None:
        found = [pk for pk in _numbers([request.POST.get(name, "")]) if pk in known]
        return found[0] if found else None

    mains = [request.POST.get(name, "") for name in request.POST if name.startswith("main-")]
    note = request.POST.get("note")
    return Choice(
        survivor=side("survivor") or default_survivor(sides),
        name=side("name"),
        manager=side("manager"),
        note=None if note is None else note.replace("\r\n", "\n").replace("\0", "")[:LONGEST_NOTE].strip(),
        mains=tuple(_numbers(mains)),
    )


cast(AstpanelAdminSite, admin.site).add_page("merge/<str:kind>/", merge_page, name="customers_merge")
