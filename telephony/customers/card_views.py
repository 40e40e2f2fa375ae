"""The card of a counterparty, a contact person, a colleague, or of a number that nobody has."""

from datetime import timedelta
from typing import Any, Final
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from crm.matching import Match
from crm.selectors import owners_of
from telephony.customers import card_presenters as show
from telephony.customers.access import for_panel_users, is_fragment
from telephony.customers.card_context import as_page, card_context, keys_of_card
from telephony.customers.card_number import LONGEST, NumberCard, number_card
from telephony.customers.card_owner import KINDS, Owner, find, load, survivor
from telephony.customers.card_selectors import Keys, Place, counts, history
from telephony.customers.rules import why_not_add_numbers
from telephony.rules import UserFacts

FIRST_PAGE: Final = 5  # calls
NEXT_PAGES: Final = 20
WEEK: Final = timedelta(days=7)


@require_GET
@for_panel_users
def card(request: HttpRequest, facts: UserFacts, kind: str, pk: int) -> HttpResponse:
    """The whole page, or the fragment for a script. Who was merged away leads on to the survivor."""
    owner = owner_or_404(kind, pk)
    last = survivor(owner)
    if last.pk != owner.pk:
        return redirect("card", kind=kind, pk=last.pk)
    return _answer(request, facts, "customers/card.html", card_of(request, facts, kind, owner))


@require_GET
@for_panel_users
def card_by_number(request: HttpRequest, facts: UserFacts) -> HttpResponse:
    """Of whoever has the number: the likeliest, or `owner=kind/id` when several do; or of the number itself."""
    number, call = _asked(request)
    found = owners_of(number, pbx_id=facts.pbx_id)
    if not found:
        return _answer(request, facts, "customers/card_number.html", _number_context(request, facts, number, call))
    query = urlencode({"number": number, "call": call})
    chosen = _chosen(found, request.GET.get("owner", ""))
    kind, pk = chosen.contact.kind, chosen.contact.id
    context = card_of(request, facts, kind, survivor(owner_or_404(kind, pk)), call)
    context["owners"] = show.owners(found, (kind, pk), query)
    context["card"]["url"] = request.get_full_path()  # asked for again, the choice and the call stay
    return _answer(request, facts, "customers/card.html", context)


@require_GET
@for_panel_users
def calls(request: HttpRequest, facts: UserFacts, kind: str, pk: int) -> HttpResponse:
    """More of the history; without `before` its beginning."""
    found = load(kind, survivor(owner_or_404(kind, pk)), pbx_id=facts.pbx_id)
    return _calls(request, facts, keys_of_card(found), reverse("card-calls", args=[kind, pk]))


@require_GET
@for_panel_users
def number_calls(request: HttpRequest, facts: UserFacts) -> HttpResponse:
    """The same of a number that nobody has."""
    number, _call = _asked(request)
    more = f"{reverse('card-number-calls')}?{urlencode({'number': number})}"
    return _calls(request, facts, number_card(number).keys, more)


def owner_or_404(kind: str, pk: int) -> Owner:
    """Raises Http404."""
    owner = find(kind, pk) if kind in KINDS else None
    if owner is None:
        raise Http404
    return owner


def _asked(request: HttpRequest) -> tuple[str, str]:
    """Number and linkedid. Longer texts are nobody's."""
    return request.GET.get("number", "")[: LONGEST + 1], request.GET.get("call", "")[:150].replace("\0", "")


def _chosen(found: tuple[Match, ...], text: str) -> Match:
    kind, _slash, pk = text.partition("/")
    return next((match for match in found if (match.contact.kind, str(match.contact.id)) == (kind, pk)), found[0])


def card_of(request: HttpRequest, facts: UserFacts, kind: str, owner: Owner, call: str = "") -> dict[str, Any]:
    """For templates/customers/card.html. `call`: linkedid of the call that rings."""
    found = load(kind, owner, pbx_id=facts.pbx_id)
    keys = keys_of_card(found)
    page = history(pbx_id=facts.pbx_id, keys=keys, limit=FIRST_PAGE)
    since = timezone.now() - WEEK
    week = show.week(counts(pbx_id=facts.pbx_id, keys=keys, since=since, without=call))
    context = card_context(request, facts, found)
    more = reverse("card-calls", args=[kind, owner.pk])
    return {**context, "week": week, "calls": show.calls(page, more), "calls_url": more}


def _number_context(request: HttpRequest, facts: UserFacts, number: str, call: str) -> dict[str, Any]:
    found: NumberCard = number_card(number)
    more = f"{reverse('card-number-calls')}?{urlencode({'number': found.number})}"
    since = timezone.now() - WEEK
    week = counts(pbx_id=facts.pbx_id, keys=found.keys, since=since, without=call)
    return {
        "number": found,
        "call": call,
        "week": "" if found.hidden else show.week(week),
        "calls": show.calls(history(pbx_id=facts.pbx_id, keys=found.keys, limit=FIRST_PAGE), more),
        "calls_url": more,
        "why_not_add": why_not_add_numbers(request.user),  # type: ignore[arg-type]  # for_panel_users has seen them
        "card": {"url": request.get_full_path()},
    }


def _calls(request: HttpRequest, facts: UserFacts, keys: Keys, more: str) -> HttpResponse:
    text = request.GET.get("before", "")
    try:
        before = Place.parse(text) if text else None
    except ValueError:
        return HttpResponseBadRequest()
    limit = NEXT_PAGES if before else FIRST_PAGE
    page = history(pbx_id=facts.pbx_id, keys=keys, limit=limit, before=before)
    return render(request, "customers/card_calls.html", {"calls": show.calls(page, more)})


def _answer(request: HttpRequest, facts: UserFacts, template: str, context: dict[str, Any]) -> HttpResponse:
    if is_fragment(request):
        return render(request, template, context)
    page = {**context, "fragment": template, **as_page(request, facts)}
    return render(request, "customers/card_page.html", page)
