"""People, profiles and what became of them."""

from typing import Any

from astpanel.accounts.assignments.plans import READ, as_values
from astpanel.accounts.models import PanelUser, Profile, ProfileAssignment
from astpanel.jobs import tasks
from tests.factories import PanelUserFactory, ProfileFactory

Outcomes = list[tuple[str, str, str]]


def profile_of(*users: PanelUser, **settings: Any) -> Profile:
    """A profile with these users in its list."""
    profile: Profile = ProfileFactory(**settings)
    profile.users.add(*users)
    return profile


def work(assignment: ProfileAssignment) -> str:
    """What a worker would do → the job's state."""
    assert assignment.job
    tasks.run(assignment.job.pk)
    assignment.refresh_from_db()
    assert assignment.job
    assignment.job.refresh_from_db()
    return assignment.job.state


def outcomes(assignment: ProfileAssignment) -> Outcomes:
    """(name, outcome, detail) of every user, in order."""
    return list(assignment.items.order_by("pk").values_list("user_name", "outcome", "detail"))


def settings_of(*users: PanelUser) -> list[dict[str, Any]]:
    """Every setting with the mark, as the rows have them now."""
    rows = {pk: as_values(tuple(row)) for pk, *row in PanelUser.objects.values_list("pk", *READ)}
    return [rows[user.pk] for user in users]


def person(name: str, **values: Any) -> PanelUser:
    """`person("Орлов")`: one name only."""
    made: PanelUser = PanelUserFactory(last_name=name, first_name="", patronymic="", **values)
    return made
