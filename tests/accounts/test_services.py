"""Users, their numbers, seats and rights."""

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from pytest_django import DjangoAssertNumQueries

from astpanel.accounts import selectors, services
from astpanel.accounts.models import PanelUser
from tests.factories import (
    ContactInfoFactory,
    InternalKindFactory,
    LicenseFactory,
    PanelUserFactory,
    PbxFactory,
    ProfileFactory,
)

pytestmark = pytest.mark.django_db


def test_create_an_operator() -> None:
    LicenseFactory()
    pbx = PbxFactory()
    made = services.create_user(
        username="petrov", password="пароль", last_name="Петров", first_name="Пётр", number="102", pbx=pbx
    )
    user = PanelUser.objects.get(pk=made.pk)
    assert (str(user), user.in_use, user.is_staff, user.is_superuser, user.has_perm("accounts.supervise")) == (
        "Петров Пётр",
        True,
        False,
        False,
        False,
    )
    assert (user.check_password("пароль"), selectors.internal_numbers(user)) == (True, ["102"])


def test_create_a_supervisor_and_an_administrator() -> None:
    LicenseFactory()
    supervisor = services.create_user(username="s", password="x", supervisor=True)
    admin = services.create_user(username="a", password="x", admin=True)
    assert [(u.has_perm("accounts.supervise"), u.is_staff) for u in (supervisor, admin)] == [
        (True, False),
        (True, True),
    ]


def test_nothing_is_left_of_a_user_that_could_not_be_created() -> None:
    LicenseFactory()
    PanelUserFactory(number="101")
    for username, number in (("new", "101"), ("new", "сто один"), ("with space", "")):
        with pytest.raises(ValidationError):
            services.create_user(username=username, password="x", number=number)
    assert not PanelUser.objects.exclude(username__startswith="user").exists()


def test_set_internal_number() -> None:
    user = PanelUserFactory()
    services.set_internal_number(user=user, number="101")
    ContactInfoFactory(user=user, kind=InternalKindFactory(), value="201")
    assert selectors.internal_numbers(user) == ["101", "201"]
    services.set_internal_number(user=user, number="201")  # one that is there becomes the main one
    assert selectors.internal_numbers(user) == ["201", "101"]
    services.set_internal_number(user=user, number="301")  # a new one takes the main one's place
    assert selectors.internal_numbers(user) == ["301", "101"]


def test_internal_numbers_cost_one_query_or_none(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for number in ("101", "102", "103"):
        PanelUserFactory(number=number, mobile=f"+79160000{number}")
    with django_assert_num_queries(2):
        users = list(selectors.with_internal_numbers(PanelUser.objects.order_by("pk")))
        assert [selectors.internal_numbers(user) for user in users] == [["101"], ["102"], ["103"]]
    with django_assert_num_queries(1):
        selectors.internal_numbers(PanelUser.objects.none().model(pk=users[0].pk))


def test_the_supervisors_right_by_three_ways() -> None:
    own, group = PanelUserFactory(supervisor=True), Group.objects.create(name="Старшие")
    group.permissions.add(services.supervise_right())
    member, admin, nobody = PanelUserFactory(), PanelUserFactory(admin=True), PanelUserFactory()
    member.groups.add(group)
    users = selectors.with_supervisor_right(PanelUser.objects.all())
    assert {user.pk: user.supervises for user in users} == {  # type: ignore[attr-defined]  # annotated
        own.pk: True,
        member.pk: True,
        admin.pk: True,
        nobody.pk: False,
    }
    services.set_supervisor(user=own, on=False)
    assert not PanelUser.objects.get(pk=own.pk).has_perm("accounts.supervise")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"timeout_number": "90<script>"}, "timeout_number"),
        ({"timeout_number": "9" * 33}, "timeout_number"),
        ({"timeout_number": "90\n"}, "timeout_number"),
        ({"timeout_seconds": 0}, "timeout_seconds"),
        ({"sip_port": 65536}, "sip_port"),
        ({"websocket_url": "https://pbx/ws"}, "websocket_url"),
    ],
)
def test_settings_of_users_and_profiles_are_checked_alike(values: dict[str, object], field: str) -> None:
    for row in (PanelUserFactory.build(username="u", **values), ProfileFactory.build(**values)):
        with pytest.raises(ValidationError) as caught:
            row.full_clean()
        assert list(caught.value.error_dict) == [field]


def test_one_last_resort() -> None:
    values = {"timeout_number": "90", "timeout_kind": InternalKindFactory()}
    for row in (PanelUserFactory.build(username="u", **values), ProfileFactory.build(**values)):
        with pytest.raises(ValidationError, match="timeout_number"):
            row.full_clean()
