"""«Назначить профиль пользователям»: the differences first, then the button."""

import hashlib
import json
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from astpanel.accounts.admin.pages import asked_of, assigners_only, page_of
from astpanel.accounts.assignments.preview import rows_of, summary_of, users_of
from astpanel.accounts.assignments.services import (
    assign_profile,
    continue_assignment,
    undo_assignment,
    why_not_undone,
)
from astpanel.accounts.assignments.undo_preview import undo_preview, undo_rows
from astpanel.accounts.models import AssignmentOutcome, Profile, ProfileAssignment
from astpanel.accounts.settings_fields import values_of


def seen(profile: Profile) -> str:
    """A mark of the settings that a page showed: what is handed out is what was looked at."""
    return hashlib.sha256(json.dumps(values_of(profile)).encode()).hexdigest()[:16]


@assigners_only
def assign(request: Any, profile_id: int) -> HttpResponse:
    """GET: who would get what. POST: a worker does it, unless the profile has been edited since the page was made."""
    profile = get_object_or_404(Profile, pk=profile_id)
    if request.method == "POST":
        if request.POST.get("seen") != seen(profile):
            messages.warning(request, _("The profile was changed meanwhile. Look at the differences again."))
        else:
            try:
                made = assign_profile(profile=profile, asked_by=request.user)
            except ValidationError as error:
                messages.error(request, " ".join(error.messages))
            else:
                return _to_assignment(made)
        return HttpResponseRedirect(request.get_full_path())
    asked = asked_of(request, "changing", "unchanged", "failing", "left_out")
    page = page_of(users_of(profile, by=request.user, show=asked.show, query=asked.query), asked.page)
    context = {
        **admin.site.each_context(request),
        "title": _("Assign the profile to users"),
        "profile": profile,
        "seen": seen(profile),
        "summary": summary_of(profile, by=request.user),
        "asked": asked,
        "page": page,
        "rows": rows_of(page.object_list, profile),
    }
    return render(request, "admin/accounts/assignments/assign.html", context)


@assigners_only
def undo(request: Any, assignment_id: int) -> HttpResponse:
    """GET: who would get what back. POST: a worker does it."""
    assignment = get_object_or_404(ProfileAssignment.objects.select_related("job"), pk=assignment_id)
    if request.method == "POST":
        try:
            made = undo_assignment(assignment=assignment, asked_by=request.user)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return _to_assignment(assignment)
        return _to_assignment(made)
    if reason := why_not_undone(assignment):
        messages.error(request, reason)
        return _to_assignment(assignment)
    asked = asked_of(request, *AssignmentOutcome.values)
    preview = undo_preview(assignment, by=request.user, show=asked.show, query=asked.query)
    page = page_of(preview.users, asked.page)
    context = {
        **admin.site.each_context(request),
        "title": _("Undo the assignment"),
        "assignment": assignment,
        "counts": preview.counts,
        "total": sum(preview.counts.values()),
        "asked": asked,
        "page": page,
        "rows": undo_rows(preview, tuple(page.object_list)),
    }
    return render(request, "admin/accounts/assignments/undo.html", context)


@require_POST
@assigners_only
def go_on(request: Any, assignment_id: int) -> HttpResponse:
    """With one that broke off."""
    assignment = get_object_or_404(ProfileAssignment, pk=assignment_id)
    try:
        assignment = continue_assignment(assignment=assignment, asked_by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return _to_assignment(assignment)


def _to_assignment(assignment: ProfileAssignment) -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:accounts_profileassignment_change", args=[assignment.pk]))


def assign_address(profile: Profile) -> str:
    """Of the page with the differences."""
    return reverse("admin:accounts_profile_assign", args=[profile.pk])
