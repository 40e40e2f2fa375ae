"""The work of an assignment or an undo, in chunks.

A chunk is one transaction: the settings of its users, what the journal says of each, and how far the assignment is. A
worker that dies leaves whole chunks, and the next one goes on behind the last of them.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from django.db import IntegrityError, transaction
from django.utils import timezone

from astpanel.accounts.assignments.handing_out import hand_out
from astpanel.accounts.assignments.order import wait_for_older
from astpanel.accounts.assignments.planning import Plan
from astpanel.accounts.assignments.plans import GONE, given_by, refused
from astpanel.accounts.assignments.taking_back import item, take_back
from astpanel.accounts.models import AssignmentOutcome, PanelUser, ProfileAssignment, ProfileAssignmentItem
from astpanel.jobs import services
from astpanel.jobs.models import Job
from astpanel.jobs.registry import job_function

CHUNK: Final = 1000
TRIES: Final = 3  # of a chunk, when a row it refers to is deleted under its hands


@job_function
def run(job: Job) -> dict[str, int]:
    """→ users by outcome. `job.args`: `{"assignment": id}`."""
    assignment = ProfileAssignment.objects.select_related("undo_of").get(pk=job.args["assignment"])
    wait_for_older(job, assignment)
    while assignment.position < len(assignment.users):
        _try_chunk(job, assignment)
    ProfileAssignment.objects.filter(pk=assignment.pk).update(finished=timezone.now())
    return dict(assignment.counts)


def _try_chunk(job: Job, assignment: ProfileAssignment) -> None:
    position, counts = assignment.position, assignment.counts
    users = assignment.users[position : position + CHUNK]
    for attempt in range(1, TRIES + 1):
        try:
            with transaction.atomic():
                outcomes = Counter(_chunk(assignment, users).values())
                assignment.position = position + len(users)
                assignment.counts = dict(Counter(counts) + outcomes)
                assignment.save(update_fields=["position", "counts"])
                job.done, job.total = assignment.position, len(assignment.users)
                job.failed = assignment.counts.get(AssignmentOutcome.FAILED, 0)
                services.hold(job)  # raises if another worker has the job: then nothing of this chunk is written
        except IntegrityError:
            if attempt == TRIES:
                raise
        else:
            return


def _chunk(assignment: ProfileAssignment, users: Sequence[int]) -> dict[int, str]:
    """User id → outcome. Users are locked in the order of their ids, as everywhere: nobody deadlocks."""
    given = given_by(assignment)
    if assignment.undo_of_id is not None:
        outcomes = take_back(undo_id=assignment.pk, original_id=assignment.undo_of_id, users=users, given=given)
        missing: dict[int, Plan] = {}
    else:
        missing = refused(users, given)
        outcomes = hand_out(assignment_id=assignment.pk, users=[pk for pk in users if pk not in missing], given=given)
    missing |= dict.fromkeys((pk for pk in users if pk not in outcomes and pk not in missing), GONE)
    if missing:
        _write_failures(assignment.pk, missing)
    return outcomes | {pk: plan.outcome for pk, plan in missing.items()}


def _write_failures(assignment_id: int, plans: dict[int, Plan]) -> None:
    people = PanelUser.objects.in_bulk(plans)
    rows = []
    for pk, plan in plans.items():
        if pk in people:
            rows.append(item(assignment_id, plan, people[pk]))
        else:
            gone = item(assignment_id, GONE, PanelUser(username=f"№ {pk}"))
            rows.append(gone)
    ProfileAssignmentItem.objects.bulk_create(rows)
