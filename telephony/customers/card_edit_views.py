"""Fields of a card edited in place: a form comes for the part, the part comes back when it is written."""

from typing import Any, Final, cast

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods

from astpanel.accounts.models import PanelUser
from crm.editing import (
    ConflictError,
    GoneError,
    KeptBySourceError,
    change_customer,
    customer_token,
)
from crm.models import ContactPerson, Counterparty
from telephony.customers import card_presenters as show
from telephony.customers.card_context import card_context, kept_reason
from telephony.customers.card_editing import Customer, Form, for_editors, written
from telephony.customers.card_manager_views import choices
from telephony.customers.card_owner import find, load
from telephony.customers.card_views import card_of
from telephony.rules import UserFacts

PARTS: Final[dict[tuple[str, str], tuple[str, ...]]] = {  # (kind, part) → fields of its form
    ("counterparty", "head"): ("name", "kind"),
    ("person", "head"): ("name", "position"),
    ("person", "person"): ("name", "position"),  # in the list of a company
    ("counterparty", "manager"): ("manager_id",),
    ("counterparty", "note"): ("note",),
    ("counterparty", "archived"): ("archived",),
    ("person", "archived"): ("archived",),
}


@require_http_methods(["GET", "POST"])
@for_editors
def edit(request: HttpRequest, facts: UserFacts, kind: str, owner: Customer, part: str) -> HttpResponse:
    """GET: the form, with `?show=1` the part itself. POST: writes it."""
    if (kind, part) not in PARTS or (part == "archived" and request.method == "GET"):  # that is a button, no form
        raise Http404
    fields = PARTS[kind, part]
    if request.method == "GET" and "show" in request.GET:
        return render(request, f"customers/card_{part}.html", _shown(request, facts, kind, owner, part))
    if request.method == "GET":
        form = Form({name: getattr(owner, name) for name in fields}, customer_token(owner, fields))
        return _form(request, kind, owner, part, form)
    form = Form({name: _typed(request, name) for name in fields}, request.POST.get("seen", ""))
    if (problem := _change(kind, owner, form)) is not None:
        return _form(request, kind, owner, part, problem)
    if part == "archived":
        fresh = cast(Customer, find(kind, owner.pk))
        return written(request, "customers/card.html", {**card_of(request, facts, kind, fresh), "focus": "archive"})
    return written(request, f"customers/card_{part}.html", _shown(request, facts, kind, owner, part))


def _change(kind: str, owner: Customer, form: Form) -> Form | None:
    """Writes what was typed; → the form with what is wrong, None when all is well."""
    try:
        change_customer(customer=owner, values=form.typed, seen=form.seen)
    except ValidationError as error:
        return form.wrong(error)
    except KeptBySourceError:
        return form.wrong(ValidationError(kept_reason(owner)))
    except GoneError:
        return form.gone()
    except ConflictError as conflict:
        return _conflicting(kind, owner, form, conflict)
    return None


def _typed(request: HttpRequest, name: str) -> Any:
    text = request.POST.get(name, "")
    if name == "manager_id":
        return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
    return text == "1" if name == "archived" else text


def _conflicting(kind: str, owner: Customer, form: Form, conflict: ConflictError) -> Form:
    """Both values are shown; sending it again writes one's own over what is seen now."""
    stored = tuple(
        (_label(kind, name), _words(owner, name, value))
        for name, value in conflict.stored.items()
        if value != form.typed[name]
    )
    now = cast(Customer, find(kind, owner.pk))
    return Form(form.typed, customer_token(now, form.typed), stored=stored)


def _label(kind: str, name: str) -> str:
    labels = {
        "name": pgettext("customer", "Name") if kind == "counterparty" else _("Name"),
        "kind": _("Sort"),
        "position": _("Position"),
        "manager_id": _("Responsible manager"),
        "note": pgettext("customer", "Note"),
        "archived": _("Archive"),
    }
    return labels[name]


def _words(owner: Customer, name: str, value: Any) -> str:
    if name == "manager_id":
        manager = PanelUser.objects.filter(pk=value).first()
        return str(manager) if manager else _("nobody")
    if name == "kind":
        return str(Counterparty.Kind(value).label)
    return str(value)


def _shown(request: HttpRequest, facts: UserFacts, kind: str, owner: Customer, part: str) -> dict[str, Any]:
    fresh = cast(Customer, find(kind, owner.pk))
    card = load(kind, fresh, pbx_id=facts.pbx_id)
    context = {**card_context(request, facts, card), "focus": part}
    if part == "person" and isinstance(fresh, ContactPerson):
        context |= {"person": show.person_of(fresh, card.rows), "focus": fresh.pk}
    return context


def _form(request: HttpRequest, kind: str, owner: Customer, part: str, form: Form) -> HttpResponse:
    context: dict[str, Any] = {
        "card": {"kind": kind, "id": owner.pk},
        "form": form,
        "part": part,
        "position": "position" in form.typed,
        "kinds": Counterparty.Kind.choices if "kind" in form.typed else (),
    }
    if part == "archived":
        return _not_archived(request, form)
    if part == "manager":
        current = form.typed["manager_id"]
        context["choices"] = choices("", str(current or ""))
        context["chosen"] = PanelUser.objects.filter(pk=current).first() if current else None
    template = "person" if part == "person" else part
    return render(request, f"customers/card_edit_{template}.html", context)


def _not_archived(request: HttpRequest, form: Form) -> HttpResponse:
    """A button, no form: the reason is said, the card stays as it is."""
    reason = " ".join(form.errors) or _("Somebody changed it meanwhile: look at the card again.")
    return HttpResponse(reason, status=409, content_type="text/plain; charset=utf-8")
