"""Asking for an assignment, its undo, and going on with one that broke off. A worker does the work (`work.py`)."""

from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from astpanel.accounts.assignments.rules import assignable
from astpanel.accounts.models import AssignmentOutcome, PanelUser, Profile, ProfileAssignment, ProfileAssignmentItem
from astpanel.accounts.settings_fields import values_of
from astpanel.jobs.models import Job
from astpanel.jobs.services import start_job

WORK: Final = "astpanel.accounts.assignments.work.run"
GIVEN: Final = (AssignmentOutcome.CHANGED, AssignmentOutcome.UNCHANGED)  # what an undo can take back


@transaction.atomic
def assign_profile(*, profile: Profile, asked_by: PanelUser) -> ProfileAssignment:
    """Hand the profile's settings, as they are now, to the users in its list now; later edits change nothing of it.

    Users whom `asked_by` may not change are left out. Raises ValidationError when nobody is left.
    """
    users = assignable(PanelUser.objects.filter(profiles=profile), by=asked_by)
    ids = list(users.order_by("pk").values_list("pk", flat=True))
    if not ids:
        raise ValidationError(_("The list of the profile has no users whom you may change."))
    assignment = ProfileAssignment(
        profile=profile,
        profile_name=profile.name,
        values=values_of(profile),
        asked_by=asked_by,
        users=ids,
        total=len(ids),
    )
    _start(assignment, _("Assignment of the profile “%(name)s”") % {"name": profile.name})
    return assignment


@transaction.atomic
def undo_assignment(*, assignment: ProfileAssignment, asked_by: PanelUser) -> ProfileAssignment:
    """Give every user of the assignment back what it found. Raises ValidationError when that cannot be asked for."""
    row = _locked(assignment)  # of two who ask at the same time the second one sees the first one's undo
    if reason := why_not_undone(row):
        raise ValidationError(reason)
    users = assignable(PanelUser.objects.filter(assignment_items__in=given_items(row)), by=asked_by)
    ids = list(users.order_by("pk").values_list("pk", flat=True))
    if not ids:
        raise ValidationError(_("Nobody is left who was changed by it and whom you may change."))
    undo = ProfileAssignment(
        profile=row.profile,
        profile_name=row.profile_name,
        values=row.values,
        undo_of=row,
        asked_by=asked_by,
        users=ids,
        total=len(ids),
    )
    _start(undo, _("Undo of the assignment of “%(name)s”") % {"name": assignment.profile_name})
    return undo


@transaction.atomic
def continue_assignment(*, assignment: ProfileAssignment, asked_by: PanelUser) -> ProfileAssignment:
    """A new job for the users that one which broke off has not come to. Raises ValidationError when there is none."""
    row = _locked(assignment)
    if not may_be_continued(row):
        raise ValidationError(_("There is nothing to go on with."))
    name = {"name": row.profile_name}
    title = _("Undo of the assignment of “%(name)s”") if row.undo_of_id else _("Assignment of the profile “%(name)s”")
    row.asked_by = asked_by
    _start(row, title % name)
    return row


def may_be_continued(assignment: ProfileAssignment) -> bool:
    """It broke off: not finished, and its job has ended or is gone."""
    job = assignment.job
    return assignment.finished is None and (job is None or job.state in (Job.State.FAILED, Job.State.DONE))


def why_not_undone(assignment: ProfileAssignment) -> str:
    """The reason why an undo cannot be asked for, empty if it can."""
    if assignment.undo_of_id is not None:
        return _("An undo is not undone: assign the profile again.")
    if ProfileAssignment.objects.filter(undo_of=assignment).exists():
        return _("It has been undone already.")
    if assignment.finished is None and not may_be_continued(assignment):
        return _("It is still running.")
    return ""


def given_items(assignment: ProfileAssignment) -> QuerySet[ProfileAssignmentItem]:
    """The users to whom the settings were really handed out."""
    return ProfileAssignmentItem.objects.filter(assignment=assignment, outcome__in=GIVEN, user__isnull=False)


def _locked(assignment: ProfileAssignment) -> ProfileAssignment:
    rows = ProfileAssignment.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("job", "profile").get(pk=assignment.pk)


def _start(assignment: ProfileAssignment, title: str) -> None:
    assignment.save()
    assignment.job = start_job(
        kind="assign_profile",
        title=title,
        function=WORK,
        args={"assignment": assignment.pk},
        asked_by=assignment.asked_by,
        url=reverse("admin:accounts_profileassignment_change", args=[assignment.pk]),
        total=assignment.total,
    )
    assignment.save(update_fields=["job"])
