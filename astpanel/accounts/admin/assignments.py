"""The journal of assignments: who handed out what, when, and what became of each user."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from astpanel.accounts.admin.assigning import go_on, undo
from astpanel.accounts.admin.pages import asked_of, page_of
from astpanel.accounts.assignments.journal import item_rows, items_of
from astpanel.accounts.assignments.rules import may_assign
from astpanel.accounts.assignments.services import may_be_continued, why_not_undone
from astpanel.accounts.models import AssignmentOutcome, ProfileAssignment
from astpanel.accounts.settings_fields import kind_names, label, readable
from astpanel.admin_parts import ModelAdmin, ReadOnly
from astpanel.jobs.rules import may_watch


@admin.register(ProfileAssignment)
class ProfileAssignmentAdmin(ReadOnly, ModelAdmin):
    """Read only; an undo is an assignment of its own."""

    list_display = ["created", "what", "asked_by", "total", "outcomes", "state", "finished"]
    list_display_links = ["created", "what"]
    list_filter = ["profile"]
    list_select_related = ["profile", "asked_by", "job", "undo_of", "undone_by"]
    search_fields = ["profile_name", "asked_by__last_name", "asked_by__username"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request).defer("users", "values")
        return rows

    def get_urls(self) -> list[Any]:
        """The pages beside the journal."""
        view = self.admin_site.admin_view
        return [
            path("<int:assignment_id>/undo/", view(undo), name="accounts_profileassignment_undo"),
            path("<int:assignment_id>/continue/", view(go_on), name="accounts_profileassignment_continue"),
            *super().get_urls(),
        ]

    @admin.display(description=gettext_lazy("settings profile"), ordering="profile_name")
    def what(self, obj: ProfileAssignment) -> str:
        return _("undo: %(name)s") % {"name": obj.profile_name} if obj.undo_of_id else obj.profile_name or "–"

    @admin.display(description=gettext_lazy("outcomes"))
    def outcomes(self, obj: ProfileAssignment) -> str:
        return ", ".join(f"{text}: {number_format(count, force_grouping=True)}" for text, count in _counts(obj))

    @admin.display(description=gettext_lazy("state"))
    def state(self, obj: ProfileAssignment) -> str:
        if hasattr(obj, "undone_by"):
            return _("undone")
        if obj.finished is not None:
            return _("done")
        return str(obj.job.get_state_display()) if obj.job else _("broken off")

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        """One assignment: its progress while it runs, then what became of each user."""
        if request.method != "GET" or not self.has_view_permission(request):
            raise PermissionDenied
        if not object_id.isdecimal() or len(object_id) > 18:
            raise Http404
        rows = ProfileAssignment.objects.select_related("profile", "asked_by", "job__asked_by", "undo_of")
        assignment = rows.defer("users").filter(pk=object_id).first()
        if assignment is None:
            raise Http404
        return render(request, "admin/accounts/assignments/assignment.html", self._context(request, assignment))

    def _context(self, request: Any, assignment: ProfileAssignment) -> dict[str, Any]:
        asked = asked_of(request, *AssignmentOutcome.values)
        page = page_of(items_of(assignment, show=asked.show, query=asked.query), asked.page)
        kinds = kind_names([assignment.values])
        job = assignment.job
        mine = may_assign(request.user)
        return {
            **self.admin_site.each_context(request),
            "title": _("Undo of an assignment") if assignment.undo_of_id else _("Assignment of a profile"),
            "opts": self.opts,
            "assignment": assignment,
            "undone_by": ProfileAssignment.objects.filter(undo_of=assignment).only("pk", "created").first(),
            "job": job if job is not None and may_watch(request.user, job) else None,
            "counts": [(text, count, code) for code, (text, count) in _coded(assignment)],
            "pending": max(assignment.total - assignment.position, 0),
            "settings": [(label(f), readable(f, value, kinds)) for f, value in assignment.values.items()],
            "asked": asked,
            "page": page,
            "rows": item_rows(page.object_list, assignment),
            "may_undo": mine and not why_not_undone(assignment),
            "why_not": why_not_undone(assignment),
            "may_go_on": mine and may_be_continued(assignment),
        }


def _coded(assignment: ProfileAssignment) -> list[tuple[str, tuple[str, int]]]:
    counts = assignment.counts
    return [(str(code), (str(text), counts[code])) for code, text in AssignmentOutcome.choices if counts.get(code)]


def _counts(assignment: ProfileAssignment) -> list[tuple[str, int]]:
    return [found for _code, found in _coded(assignment)]
