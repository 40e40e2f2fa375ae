"""The interface for other systems: its routers, its errors, its page."""

import logging
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, re_path
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError
from ninja.errors import ValidationError as BadRequestError

from astpanel.api.auth import TooOftenError
from astpanel.api.docs import OpenApiPage, for_administrators
from crm.api.callers import router as callers
from crm.api.directory import router as directory

log = logging.getLogger(__name__)

api = NinjaAPI(
    title="astpanel",
    version="1",
    description="The directory of customers, and who calls. Each request carries a client's token.",
    urls_namespace="api",
    docs=OpenApiPage(),
    docs_decorator=for_administrators,
)
api.add_router("", callers)
api.add_router("", directory)


def _answer(request: HttpRequest, status: int, text: str, **more: Any) -> HttpResponse:
    return api.create_response(request, {"detail": text, **more}, status=status)


@api.exception_handler(AuthenticationError)
def _nobody(request: HttpRequest, _error: AuthenticationError) -> HttpResponse:
    answer = _answer(request, 401, _("A valid token is needed: Authorization: Bearer …"))
    answer["WWW-Authenticate"] = 'Bearer, Basic realm="astpanel"'
    return answer


@api.exception_handler(TooOftenError)
def _too_often(request: HttpRequest, error: TooOftenError) -> HttpResponse:
    answer = _answer(request, 429, error.message)
    answer["Retry-After"] = str(error.retry_after)
    return answer


@api.exception_handler(Http404)
def _not_there(request: HttpRequest, _error: Http404) -> HttpResponse:
    return _answer(request, 404, _("There is no such thing."))


@api.exception_handler(BadRequestError)
def _bad_request(request: HttpRequest, error: BadRequestError) -> HttpResponse:
    errors = [{"field": _field(one["loc"]), "messages": [one["msg"]]} for one in error.errors]
    return _answer(request, 422, _("The request is not as described."), errors=errors)


def _field(place: Sequence[str | int]) -> str:
    """`("body", "sent", "contact_info", 0, "value")` → `contact_info.0.value`: `sent` is our argument, no field."""
    own = 2 if place[:2] == ("body", "sent") else 1
    return ".".join(map(str, place[own:]))


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    fields = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    errors = [{"field": "" if name == "__all__" else name, "messages": texts} for name, texts in fields.items()]
    return _answer(request, 422, _("Nothing was written: see the errors."), errors=errors)


@api.exception_handler(Exception)
def _broken(request: HttpRequest, _error: Exception) -> HttpResponse:
    log.exception("the interface failed at %s", request.path)
    return _answer(request, 500, _("Something went wrong here: the administrator's log says more."))


def no_such_address(request: HttpRequest) -> HttpResponse:
    """Nobody's address below `/api/`: told in the interface's own form, for programs read it."""
    return _answer(request, 404, _("There is no such thing."))


urlpatterns = [path("", api.urls), re_path("", no_such_address)]
