"""The door of these pages: everybody who may open the panel."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from telephony import licence_notice, presenters
from telephony.facts import load_facts
from telephony.rules import may_open

View = Callable[..., HttpResponse]
FRAGMENT: Final = "HX-Request"  # header of what the page's scripts ask for


def for_panel_users(view: View) -> View:
    """The view gets `facts` (telephony.rules.UserFacts) as its second argument.

    Anonymous → log-in (a fragment: 401); who may not open the panel → 403 with the reason, as the panel says it.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        user = request.user
        if not user.is_authenticated:
            return HttpResponse(status=401) if is_fragment(request) else redirect_to_login(request.get_full_path())
        facts = load_facts([user.pk])[user.pk]
        if (verdict := may_open(facts)).allowed:
            return view(request, facts, *args, **kwargs)
        if is_fragment(request):
            return HttpResponse(status=403)
        if verdict.reason in licence_notice.CLOSING:
            context = licence_notice.explanation(verdict.reason, timezone.now())
        else:
            context = presenters.explanation(verdict.reason, user)
        return render(request, "telephony/explain.html", context, status=403)

    return guarded


def is_fragment(request: HttpRequest) -> bool:
    """Asked for by a script that puts the answer into a page."""
    return FRAGMENT in request.headers
