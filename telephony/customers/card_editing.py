"""What the views that edit a card share: the door, forms with their problems, answers."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import wraps
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from astpanel.accounts.models import PanelUser
from crm.models import ContactPerson, Counterparty
from telephony.customers.access import View, for_panel_users
from telephony.customers.card_owner import find
from telephony.customers.rules import why_not_edit_customers
from telephony.rules import UserFacts

Customer = Counterparty | ContactPerson
CHANGED = "customers-changed"  # event of the page: the card and the lists look again


@dataclass(frozen=True, slots=True)
class Form:
    """A small form as it is shown. `typed`: what stands in the fields; `seen`: token of what was there when it opened;
    `stored`: (label, value) of what somebody else has written meanwhile; `parts`: numbers that could be rows."""

    typed: Mapping[str, Any]
    seen: str = ""
    errors: tuple[str, ...] = ()
    stored: tuple[tuple[str, str], ...] = ()
    parts: tuple[str, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)

    def wrong(self, error: ValidationError) -> "Form":
        """With what is wrong, in words."""
        return replace(self, errors=tuple(error.messages))

    def gone(self) -> "Form":
        """Its row is no longer there."""
        text = _("It was deleted or merged meanwhile: nothing was written. What you typed is still here.")
        return replace(self, errors=(text,))


def for_editors(view: View) -> View:
    """The view gets `facts` and the customer. Without the right: 403 with the reason; colleagues: 404."""

    @wraps(view)
    def guarded(request: HttpRequest, facts: UserFacts, kind: str, pk: int, **kwargs: Any) -> HttpResponse:
        if reason := why_not_edit_customers(cast(PanelUser, request.user)):
            return HttpResponse(reason, status=403, content_type="text/plain; charset=utf-8")
        owner = find(kind, pk) if kind in {"counterparty", "person"} else None
        if not isinstance(owner, Customer) or owner.merged_into_id is not None:
            raise Http404
        return view(request, facts, kind, owner, **kwargs)

    return for_panel_users(guarded)


def written(request: HttpRequest, template: str, context: Mapping[str, Any], *, say: str = "") -> HttpResponse:
    """The part as it is now; the page hears that something was written. `say`: a message for whoever wrote it."""
    answer = render(request, template, dict(context))
    events: dict[str, Any] = {CHANGED: {"from": "card"}}
    if say:
        events["card-says"] = {"text": say}
    answer.headers["HX-Trigger-After-Settle"] = json.dumps(events)
    return answer
