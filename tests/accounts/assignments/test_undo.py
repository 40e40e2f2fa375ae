"""Taking an assignment back: what was there, unless it was changed since."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from astpanel.accounts.assignments import services, work
from astpanel.accounts.models import PanelUser, Profile, ProfileAssignment
from astpanel.jobs.models import Job
from tests.accounts.assignments.office import outcomes, person, profile_of, settings_of
from tests.accounts.assignments.office import work as do
from tests.factories import MobileKindFactory, PanelUserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def root() -> PanelUser:
    return PanelUserFactory(admin=True, username="root")


def assigned(root: PanelUser, *users: PanelUser, **settings: Any) -> ProfileAssignment:
    made = services.assign_profile(profile=profile_of(*users, **settings), asked_by=root)
    assert do(made) == "done"
    return made


def undone(root: PanelUser, assignment: ProfileAssignment) -> ProfileAssignment:
    made = services.undo_assignment(assignment=assignment, asked_by=root)
    assert do(made) == "done"
    return made


def change(user: PanelUser, **values: Any) -> None:
    PanelUser.objects.filter(pk=user.pk).update(**values)


def test_restores_exactly_what_was_there(root: PanelUser) -> None:
    users = [
        person("Орлов", timeout_seconds=33, sip_host="one", timeout_kind=MobileKindFactory()),
        person("Волков", softphone=True, may_change_audio=False, timeout_number="90"),
        person("Зайцев", timeout_seconds=20),
    ]
    first = assigned(root, users[0], sip_host="earlier", timeout_seconds=7)
    before = settings_of(*users)
    made = assigned(root, *users, timeout_seconds=20, timeout_number="107")
    given = settings_of(*users)
    undo = undone(root, made)
    assert settings_of(*users) == before
    assert outcomes(undo) == [(user.last_name, "changed", "") for user in users]
    assert list(undo.items.values_list("before", flat=True)) == given
    assert (undo.undo_of, undo.profile_name, undo.total) == (made, made.profile_name, 3)
    undone(root, first)  # and so back to the very beginning
    (now,) = settings_of(users[0])
    assert (now["sip_host"], now["timeout_seconds"], now["assigned_profile"], now["assigned_at"]) == (
        "one",
        33,
        None,
        None,
    )


def test_what_was_so_already_loses_the_mark_only(root: PanelUser) -> None:
    user = person("Орлов")
    before = settings_of(user)
    undo = undone(root, assigned(root, user))
    assert settings_of(user) == before
    assert outcomes(undo) == [("Орлов", "unchanged", "")]


def test_fields_changed_since_are_kept_and_the_rest_restored(root: PanelUser) -> None:
    user = person("Орлов", sip_host="old", sip_port=1, timeout_seconds=1)
    before = settings_of(user)[0]
    made = assigned(root, user, sip_host="new", sip_port=2, timeout_seconds=2)
    change(user, sip_host="mine", timeout_seconds=1)  # the one to something else, the other back by hand
    undo = undone(root, made)
    assert settings_of(user) == [before | {"sip_host": "mine"}]
    assert outcomes(undo) == [("Орлов", "kept", "changed_since:sip_host")]


def test_the_last_resort_is_kept_as_a_whole(root: PanelUser) -> None:
    """A number and a kind together would be invalid."""
    kind = MobileKindFactory()
    user = person("Орлов", timeout_kind=kind)
    made = assigned(root, user, timeout_number="90")
    change(user, timeout_number="91")
    undo = undone(root, made)
    (now,) = settings_of(user)
    assert (now["timeout_number"], now["timeout_kind"]) == ("91", None)
    assert outcomes(undo) == [("Орлов", "kept", "changed_since:timeout_number,timeout_kind")]


def test_a_later_assignment_is_not_touched(root: PanelUser) -> None:
    both, once = person("Орлов"), person("Волков")
    before = settings_of(once)
    first = assigned(root, both, once, sip_host="first")
    assigned(root, both, sip_host="second")
    now = settings_of(both)
    undo = undone(root, first)
    assert (settings_of(both), settings_of(once)) == (now, before)
    assert outcomes(undo) == [("Орлов", "kept", "assigned_since"), ("Волков", "changed", "")]


def test_what_the_old_settings_refer_to_is_gone(root: PanelUser) -> None:
    kind = MobileKindFactory()
    first = assigned(root, user := person("Орлов", timeout_kind=kind), sip_host="first")
    Profile.objects.all().delete()
    kind.delete()
    change(user, assigned_profile=None)
    now = settings_of(user)
    undo = undone(root, first)
    assert settings_of(user) == now
    assert outcomes(undo) == [("Орлов", "failed", "kind_gone:timeout_kind")]


def test_an_old_profile_that_is_gone_is_not_brought_back(root: PanelUser) -> None:
    user = person("Орлов", sip_host="old")
    first = assigned(root, user, sip_host="first")
    second = assigned(root, user, sip_host="second")
    assert first.profile
    first.profile.delete()
    undone(root, second)
    (now,) = settings_of(user)
    assert (now["sip_host"], now["assigned_profile"]) == ("first", None)


def test_once_and_not_an_undo_and_not_while_it_runs(root: PanelUser) -> None:
    user = person("Орлов")
    made = services.assign_profile(profile=profile_of(user, sip_host="pbx"), asked_by=root)
    with pytest.raises(ValidationError):
        services.undo_assignment(assignment=made, asked_by=root)
    do(made)
    undo = undone(root, made)
    for assignment in (made, undo):
        with pytest.raises(ValidationError):
            services.undo_assignment(assignment=assignment, asked_by=root)
    assert ProfileAssignment.objects.count() == 2


def test_one_that_broke_off_is_undone_as_far_as_it_came(root: PanelUser, monkeypatch: pytest.MonkeyPatch) -> None:
    users = [person("Орлов"), person("Волков")]
    before = settings_of(*users)
    made = services.assign_profile(profile=profile_of(*users, sip_host="pbx"), asked_by=root)
    monkeypatch.setattr(work, "CHUNK", 1)
    job = made.job
    assert job
    Job.objects.update(state=Job.State.RUNNING)
    work._try_chunk(job, made)
    Job.objects.update(state=Job.State.FAILED)
    assert settings_of(*users) != before
    made.refresh_from_db()
    undo = undone(root, made)
    assert settings_of(*users) == before
    assert outcomes(undo) == [("Орлов", "changed", "")]


def test_superusers_are_restored_by_superusers_only(root: PanelUser) -> None:
    made = assigned(root, root, person("Орлов"), sip_host="pbx")
    undo = undone(PanelUserFactory(staff=True), made)
    assert outcomes(undo) == [("Орлов", "changed", "")]
