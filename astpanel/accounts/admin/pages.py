"""What the pages around profiles share: who may open them, a page of a long list, the numbers of its links."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Final, ParamSpec

from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from astpanel.accounts.assignments.rules import may_assign

PER_PAGE: Final = 50
P = ParamSpec("P")


def assigners_only(view: Callable[P, HttpResponseBase]) -> Callable[P, HttpResponseBase]:
    """Decorator of a page of the admin site: 403 for staff who may not hand out profiles."""

    @wraps(view)
    def asked(*args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        request: Any = args[0]
        if not may_assign(request.user):
            raise PermissionDenied
        return view(*args, **kwargs)

    return asked


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks of a list. `query` as typed, `show` one of the allowed words or empty."""

    query: str
    show: str
    page: str


def asked_of(request: HttpRequest, *allowed: str) -> Asked:
    """From the address; what is not allowed means everything."""
    show = request.GET.get("show", "")
    return Asked(request.GET.get("q", "").strip()[:100], show if show in allowed else "", request.GET.get("p", "1"))


def page_of(rows: Any, number: str) -> Page[Any]:
    """The page, or the nearest there is."""
    return Paginator(rows, PER_PAGE).get_page(number)
