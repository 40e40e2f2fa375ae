"""What the panel's scripts ask about a ringing call: may this page show the pop-up, and what is known of the caller."""

import time
from collections import OrderedDict
from typing import Final

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from telephony.customers import caller, popups
from telephony.customers.access import for_panel_users
from telephony.live.limits import RateLimit
from telephony.rules import UserFacts

QUESTIONS: Final = (100, 10.0)  # of a user to this process, in so many seconds: several devices with several calls
MOST_USERS: Final = 10_000
LONGEST_NUMBER: Final = 40  # longer "numbers" are no numbers
_limits: OrderedDict[int, RateLimit] = OrderedDict()


def _too_often(user_id: int) -> bool:
    limit = _limits.setdefault(user_id, RateLimit(QUESTIONS))
    _limits.move_to_end(user_id)
    while len(_limits) > MOST_USERS:
        _limits.popitem(last=False)
    return not limit.take(time.monotonic())


@require_POST
@never_cache
@for_panel_users
def popup_claim(request: HttpRequest, facts: UserFacts) -> HttpResponse:
    """`call`, `device` → {"mine": bool, "again_in": seconds}. With `give_up` the page closes: nothing is answered.

    It is about the pop-ups of the user who asks and nobody else's: a call that is not theirs is only a row that is
    pruned.
    """
    call, device = request.POST.get("call", ""), request.POST.get("device", "")
    if not popups.well_formed(call, device):
        return HttpResponse(status=400)
    if facts.pbx_id is None:
        return HttpResponse(status=403)
    if _too_often(facts.id):
        return HttpResponse(status=429)
    now = timezone.now()
    if "give_up" in request.POST:
        popups.give_up(user_id=facts.id, pbx_id=facts.pbx_id, call=call, device=device, now=now)
        return HttpResponse(status=204)
    found = popups.claim(user_id=facts.id, pbx_id=facts.pbx_id, call=call, device=device, now=now)
    return JsonResponse({"mine": found.mine, "again_in": found.again_in})


@require_GET
@never_cache
@for_panel_users
def caller_facts(request: HttpRequest, facts: UserFacts) -> HttpResponse:
    """`number`, `call` and, for somebody known, `kind` and `id` → {"calls", "note", "manager"}: see caller.Known."""
    number, call = request.GET.get("number", ""), request.GET.get("call", "")
    kind, pk = request.GET.get("kind", ""), request.GET.get("id", "")
    if len(number) > LONGEST_NUMBER or len(call) > popups.LONGEST_CALL or not (number + call).isprintable():
        return HttpResponse(status=400)
    if facts.pbx_id is None:
        return HttpResponse(status=403)
    if _too_often(facts.id):
        return HttpResponse(status=429)
    owner = (kind, int(pk)) if kind in caller.KINDS and pk.isascii() and pk.isdigit() and len(pk) < 19 else None
    known = caller.known(pbx_id=facts.pbx_id, number=number, call=call, owner=owner, now=timezone.now())
    return JsonResponse(known.as_json())
