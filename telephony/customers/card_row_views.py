"""Rows of contact information edited in place."""

from dataclasses import replace
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from crm.editing import (
    ConflictError,
    GoneError,
    SeveralNumbersError,
    Typed,
    add_row,
    change_row,
    delete_row,
    make_main,
    row_token,
)
from crm.models import AddressType, ContactInfo, ContactInfoKind
from crm.selectors import contacts_by_numbers
from telephony.customers import card_presenters as show
from telephony.customers.card_context import card_context, waiting
from telephony.customers.card_editing import Customer, Form, for_editors, written
from telephony.customers.card_owner import load
from telephony.rules import UserFacts


@require_http_methods(["GET", "POST"])
@for_editors
def new_row(request: HttpRequest, facts: UserFacts, kind: str, owner: Customer) -> HttpResponse:
    """GET: an empty form, with `?show=1` the button again. POST: the new rows and the button."""
    if request.method == "GET" and "show" in request.GET:
        return render(request, "customers/card_row_add.html", {**_context(kind, owner), "focus": "add-row"})
    if request.method == "GET":
        return _form(request, kind, owner, Form({"kind": None, "value": request.GET.get("value", "")[:255]}))
    rows = _write(request, kind, owner)
    if isinstance(rows, Form):
        return _form(request, kind, owner, rows)
    context = {**_rows(facts, kind, owner, rows), "focus": "add-row", "add": True}
    return written(request, "customers/card_rows.html", context, say=_shared(owner, kind, rows))


@require_http_methods(["GET", "POST"])
@for_editors
def row(request: HttpRequest, facts: UserFacts, kind: str, owner: Customer, row_id: int) -> HttpResponse:
    """GET: the row's form, with `?show=1` the row. POST: writes it."""
    stored = ContactInfo.objects.filter(pk=row_id, **{kind: owner}).select_related("kind").first()
    if request.method == "GET":
        if stored is None:
            raise Http404
        if "show" in request.GET:
            context = {**_rows(facts, kind, owner, [stored]), "focus": stored.pk}
            return render(request, "customers/card_rows.html", context)
        form = Form({"kind": stored.kind_id, "value": stored.value}, row_token(stored))
        return _form(request, kind, owner, form, row_id)
    rows = _write(request, kind, owner, row_id)
    if isinstance(rows, Form):  # of a row that is gone it becomes the form of a new one
        return _form(request, kind, owner, rows, row_id if stored is not None else None)
    context = {**_rows(facts, kind, owner, rows), "focus": row_id}
    return written(request, "customers/card_rows.html", context, say=_shared(owner, kind, rows))


@require_POST
@for_editors
def remove(request: HttpRequest, facts: UserFacts, kind: str, owner: Customer, row_id: int) -> HttpResponse:
    """The red cross. What somebody changed meanwhile is shown before it goes."""
    form, _typed = _posted(request)
    try:
        delete_row(owner=owner, row_id=row_id, seen=form.seen, by=request.user)
    except ConflictError as conflict:
        return _form(request, kind, owner, _conflicting(kind, owner, row_id, form, conflict), row_id)
    except GoneError:
        pass  # somebody was first
    return written(request, "customers/card_rows.html", _rows(facts, kind, owner, []))


@require_POST
@for_editors
def main(request: HttpRequest, facts: UserFacts, kind: str, owner: Customer, row_id: int) -> HttpResponse:
    """«Назначить основным». The whole list comes back: another row was main before."""
    say = ""
    try:
        make_main(owner=owner, row_id=row_id, by=request.user)
    except GoneError:
        say = _("The row was deleted meanwhile.")
    context = card_context(request, facts, load(kind, owner, pbx_id=facts.pbx_id))
    return written(request, "customers/card_info.html", {**context, "focus": row_id}, say=say)


def _posted(request: HttpRequest) -> tuple[Form, Typed]:
    kind, value = request.POST.get("kind", ""), request.POST.get("value", "")
    kind_id = int(kind) if kind.isascii() and kind.isdigit() and len(kind) < 19 else None
    form = Form({"kind": kind_id, "value": value}, request.POST.get("seen", ""))
    return form, Typed(kind_id, value, split=request.POST.get("split") == "1")


def _write(request: HttpRequest, kind: str, owner: Customer, row_id: int | None = None) -> list[ContactInfo] | Form:
    """The rows written, or the form with what is wrong. `row_id` None: a new row."""
    form, typed = _posted(request)
    by = request.user
    try:
        if row_id is None:
            return add_row(owner=owner, typed=typed, by=by)
        return change_row(owner=owner, row_id=row_id, typed=typed, seen=form.seen, by=by)
    except SeveralNumbersError as several:
        return replace(form, parts=several.parts)
    except ValidationError as error:
        return form.wrong(error)
    except GoneError:
        return form.gone()
    except ConflictError as conflict:
        return _conflicting(kind, owner, row_id, form, conflict)


def _context(kind: str, owner: Customer) -> dict[str, Any]:
    return {"card": {"kind": kind, "id": owner.pk, "name": owner.name}, "why_not_edit": ""}


def _rows(facts: UserFacts, kind: str, owner: Customer, rows: list[ContactInfo]) -> dict[str, Any]:
    waits = waiting(load(kind, owner, pbx_id=facts.pbx_id)) if owner.source_id is not None else frozenset()
    return {**_context(kind, owner), "rows": [show.info_of(one, waiting=waits) for one in rows]}


def _form(request: HttpRequest, kind: str, owner: Customer, form: Form, row_id: int | None = None) -> HttpResponse:
    kinds = ContactInfoKind.objects.filter(owner=kind)
    context = {**_context(kind, owner), "form": form, "kinds": kinds, "row_id": row_id}
    return render(request, "customers/card_edit_row.html", context)


def _conflicting(kind: str, owner: Customer, row_id: int | None, form: Form, conflict: ConflictError) -> Form:
    stored = ContactInfo.objects.select_related("kind").get(pk=row_id or 0, **{kind: owner})
    return Form(form.typed, row_token(stored), stored=((str(stored.kind), str(conflict.stored["value"])),))


def _shared(owner: Customer, kind: str, rows: list[ContactInfo]) -> str:
    """Whose card has the same number too: no mistake, but worth knowing."""
    numbers = [one.value for one in rows if one.type == AddressType.PHONE]
    found = contacts_by_numbers(numbers).values() if numbers else ()
    others = {(one.kind, one.id): one.name for contact in found for one in (contact.owner, *contact.others)}
    others.pop((kind, owner.pk), None)
    return _("Also in the card of: %(names)s.") % {"names": ", ".join(others.values())} if others else ""
