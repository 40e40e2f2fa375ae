"""The runs of bench_assignment, inside a process whose database is the one to measure."""

import statistics
import time
from collections.abc import Callable, Iterator

from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import Value
from django.db.models.functions import Concat
from django.db.models.signals import post_save, pre_save
from django.utils import timezone

from astpanel.accounts.assignments import services, work
from astpanel.accounts.models import PanelUser, Profile, ProfileAssignment, ProfileAssignmentItem
from astpanel.accounts.settings_fields import columns_of, values_of
from astpanel.jobs.models import Job
from astpanel.jobs.services import claim


def furnish(count: int, *, alike: bool) -> tuple[PanelUser, list[Profile]]:
    """Users (a handful of different settings, or each its own), and two profiles to change between."""
    root = PanelUser.objects.create(username="root", is_superuser=True)
    PanelUser.objects.bulk_create(
        PanelUser(
            username=f"user{number}",
            last_name="Иванов",
            first_name="Пётр",
            in_use=True,
            timeout_seconds=10 + number % 5,
            sip_host="" if alike else f"pbx{number}.example",
        )
        for number in range(count)
    )
    profiles = [
        Profile.objects.create(name=f"Profile {number}", sip_host=f"pbx{number}.example", timeout_seconds=20 + number)
        for number in range(3)
    ]
    for profile in profiles:
        profile.users.set(PanelUser.objects.exclude(pk=root.pk))
    return root, profiles


def ours(root: PanelUser, profile: Profile) -> None:
    """From the click to the last chunk."""
    assignment = services.assign_profile(profile=profile, asked_by=root)
    assert assignment.job_id
    job = claim(job_id=assignment.job_id, now=timezone.now())
    assert job
    work.run(job)
    Job.objects.filter(pk=job.pk).update(state=Job.State.DONE)


def journal_loop(root: PanelUser, profile: Profile) -> None:
    """What anybody would write: keep what was there, set what is wanted, save both."""
    assignment = ProfileAssignment.objects.create(profile=profile, asked_by=root)
    with transaction.atomic():
        for user in profile.users.all():
            before = {**values_of(user), "assigned_profile": user.assigned_profile_id}
            give(user, profile)
            ProfileAssignmentItem(
                assignment=assignment, user=user, user_name=str(user), outcome="changed", before=before
            ).save()


def bare_loop(root: PanelUser, profile: Profile) -> None:
    """The same without a journal: nothing to undo it with."""
    with transaction.atomic():
        for user in profile.users.all():
            give(user, profile)


def give(user: PanelUser, profile: Profile) -> None:
    """The settings, one by one, and save()."""
    for name, value in columns_of(values_of(profile)).items():
        setattr(user, name, value)
    user.assigned_profile = profile
    user.assigned_at = timezone.now()
    user.save()


def seconds(run: Callable[[PanelUser, Profile], None], root: PanelUser, profile: Profile) -> float:
    """Of one run; everybody has these settings afterwards."""
    began = time.perf_counter()
    run(root, profile)
    took = time.perf_counter() - began
    count = profile.users.count()
    assert PanelUser.objects.filter(assigned_profile=profile, **columns_of(values_of(profile))).count() == count
    return took


def measure(users: int, rounds: int) -> Iterator[str]:
    """Rows of the table."""
    call_command("migrate", verbosity=0)
    for signal in (pre_save, post_save):
        signal.receivers = []
        signal.sender_receivers_cache.clear()
    for alike in (True, False):
        root, profiles = furnish(users, alike=alike)
        runs = {"ours": ours, "journal": journal_loop, "bare": bare_loop}
        times: dict[str, list[float]] = {name: [] for name in runs}
        for _round in range(rounds):
            for turn, (name, run) in enumerate(runs.items()):
                if not alike:
                    each_its_own()
                times[name].append(seconds(run, root, profiles[turn]))
        assert ProfileAssignmentItem.objects.filter(outcome="changed").count() == 2 * users * rounds
        yield line(alike, {name: statistics.median(figures) for name, figures in times.items()})
        call_command("flush", interactive=False, verbosity=0)


def each_its_own() -> None:
    """Settings that no two users share."""
    PanelUser.objects.update(sip_host=Concat("username", Value(".example")), assigned_profile=None)


def line(alike: bool, took: dict[str, float]) -> str:
    """A row of the table."""
    kind = "a handful of different settings before" if alike else "each user's settings another before"
    name = {"postgresql": "PostgreSQL", "sqlite": "SQLite"}[connection.vendor]
    figures = [f"{took[run] * 1000:,.0f} ms" for run in ("ours", "journal", "bare")]
    ratios = [f"**{took['journal'] / took['ours']:.1f}**", f"{took['bare'] / took['ours']:.1f}", "≥ 25"]
    return f"| {name}, {kind} | {' | '.join([*figures, *ratios])} |"
