"""Who calls: for dialplans and other systems that have a number and want a name."""

import re
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Path, Query, Router

from astpanel.api.auth import token_with
from astpanel.api.models import Scope
from crm.api.presenting import number_of
from crm.api.schemas import CallerFilters, CallerOut, CallersNumber, ErrorOut
from crm.matching import Match
from crm.models import ContactPerson, Counterparty
from crm.selectors import keys_of, owners_of

router = Router(tags=["caller"])
ERRORS: Any = dict.fromkeys((401, 403, 422, 429), ErrorOut)
MOST: Final = 20  # owners told
UNSAFE: Final = re.compile(r"[^\w .«»№+-]+")  # what a dialplan could take for its own syntax


@router.get(
    "/caller/{path:number}",
    auth=token_with(Scope.CALLER),
    response={200: CallerOut, **ERRORS},
    summary="Who has a number",
    openapi_extra={"responses": {200: {"content": {"text/plain": {"schema": {"type": "string"}}}}}},
)
def caller(
    request: HttpRequest,
    number: Path[CallersNumber],
    asked: Query[CallerFilters],
) -> Any:
    """Always 200: nobody has the number → `known` is false. `format=text` is one line for dialplans:
    `manager's number|name|reason`, each part safe within an expression of extensions.conf, empty when nobody is known.
    """
    answer = who_has(number)
    return HttpResponse(line_of(answer), content_type="text/plain; charset=utf-8") if asked.format == "text" else answer


def who_has(number: str) -> dict[str, Any]:
    """See schemas.CallerOut."""
    matches = owners_of(number)[:MOST]
    best = matches[0] if matches else None
    return {
        "number": number,
        "e164": keys_of(number)[0],
        "known": best is not None,
        "kind": best.contact.kind if best else "",
        "id": best.contact.id if best else None,
        "name": best.contact.name if best else "",
        "company": best.contact.company if best else "",
        "manager": _manager(best) if best else None,
        "reason": best.reason.value if best else "",
        "explanation": explanation(best.reason.value) if best else _("Nobody in the directory has this number."),
        "others": [owner_out(match) for match in matches[1:]],
    }


def owner_out(match: Match) -> dict[str, Any]:
    """See schemas.OwnerOut."""
    who = match.contact
    return {"kind": who.kind, "id": who.id, "name": who.name, "company": who.company, "reason": match.reason.value}


def explanation(reason: str) -> str:
    """The reason in words."""
    return {
        "internal": _("It is an internal number."),
        "exact": _("The number is in the contact information."),
        "last10": _("The last ten digits are the same."),
        "line": _("It is the company's line: extensions behind it are in the contact information."),
    }[reason]


def line_of(answer: dict[str, Any]) -> str:
    """`105|ООО «Ромашка»|exact`."""
    manager = answer["manager"] or {"number": ""}
    name = " ".join(part for part in (answer["name"], answer["company"]) if part)
    return "|".join(" ".join(UNSAFE.sub(" ", part).split()) for part in (manager["number"], name, answer["reason"]))


def _manager(match: Match) -> dict[str, str] | None:
    """The one of the counterparty, of the counterparty a person speaks for; colleagues have none."""
    if match.contact.kind == "counterparty":
        company = Counterparty.objects.filter(pk=match.contact.id)
    elif match.contact.kind == "person":
        company = Counterparty.objects.filter(contact_persons=ContactPerson(pk=match.contact.id))
    else:
        return None
    row = company.select_related("manager").prefetch_related("manager__contact_info").first()
    if row is None or row.manager is None or not row.manager.is_active:
        return None
    return {"name": str(row.manager), "number": number_of(row.manager)}
