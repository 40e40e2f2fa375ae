"""«Добавить номер»: fragments of one dialog. Each act is asked for its right again; only «Готово» writes."""

import json
from typing import Any, Final, cast

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from astpanel.accounts.models import PanelUser
from astpanel.lib.phone_numbers import readable
from crm.placing.numbers import Unplaceable
from crm.placing.targets import TargetGoneError
from telephony.customers import place_words
from telephony.customers.access import for_panel_users
from telephony.customers.place_acts import act
from telephony.customers.place_dialog import BadRequestError, Dialog, begin, chosen, posted, refusal_of, with_target
from telephony.customers.place_finish import Told, finish_dialog, gone, undo_placement
from telephony.customers.place_history import shown_placements
from telephony.customers.place_presenters import context, results
from telephony.customers.rules import why_not_add_numbers
from telephony.rules import UserFacts

DONE: Final = "place-done"  # event on the page: what was written, and how to take it back
LONGEST_QUERY: Final = 255


@never_cache
@require_http_methods(["GET", "POST"])
@for_panel_users
def place(request: HttpRequest, facts: UserFacts) -> HttpResponse:
    """GET `number`, `call`, and `kind` and `id` of a customer who is known already: the dialog opens. POST: a step."""
    if why := why_not_add_numbers(cast(PanelUser, request.user)):
        return _plain(why, 403)
    data = request.POST if request.method == "POST" else request.GET
    given = data.get("number", "").strip()
    if (refusal := refusal_of(given)) is not Unplaceable.NONE:
        text = place_words.UNPLACEABLE[refusal]
        shown = readable(given[:40]) or _("number withheld")
        return render(request, "customers/place_refused.html", {"number": shown, "reason": text})
    try:
        step = _opened(request, facts) if request.method == "GET" else _step(request, facts)
    except BadRequestError:
        return _plain(_("This page is out of date: close the window and open it again."), 400)
    if isinstance(step, Told):
        answer = HttpResponse(status=204)
        answer["HX-Trigger"] = json.dumps({DONE: step.as_json()})
        return answer
    return render(request, "customers/place.html", context(step))


def _opened(request: HttpRequest, facts: UserFacts) -> Dialog:
    data = request.GET
    dialog = begin(data["number"].strip(), data.get("call", ""), facts.pbx_id)
    if not data.get("kind"):
        return dialog
    try:
        return with_target(dialog, chosen(f"{data['kind']}/{data.get('id', '')}"))
    except TargetGoneError as error:
        return gone(dialog, error)


def _step(request: HttpRequest, facts: UserFacts) -> Dialog | Told:
    data = request.POST.dict()
    plain = {name: str(value) for name, value in data.items()}
    number = plain["number"].strip()
    try:
        dialog = posted(number, plain, facts.pbx_id)
        if "finish" in plain:
            if dialog.draft is None:
                raise BadRequestError("nobody is chosen yet")
            return finish_dialog(dialog, plain, request.user)
        moved = act(dialog, plain)
    except TargetGoneError as error:
        return gone(begin(number, plain.get("call", ""), facts.pbx_id), error)
    if moved is None:
        raise BadRequestError("no such act")
    return moved


@never_cache
@require_GET
@for_panel_users
def search(request: HttpRequest, facts: UserFacts) -> HttpResponse:
    """Customers for what is typed (`q`), as options of the list."""
    if why := why_not_add_numbers(cast(PanelUser, request.user)):
        return _plain(why, 403)
    query = request.GET.get("q", "")[:LONGEST_QUERY]
    return render(request, "customers/place_results.html", {"query": query, "results": results(query)})


@require_POST
@for_panel_users
def undo(request: HttpRequest, facts: UserFacts) -> HttpResponse:
    """«Отменить»: POST `placement`. → {"text", "ok", "detail"}; 409 when it was not taken back."""
    if why := why_not_add_numbers(cast(PanelUser, request.user)):
        return JsonResponse(Told(why, ok=False).as_json(), status=403)
    text = request.POST.get("placement", "")
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        return HttpResponseBadRequest()
    told = undo_placement(int(text), request.user)
    return JsonResponse(told.as_json(), status=200 if told.ok else 409)


@never_cache
@require_GET
@for_panel_users
def placements(request: HttpRequest, facts: UserFacts) -> HttpResponse:
    """The last numbers added: one's own; with `kind` and `id` everybody's for that customer."""
    shown = shown_placements(request.GET.get("kind", ""), request.GET.get("id", ""), cast(PanelUser, request.user))
    return HttpResponseBadRequest() if shown is None else render(request, "customers/placements.html", shown)


def _plain(text: Any, status: int) -> HttpResponse:
    return HttpResponse(str(text), status=status, content_type="text/plain; charset=utf-8")
