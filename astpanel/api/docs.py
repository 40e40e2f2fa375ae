"""The page that describes the interface: Swagger UI as django-ninja brings it, within our own page."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from ninja import NinjaAPI
from ninja.openapi.docs import DocsBase

from astpanel.api.models import ApiClient


class OpenApiPage(DocsBase):
    """No word of it comes from another site: the Content-Security-Policy would not let it."""

    def render_page(self, request: HttpRequest, api: NinjaAPI, **kwargs: Any) -> HttpResponse:
        address = self.get_openapi_url(api, kwargs)
        settings = {"layout": "BaseLayout", "deepLinking": True, "url": address, "persistAuthorization": False}
        return render(request, "api/docs.html", {"swagger": settings, "openapi": address})


def for_administrators(view: Any) -> Any:
    """Who may see the clients may see what they can do."""

    def allowed(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not admin.site._registry[ApiClient].has_view_permission(request):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return admin.site.admin_view(allowed)
