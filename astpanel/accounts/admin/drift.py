"""The drift report: who no longer has the settings of the assigned profile."""

from typing import Any

from django.contrib import admin
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from astpanel.accounts.admin.pages import asked_of, assigners_only, page_of
from astpanel.accounts.drift import drift_by_profile, drift_summary
from astpanel.accounts.drift_report import drift_rows, drifted_users
from astpanel.accounts.models import Profile
from astpanel.admin import AstpanelAdminSite


@assigners_only
def drift(request: Any) -> HttpResponse:
    """`profile=`: of one profile only."""
    text = request.GET.get("profile", "")
    profile = int(text) if text.isdecimal() and len(text) < 10 else None
    asked = asked_of(request)
    page = page_of(drifted_users(profile=profile, query=asked.query), asked.page)
    found = drift_by_profile()
    context = {
        **admin.site.each_context(request),
        "title": _("Users who differ from their profile"),
        "summary": drift_summary(),
        "profiles": [(row, found[row.pk]) for row in Profile.objects.filter(pk__in=found) if found[row.pk].drifted],
        "profile": profile,
        "asked": asked,
        "page": page,
        "rows": drift_rows(list(page.object_list)),
    }
    return render(request, "admin/accounts/assignments/drift.html", context)


site = admin.site
assert isinstance(site, AstpanelAdminSite)  # noqa: S101 - the default site of the settings

site.add_page("accounts/drift/", drift, name="accounts_drift")
