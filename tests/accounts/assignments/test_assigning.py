"""Handing out settings: what each user gets, what the journal says, who is left out."""

import pytest
from django.core.exceptions import ValidationError

from astpanel.accounts.assignments import services, work
from astpanel.accounts.models import PanelUser, Profile, ProfileAssignment
from astpanel.accounts.settings_fields import values_of
from astpanel.jobs.models import Job
from tests.accounts.assignments.office import outcomes, person, profile_of, settings_of
from tests.accounts.assignments.office import work as do
from tests.factories import MobileKindFactory, PanelUserFactory, ProfileFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def root() -> PanelUser:
    return PanelUserFactory(admin=True, username="root")


def test_exactly_the_users_of_the_list_get_the_settings_as_they_were_asked_for(root: PanelUser) -> None:
    kind = MobileKindFactory()
    other = person("Орлов", timeout_seconds=33)
    same = person("Волков", softphone=True, sip_host="pbx", timeout_kind=kind, timeout_seconds=20)
    stranger = person("Зайцев", timeout_seconds=44)
    profile = profile_of(other, same, softphone=True, sip_host="pbx", timeout_kind=kind, timeout_seconds=20)
    before, untouched = settings_of(other, same), settings_of(stranger)
    asked = services.assign_profile(profile=profile, asked_by=root)
    given = {**values_of(profile), "assigned_profile": profile.pk, "assigned_at": asked.created.isoformat()}
    Profile.objects.filter(pk=profile.pk).update(sip_host="later", name="Другое имя")
    profile.users.add(stranger)
    assert do(asked) == "done"
    assert settings_of(other, same) == [given, given]
    assert settings_of(stranger) == untouched
    assert outcomes(asked) == [("Орлов", "changed", ""), ("Волков", "unchanged", "")]
    assert list(asked.items.values_list("before", flat=True)) == before
    assert asked.finished is not None
    assert (asked.profile_name, asked.values, asked.total) == (profile.name, values_of(profile), 2)
    assert asked.job
    assert (asked.job.done, asked.job.total, asked.job.failed) == (2, 2, 0)
    assert asked.job.result == {"changed": 1, "unchanged": 1}
    assert asked.job.url == f"/admin/accounts/profileassignment/{asked.pk}/change/"


def test_names_in_the_journal() -> None:
    users = [
        PanelUserFactory(last_name=last, first_name=first, patronymic=patronymic)
        for last, first, patronymic in [("А", "Б", "В"), ("А", "", "В"), ("", "Б", ""), ("", "", ""), ("", "", "В")]
    ]
    asked = services.assign_profile(profile=profile_of(*users), asked_by=PanelUserFactory(admin=True))
    do(asked)
    assert [name for name, _outcome, _detail in outcomes(asked)] == [str(user) for user in users]


def test_one_s_failure_leaves_the_others_alone(root: PanelUser) -> None:
    gone, circle, fine = person("Орлов"), person("Волков", number="107"), person("Зайцев", number="108")
    asked = services.assign_profile(profile=profile_of(gone, circle, fine, timeout_number="107"), asked_by=root)
    before, number = settings_of(circle), gone.pk
    gone.delete()
    assert do(asked) == "done"
    failures = [(f"№ {number}", "failed", "gone"), ("Волков", "failed", "own_number")]
    assert sorted(outcomes(asked)) == sorted([*failures, ("Зайцев", "changed", "")])
    assert settings_of(circle) == before
    assert asked.job
    assert (asked.job.done, asked.job.failed) == (3, 2)


def test_what_the_settings_refer_to_is_deleted_meanwhile(root: PanelUser) -> None:
    kind, user = MobileKindFactory(), person("Орлов")
    profile = profile_of(user, timeout_kind=kind)
    asked = services.assign_profile(profile=profile, asked_by=root)
    Profile.objects.filter(pk=profile.pk).update(timeout_kind=None)
    kind.delete()
    before = settings_of(user)
    assert do(asked) == "done"
    assert outcomes(asked) == [("Орлов", "failed", "kind_gone:timeout_kind")]
    assert settings_of(user) == before


