"""The operator's pages."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


@login_required
def panel(request: HttpRequest) -> HttpResponse:
    """The live panel."""
    return render(request, "telephony/panel.html")
