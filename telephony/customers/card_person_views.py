"""New contact persons, in the card of their company."""

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from crm.editing import GoneError, add_person
from crm.models import Counterparty
from telephony.customers import card_presenters as show
from telephony.customers.card_editing import Customer, Form, for_editors, written
from telephony.rules import UserFacts


@require_http_methods(["GET", "POST"])
@for_editors
def add_contact_person(request: HttpRequest, facts: UserFacts, kind: str, owner: Customer) -> HttpResponse:
    """A new line of the list of contact persons. GET: its form, with `?show=1` the button again."""
    if not isinstance(owner, Counterparty):
        raise Http404
    context = {"card": {"kind": kind, "id": owner.pk}, "why_not_edit": ""}
    if request.method == "GET" and "show" in request.GET:
        return render(request, "customers/card_person_add.html", {**context, "focus": "add-person"})
    form = Form({"name": "", "position": ""})
    if request.method == "GET":
        return render(request, "customers/card_edit_new_person.html", {**context, "form": form})
    form = Form({name: request.POST.get(name, "") for name in form.typed})
    try:
        person = add_person(counterparty=owner, **form.typed)
    except ValidationError as error:
        return render(request, "customers/card_edit_new_person.html", {**context, "form": form.wrong(error)})
    except GoneError:
        return render(request, "customers/card_edit_new_person.html", {**context, "form": form.gone()})
    context |= {"person": show.person_of(person, ()), "focus": "add-person"}
    return written(request, "customers/card_new_person.html", context)
