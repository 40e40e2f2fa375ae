"""The worker of an assignment of 10,000 users is killed, or frozen and replaced, in the middle of a chunk."""

import os
import signal
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from astpanel.accounts.assignments.services import assign_profile
from astpanel.accounts.assignments.work import CHUNK
from astpanel.accounts.models import PanelUser, Profile, ProfileAssignment, ProfileAssignmentItem
from astpanel.jobs.models import Job
from astpanel.jobs.services import STALE, resume_stale
from tests.databases import PrivateDatabase, on_postgresql
from tests.jobs.clusters import cluster
from tests.jobs.locks import locked, somebody_waits
from tests.servers import wait_until

USERS = 10_000
WHOLE = 5 * CHUNK  # chunks before the one that is interrupted
pytestmark = on_postgresql


@pytest.fixture
def asked(private_database: PrivateDatabase) -> ProfileAssignment:
    """10,000 users in a profile's list, and its assignment asked for: the job waits in the queue."""
    root = PanelUser.objects.create(username="root", is_superuser=True)
    people = [PanelUser(username=f"user{number}", timeout_seconds=11 + number % 7) for number in range(USERS)]
    profile = Profile.objects.create(name="Отдел продаж", sip_host="new", timeout_seconds=5)
    profile.users.set(PanelUser.objects.bulk_create(people))
    return assign_profile(profile=profile, asked_by=root)


def state(assignment: ProfileAssignment) -> dict[str, Any]:
    """How many users have the new settings, how many the old ones, and what the journal says."""
    listed = PanelUser.objects.filter(profiles=assignment.profile)
    items = ProfileAssignmentItem.objects.filter(assignment=assignment)
    return {
        "new": listed.filter(sip_host="new", timeout_seconds=5, assigned_profile=assignment.profile).count(),
        "old": listed.filter(sip_host="", timeout_seconds__gt=10, assigned_profile=None, assigned_at=None).count(),
        "changed": items.filter(outcome="changed").count(),
        "told": items.filter(user__sip_host="new", before__sip_host="", before__timeout_seconds__gt=10).count(),
        "items": items.count(),
    }


HALF = {"new": WHOLE, "old": USERS - WHOLE, "changed": WHOLE, "told": WHOLE, "items": WHOLE}
ALL = {"new": USERS, "old": 0, "changed": USERS, "told": USERS, "items": USERS}


def job_is(assignment: ProfileAssignment, **wanted: Any) -> bool:
    return Job.objects.filter(pk=assignment.job_id or 0, **wanted).exists()


def in_the_middle(assignment: ProfileAssignment) -> bool:
    return job_is(assignment, done=WHOLE) and somebody_waits()


def ended(assignment: ProfileAssignment) -> None:
    wait_until(lambda: job_is(assignment, finished__isnull=False), "the assignment to end", 180)
    job = Job.objects.get(pk=assignment.job_id or 0)
    assert (job.state, job.done, job.failed, job.attempts) == ("done", USERS, 0, 2)
    assert job.result == {"changed": USERS}
    assert state(assignment) == ALL


@pytest.mark.parametrize("victim", ["worker", "cluster"])
def test_killed(asked: ProfileAssignment, private_database: PrivateDatabase, tmp_path: Path, victim: str) -> None:
    """Every user has either the old settings or the new ones with a journal row; the next worker does the rest."""
    with cluster(private_database.url, tmp_path, "first") as first:
        with locked(PanelUser, pk=asked.users[WHOLE + CHUNK // 2]):
            wait_until(lambda: in_the_middle(asked), "the sixth chunk")
            if victim == "worker":
                os.kill(first.worker(), signal.SIGKILL)
            else:
                first.send(signal.SIGKILL)
                first.process.wait(60)
        wait_until(lambda: not somebody_waits(), "the database to notice")
        assert state(asked) == HALF
        assert resume_stale(now=timezone.now()) == []  # it may still be alive
        assert resume_stale(now=timezone.now() + STALE + timedelta(seconds=1)) == [asked.job_id]
        if victim == "worker":  # the cluster has made a new one
            ended(asked)
    if victim == "cluster":
        with cluster(private_database.url, tmp_path, "second"):
            ended(asked)


def test_frozen_and_replaced(asked: ProfileAssignment, private_database: PrivateDatabase, tmp_path: Path) -> None:
    """A worker that wakes up when another has its job writes nothing any more, and the other goes on."""
    with cluster(private_database.url, tmp_path, "first") as first:
        with locked(PanelUser, pk=asked.users[WHOLE + CHUNK // 2]):
            wait_until(lambda: in_the_middle(asked), "the sixth chunk")
            first.send(signal.SIGSTOP)
            resume_stale(now=timezone.now() + STALE + timedelta(seconds=1))
        with cluster(private_database.url, tmp_path, "second"):
            wait_until(lambda: job_is(asked, state="running", attempts=2), "the second worker")
            first.send(signal.SIGCONT)
            ended(asked)
            wait_until(lambda: "another worker has it" in first.log(), "the first one to notice")
