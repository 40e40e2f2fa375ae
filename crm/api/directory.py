"""Counterparties, contact persons and kinds. Nothing is deleted: DELETE archives, so that calls keep their names."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Status

from astpanel.api.auth import token_with
from astpanel.api.models import Scope
from astpanel.audit_request import acting_as
from crm.api import reading, writing
from crm.api.presenting import counterparty_out, person_out
from crm.api.schemas import (
    CounterpartyIn,
    CounterpartyOut,
    CounterpartyPage,
    ErrorOut,
    Filters,
    KindOut,
    PersonFilters,
    PersonIn,
    PersonOut,
    PersonPage,
)
from crm.models import ContactInfoKind

router = Router(tags=["directory"])
READ, WRITE = token_with(Scope.DIRECTORY_READ), token_with(Scope.DIRECTORY_WRITE)
ERRORS: Any = dict.fromkeys((401, 403, 404, 422, 429), ErrorOut)


def _saved(request: HttpRequest, save: Callable[..., Any], sent: Any, pk: int | None = None) -> int:
    """→ id. The audit names the client whose token it is."""
    with acting_as(request.auth.name):  # type: ignore[attr-defined]  # set by ninja
        return int(save(pk=pk, sent=sent).pk)


@router.get("/kinds", auth=READ, response={200: list[KindOut], **ERRORS}, summary="Kinds of contact information")
def kinds(request: HttpRequest) -> Any:
    """Names that `contact_info.kind` may have."""
    rows = ContactInfoKind.objects.order_by("owner", "order", "name")
    return [{"name": row.name, "owner": row.owner, "type": row.type, "mobile": row.is_mobile} for row in rows]


@router.get("/counterparties", auth=READ, response={200: CounterpartyPage, **ERRORS}, summary="Counterparties")
def counterparties(request: HttpRequest, filters: Query[Filters]) -> Any:
    """By id. For those who copy the directory: `changed_since`."""
    found, following = reading.page_of(reading.matching(reading.counterparties(), filters), filters)
    return {"items": [counterparty_out(row) for row in found], "next": following}


@router.get("/counterparties/{int:pk}", auth=READ, response={200: CounterpartyOut, **ERRORS}, summary="One of them")
def counterparty(request: HttpRequest, pk: int) -> Any:
    return counterparty_out(get_object_or_404(reading.counterparties(), pk=pk))


@router.post("/counterparties", auth=WRITE, response={201: CounterpartyOut, **ERRORS}, summary="A new one")
def add_counterparty(request: HttpRequest, sent: CounterpartyIn) -> Any:
    pk = _saved(request, writing.save_counterparty, sent)
    return Status(201, counterparty_out(reading.counterparties().get(pk=pk)))


@router.patch("/counterparties/{int:pk}", auth=WRITE, response={200: CounterpartyOut, **ERRORS}, summary="Change one")
def change_counterparty(request: HttpRequest, pk: int, sent: CounterpartyIn) -> Any:
    get_object_or_404(reading.counterparties(), pk=pk)
    _saved(request, writing.save_counterparty, sent, pk)
    return counterparty_out(reading.counterparties().get(pk=pk))


@router.delete("/counterparties/{int:pk}", auth=WRITE, response={204: None, **ERRORS}, summary="Archive one")
def archive_counterparty(request: HttpRequest, pk: int) -> Any:
    change_counterparty(request, pk, CounterpartyIn.model_validate({"archived": True}))
    return Status(204, None)


@router.get("/persons", auth=READ, response={200: PersonPage, **ERRORS}, summary="Contact persons")
def persons(request: HttpRequest, filters: Query[PersonFilters]) -> Any:
    """By id; of one counterparty or of all."""
    rows = reading.matching(reading.persons(), filters)
    rows = rows if filters.counterparty is None else rows.filter(counterparty=filters.counterparty)
    found, following = reading.page_of(rows, filters)
    return {"items": [person_out(row) for row in found], "next": following}


@router.get("/persons/{int:pk}", auth=READ, response={200: PersonOut, **ERRORS}, summary="One of them")
def person(request: HttpRequest, pk: int) -> Any:
    return person_out(get_object_or_404(reading.persons(), pk=pk))


@router.post("/persons", auth=WRITE, response={201: PersonOut, **ERRORS}, summary="A new one")
def add_person(request: HttpRequest, sent: PersonIn) -> Any:
    pk = _saved(request, writing.save_person, sent)
    return Status(201, person_out(reading.persons().get(pk=pk)))


@router.patch("/persons/{int:pk}", auth=WRITE, response={200: PersonOut, **ERRORS}, summary="Change one")
def change_person(request: HttpRequest, pk: int, sent: PersonIn) -> Any:
    get_object_or_404(reading.persons(), pk=pk)
    _saved(request, writing.save_person, sent, pk)
    return person_out(reading.persons().get(pk=pk))


@router.delete("/persons/{int:pk}", auth=WRITE, response={204: None, **ERRORS}, summary="Archive one")
def archive_person(request: HttpRequest, pk: int) -> Any:
    change_person(request, pk, PersonIn.model_validate({"archived": True}))
    return Status(204, None)
