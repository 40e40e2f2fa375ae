"""A job's life: started, claimed, ended, taken up again."""

import logging
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from django_q.models import OrmQ

from astpanel.jobs import services, tasks
from astpanel.jobs.models import Job
from astpanel.jobs.registry import UnknownFunctionError
from tests.factories import PanelUserFactory
from tests.jobs import work

pytestmark = pytest.mark.django_db
WORK = work.__name__


def start(function: str, **args: Any) -> Job:
    return services.start_job(
        kind="test", title="Проверка", function=f"{WORK}.{function}", args=args, asked_by=None, url="/admin/"
    )


def ended(job: Job) -> tuple[str, int, int, str, dict[str, Any], int]:
    job.refresh_from_db()
    assert job.finished is not None
    assert job.started is not None
    return job.state, job.done, job.total, job.message, job.result, job.attempts


def test_a_task_comes_with_the_commit_and_carries_the_id_only(django_capture_on_commit_callbacks: Any) -> None:
    user = PanelUserFactory()
    with django_capture_on_commit_callbacks() as callbacks:
        job = services.start_job(
            kind="test", title="x" * 300, function=f"{WORK}.count", args={"to": 3}, asked_by=user, url="/admin/"
        )
    assert OrmQ.objects.count() == 0
    for callback in callbacks:
        callback()
    task = OrmQ.objects.get().task
    assert (task["func"], task["args"], task["kwargs"]) == ("astpanel.jobs.tasks.run", (job.pk,), {})
    assert (job.state, job.title, job.asked_by, job.language) == ("queued", "x" * 250, user, "ru")


def test_only_registered_functions() -> None:
    with pytest.raises(UnknownFunctionError):
        services.start_job(kind="test", title="", function="os.system", args={}, asked_by=None)
    assert not Job.objects.exists()


def test_done() -> None:
    job = start("count", to=3)
    assert tasks.run(job.pk) == "done"
    assert ended(job) == ("done", 3, 3, "", {"counted": 3}, 1)
    assert tasks.run(job.pk) == "not mine"  # the queue may bring it twice
    assert tasks.run(0) == "not mine"


def test_failed_in_words(caplog: pytest.LogCaptureFixture) -> None:
    job = start("refuse")
    assert tasks.run(job.pk) == "failed"
    assert ended(job) == ("failed", 0, 0, "the office is closed", {}, 1)
    assert not caplog.records


def test_a_defect_shows_its_kind_only_and_the_log_has_the_rest(caplog: pytest.LogCaptureFixture) -> None:
    job = start("break_off")
    Job.objects.filter(pk=job.pk).update(language="en")
    assert tasks.run(job.pk) == "failed"
    text = "The work broke off (RuntimeError). The worker's log says more."
    assert ended(job) == ("failed", 0, 0, text, {}, 1)
    assert "hunter2" in caplog.text


def test_a_row_written_past_the_product_calls_nothing(caplog: pytest.LogCaptureFixture) -> None:
    job = start("count", to=1)
    Job.objects.filter(pk=job.pk).update(function="builtins.print", language="en")
    assert tasks.run(job.pk) == "failed"
    assert ended(job)[3] == "This version does not know how to do that."


def test_who_was_replaced_writes_nothing() -> None:
    job = start("be_replaced")
    assert tasks.run(job.pk) == "lost"
    job.refresh_from_db()
    assert (job.state, job.done, job.attempts, job.finished) == ("running", 0, 2, None)


def test_of_two_workers_one_gets_it() -> None:
    job = start("count", to=1)
    now = timezone.now()
    first, second = services.claim(job_id=job.pk, now=now), services.claim(job_id=job.pk, now=now)
    assert (first and first.attempts, second) == (1, None)


def test_a_dead_worker_s_job_is_queued_again_once(
    django_capture_on_commit_callbacks: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR)
    jobs = {name: start("count", to=1) for name in ("alive", "dead", "waits", "lost", "hopeless", "ended")}
    now = timezone.now()
    old = now - timedelta(seconds=121)
    running = Job.State.RUNNING
    rows: dict[str, dict[str, Any]] = {
        "alive": {"state": running, "heartbeat": now - timedelta(seconds=59), "attempts": 1},
        "dead": {"state": running, "heartbeat": old, "attempts": 1},
        "waits": {"heartbeat": now - timedelta(seconds=119)},
        "lost": {"heartbeat": old},
        "hopeless": {"state": running, "heartbeat": old, "attempts": services.MOST_ATTEMPTS},
        "ended": {"state": Job.State.DONE, "heartbeat": old},
    }
    for name, values in rows.items():
        Job.objects.filter(pk=jobs[name].pk).update(**values)
    ghost = Job.objects.get(pk=jobs["dead"].pk)  # its worker only slept
    assert services.resume_stale(now=now) == [jobs["dead"].pk, jobs["lost"].pk]
    assert services.resume_stale(now=now) == []
    assert [row.task["args"] for row in OrmQ.objects.order_by("id")] == [(jobs["dead"].pk,), (jobs["lost"].pk,)]
    states = {name: Job.objects.get(pk=job.pk).state for name, job in jobs.items()}
    assert states == {
        "alive": "running",
        "dead": "queued",
        "waits": "queued",
        "lost": "queued",
        "hopeless": "failed",
        "ended": "done",
    }
    with pytest.raises(services.JobLostError):
        services.progress(ghost, done=1)
    assert tasks.run(jobs["dead"].pk) == "done"
    with pytest.raises(services.JobLostError):
        services.finish(ghost, result={"by": "ghost"}, now=now)
    assert ended(jobs["dead"]) == ("done", 1, 1, "", {"counted": 1}, 2)


def test_progress_is_cheap(django_assert_num_queries: Any) -> None:
    job = start("count", to=1000)
    claimed = services.claim(job_id=job.pk, now=timezone.now())
    assert claimed
    services.progress(claimed, done=1)
    claimed.written_at += 3600  # the row was written a moment ago
    with django_assert_num_queries(0):
        services.progress(claimed, done=2)
    with django_assert_num_queries(1):
        services.hold(claimed)
    assert Job.objects.get(pk=job.pk).done == 2
