"""The operator's pages."""

from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from astpanel.accounts.models import PanelUser
from astpanel.accounts.selectors import internal_numbers
from telephony import licence_notice, presenters, selectors
from telephony.core.commands import dialable
from telephony.customers.rules import why_not_add_numbers
from telephony.facts import load_facts
from telephony.favourites import set_favourite
from telephony.rules import Refusal, UserFacts, may_join, may_open


def _facts(request: HttpRequest) -> UserFacts:
    """What the rules must know of the user; login_required went before."""
    pk = cast(PanelUser, request.user).pk
    return load_facts([pk])[pk]


def _sees_pbx(request: HttpRequest) -> int | None:
    """The PBX whose state the user may see, else None."""
    facts = _facts(request)
    return facts.pbx_id if may_open(facts).allowed else None


def _explain(request: HttpRequest, reason: Refusal) -> HttpResponse:
    if reason in licence_notice.CLOSING:
        context = licence_notice.explanation(reason, timezone.now())
    else:
        context = presenters.explanation(reason, cast(PanelUser, request.user))
    return render(request, "telephony/explain.html", context, status=403)


@login_required
@require_GET
def panel(request: HttpRequest) -> HttpResponse:
    """The live panel, or the page that says why it does not open."""
    user, facts = cast(PanelUser, request.user), _facts(request)
    verdict = may_open(facts)
    if not verdict.allowed:
        return _explain(request, verdict.reason)
    if facts.pbx_id is None:
        return _explain(request, Refusal.NO_PBX)
    numbers = internal_numbers(user)
    page = {
        "user": {
            "id": user.pk,
            "name": str(user),
            "numbers": numbers,
            "supervisor": may_join(facts, "board").allowed,
        },
        "people": _people(facts.pbx_id),
        "favourites": selectors.favourites(user=user),
        "cardOpens": user.card_opens,
        "whyNotAddNumbers": why_not_add_numbers(user),
        "urls": {
            "favourite": reverse("favourite"),
            "recent": reverse("recent"),
            "people": reverse("people"),
            "card": reverse("card", args=["user", user.pk]).removesuffix(f"user/{user.pk}/"),
            "cardByNumber": reverse("card-by-number"),
            "popup": reverse("popup-claim"),
            "caller": reverse("caller-facts"),
        },
    }
    context = {
        "page": page,
        "me": presenters.header(user, numbers),
        "recent": _recent_rows(facts.pbx_id, numbers),
        "why_not_add": why_not_add_numbers(user),
        "licence_notice": licence_notice.banner(timezone.now()),
    }
    return render(request, "telephony/panel.html", context)


def _people(pbx_id: int) -> list[dict[str, Any]]:
    return [presenters.person_json(person) for person in selectors.colleagues(pbx_id=pbx_id)]


def _recent_rows(pbx_id: int, numbers: list[str]) -> list[dict[str, Any]]:
    calls = selectors.recent_calls(pbx_id=pbx_id, numbers=numbers) if numbers else []
    return [presenters.recent_row(call) for call in calls]


@login_required
@require_GET
def recent(request: HttpRequest) -> HttpResponse:
    """The list of my recent calls, as a fragment."""
    pbx_id = _sees_pbx(request)
    if pbx_id is None:
        return HttpResponse(status=403)
    rows = _recent_rows(pbx_id, internal_numbers(cast(PanelUser, request.user)))
    why_not = why_not_add_numbers(cast(PanelUser, request.user))
    return render(request, "telephony/recent.html", {"recent": rows, "why_not_add": why_not})


@login_required
@require_GET
def people(request: HttpRequest) -> HttpResponse:
    """The directory again: who works here and their statuses may have changed since the page was opened."""
    pbx_id = _sees_pbx(request)
    return HttpResponse(status=403) if pbx_id is None else JsonResponse({"people": _people(pbx_id)})


@login_required
@require_POST
def favourite(request: HttpRequest) -> HttpResponse:
    """Star a colleague, or take the star away: `number`, `on` = 1 or 0."""
    number, on = request.POST.get("number", ""), request.POST.get("on", "")
    if not dialable(number) or on not in {"0", "1"}:
        return HttpResponseBadRequest(_("A favourite is an internal number."))
    if _sees_pbx(request) is None:
        return HttpResponse(status=403)
    set_favourite(user=cast(PanelUser, request.user), number=number, on=on == "1")
    return HttpResponse(status=204)