def test_a_profile_deleted_meanwhile_is_handed_out_all_the_same(root: PanelUser) -> None:
    user = person("Орлов")
    profile = profile_of(user, sip_host="pbx")
    asked = services.assign_profile(profile=profile, asked_by=root)
    name = profile.name
    profile.delete()
    assert do(asked) == "done"
    assert outcomes(asked) == [("Орлов", "changed", "")]
    (now,) = settings_of(user)
    assert (now["sip_host"], now["assigned_profile"], asked.profile_name) == ("pbx", None, name)


def test_superusers_are_changed_by_superusers_only(root: PanelUser) -> None:
    user = person("Орлов")
    profile = profile_of(user, root)
    by_staff = services.assign_profile(profile=profile, asked_by=PanelUserFactory(staff=True))
    assert by_staff.users == [user.pk]
    by_root = services.assign_profile(profile=profile, asked_by=root)
    assert sorted(by_root.users) == sorted([root.pk, user.pk])


def test_nobody_to_assign_to(root: PanelUser) -> None:
    with pytest.raises(ValidationError):
        services.assign_profile(profile=ProfileFactory(), asked_by=root)
    assert (ProfileAssignment.objects.count(), Job.objects.count()) == (0, 0)


def test_chunks_and_going_on_where_it_broke_off(root: PanelUser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "CHUNK", 3)
    users = [person(f"П{number}", timeout_seconds=20 + number) for number in range(8)]
    asked = services.assign_profile(profile=profile_of(*users, timeout_seconds=5), asked_by=root)
    job = asked.job
    assert job
    Job.objects.filter(pk=job.pk).update(state=Job.State.RUNNING, attempts=1)
    job.refresh_from_db()
    work._try_chunk(job, asked)  # and then the worker is killed
    assert [row["timeout_seconds"] for row in settings_of(*users)] == [5, 5, 5, 23, 24, 25, 26, 27]
    Job.objects.filter(pk=job.pk).update(state=Job.State.QUEUED)
    assert do(asked) == "done"
    assert [row["timeout_seconds"] for row in settings_of(*users)] == [5] * 8
    assert [row["timeout_seconds"] for row in asked.items.values_list("before", flat=True) if row] == [*range(20, 28)]
    assert asked.job
    assert (asked.job.done, asked.job.attempts, asked.job.result) == (8, 2, {"changed": 8})


def test_one_that_failed_is_gone_on_with_on_demand(root: PanelUser) -> None:
    users = [person("Орлов"), person("Волков")]
    asked = services.assign_profile(profile=profile_of(*users, sip_host="pbx"), asked_by=root)
    assert not services.may_be_continued(asked)
    with pytest.raises(ValidationError):
        services.continue_assignment(assignment=asked, asked_by=root)
    Job.objects.update(state=Job.State.FAILED)
    again = services.continue_assignment(assignment=asked, asked_by=root)
    assert again.job_id != asked.job_id
    assert do(again) == "done"
    assert outcomes(asked) == [("Орлов", "changed", ""), ("Волков", "changed", "")]


def test_overlapping_assignments_run_in_the_order_they_were_asked_for(root: PanelUser) -> None:
    user = person("Орлов")
    first = services.assign_profile(profile=profile_of(user, sip_host="first"), asked_by=root)
    second = services.assign_profile(profile=profile_of(user, sip_host="second"), asked_by=root)
    assert do(second) == "done"  # a worker took the later one: it does the earlier one before
    first.refresh_from_db()
    assert first.job
    assert first.job.state == "done"
    assert settings_of(user)[0]["sip_host"] == "second"
    before = second.items.get().before
    assert before
    assert before["sip_host"] == "first"
