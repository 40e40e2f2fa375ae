"""The work of an assignment or an undo, in chunks: a user's settings and what the journal says of them are written in
one transaction. A worker that dies leaves whole chunks; the next one goes on with the users that are still pending.
"""

from collections import defaultdict
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.db.models import Count
from django.utils import timezone

from astpanel.accounts.assignments.order import wait_for_older
from astpanel.accounts.assignments.planning import Plan
from astpanel.accounts.assignments.plans import GONE, READ, Planner, Row, as_columns
from astpanel.accounts.models import AssignmentOutcome, PanelUser, ProfileAssignment, ProfileAssignmentItem
from astpanel.jobs import services
from astpanel.jobs.models import Job
from astpanel.jobs.registry import job_function

CHUNK: Final = 500
TRIES: Final = 3  # of a chunk, when a row it refers to is deleted under its hands
FEW: Final = 40  # different outcomes in a chunk that are written by a statement each


@job_function
def run(job: Job) -> dict[str, int]:
    """→ users by outcome. `job.args`: `{"assignment": id}`."""
    assignment = ProfileAssignment.objects.select_related("undo_of").get(pk=job.args["assignment"])
    wait_for_older(job, assignment)
    counts = _count(job, assignment)
    last: int | None = 0
    while last is not None:
        last = _chunk(job, assignment, last)
    counts = _count(job, assignment)
    ProfileAssignment.objects.filter(pk=assignment.pk).update(finished=timezone.now())
    return counts


def _count(job: Job, assignment: ProfileAssignment) -> dict[str, int]:
    """Users by outcome; the job's figures are set to what the rows say."""
    rows = ProfileAssignmentItem.objects.filter(assignment=assignment).order_by()
    counts = dict(rows.values_list("outcome").annotate(Count("pk")))
    job.total = sum(counts.values())
    job.done = job.total - counts.get(AssignmentOutcome.PENDING, 0)
    job.failed = counts.get(AssignmentOutcome.FAILED, 0)
    return counts


def _chunk(job: Job, assignment: ProfileAssignment, after: int) -> int | None:
    """Do the next pending users → the last row's id; None: there were none left."""
    for attempt in range(TRIES):
        done, failed = job.done, job.failed
        try:
            with transaction.atomic():
                items = _pending(assignment, after)
                if not items:
                    return None
                _do(job, assignment, items)
        except IntegrityError:
            job.done, job.failed = done, failed
            if attempt == TRIES - 1:
                raise
        else:
            return max(items)
    return None


def _pending(assignment: ProfileAssignment, after: int) -> dict[int, int | None]:
    """Row id → user id of the next ones, locked: whoever else thinks they are pending waits and then sees better."""
    rows = ProfileAssignmentItem.objects.select_for_update(no_key=True).filter(
        assignment=assignment, outcome=AssignmentOutcome.PENDING, pk__gt=after
    )
    return dict(rows.order_by("pk").values_list("pk", "user_id")[:CHUNK])


def _do(job: Job, assignment: ProfileAssignment, items: dict[int, int | None]) -> None:
    """Inside the chunk's transaction. Users are locked in the order of their ids, as everywhere: nobody deadlocks."""
    ids = [user for user in items.values() if user is not None]
    locked = PanelUser.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk")
    users: dict[int, Row] = {pk: tuple(row) for pk, *row in locked.values_list("pk", *READ)}
    plans = Planner(assignment).plans(users)
    _write_users(plans)
    outcomes = {item: GONE if user is None else plans.get(user, GONE) for item, user in items.items()}
    _write_items(outcomes)
    job.done += len(items)
    job.failed += sum(plan.outcome == AssignmentOutcome.FAILED for plan in outcomes.values())
    services.hold(job)  # raises if another worker has the job: then nothing of this chunk is written


def _write_users(plans: dict[int, Plan]) -> None:
    groups: dict[tuple[tuple[str, Any], ...], list[int]] = defaultdict(list)
    for plan, ids in _by_plan(plans):
        if plan.values:
            groups[tuple(sorted(as_columns(plan.values).items()))] += ids
    for columns, ids in groups.items():
        PanelUser.objects.filter(pk__in=ids).update(**dict(columns))


def _write_items(outcomes: dict[int, Plan]) -> None:
    groups = _by_plan(outcomes)
    if len(groups) > FEW:
        rows = [
            ProfileAssignmentItem(pk=pk, outcome=plan.outcome, before=plan.before, detail=plan.detail)
            for pk, plan in outcomes.items()
        ]
        ProfileAssignmentItem.objects.bulk_update(rows, ["outcome", "before", "detail"])
        return
    for plan, ids in groups:
        values = {"outcome": plan.outcome, "before": plan.before, "detail": plan.detail}
        ProfileAssignmentItem.objects.filter(pk__in=ids).update(**values)


def _by_plan(plans: dict[int, Plan]) -> list[tuple[Plan, list[int]]]:
    """Ids with the same plan object, together."""
    groups: dict[int, tuple[Plan, list[int]]] = {}
    for pk, plan in plans.items():
        groups.setdefault(id(plan), (plan, []))[1].append(pk)
    return list(groups.values())
