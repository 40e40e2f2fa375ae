"""What the list of users does to many at once: asked before, told after."""

from typing import Any

import pytest
from auditlog.models import LogEntry
from django.test import Client
from django.urls import reverse

from astpanel.accounts.models import PanelUser
from astpanel.accounts.roles import Role, roles_of
from tests.factories import DepartmentFactory, LicenseFactory, PanelUserFactory, PbxFactory, ProfileFactory
from tests.house.admin_pages import page

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client: Client) -> Client:
    client.force_login(PanelUserFactory(admin=True, username="root", in_use=False))
    return client


def act(client: Client, name: str, users: list[PanelUser], **more: Any) -> Any:
    """The button of the list; with `confirmed` the button of the page that asks."""
    data = {"action": name, "_selected_action": [user.pk for user in users], **more}
    return client.post(page(PanelUser, "changelist"), data, follow=True, headers={"accept-language": "en"})


def told(response: Any) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def test_it_asks_before_it_acts(admin: Client) -> None:
    LicenseFactory(seats=5)
    used, free = PanelUserFactory(), PanelUserFactory(in_use=False, last_name="<b>Орлов</b>")
    asked = act(admin, "give_seat", [used, free])
    assert (asked.context["count"], asked.context["left_out"], told(asked)) == (1, 1, [])
    text = asked.content.decode()
    assert ("&lt;b&gt;Орлов&lt;/b&gt;" in text, "<b>Орлов" in text, str(used) in text) == (True, False, False)
    assert not PanelUser.objects.get(pk=free.pk).in_use
    assert told(act(admin, "give_seat", [used, free], confirmed="1")) == ["1 user changed."]
    assert PanelUser.objects.get(pk=free.pk).in_use
    assert told(act(admin, "take_seat", [used, free], confirmed="2")) == ["2 users changed."]
    assert not PanelUser.objects.filter(in_use=True).exists()


def test_what_has_changed_meanwhile_is_asked_again(admin: Client) -> None:
    users = PanelUserFactory.create_batch(3)
    asked = act(admin, "take_seat", users, confirmed="2")
    assert (asked.context["count"], asked.context["changed_since"]) == (3, True)
    assert PanelUser.objects.filter(in_use=True).count() == 3


def test_department_and_pbx(admin: Client) -> None:
    users, department, pbx = PanelUserFactory.create_batch(2), DepartmentFactory(), PbxFactory()
    act(admin, "set_department", users, confirmed="2", department=department.pk)
    act(admin, "set_pbx", users, confirmed="2", pbx=pbx.pk)
    rows = PanelUser.objects.filter(username__startswith="user").values_list("department", "pbx")
    assert set(rows) == {(department.pk, pbx.pk)}
    entries = LogEntry.objects.filter(object_id=users[0].pk, action=LogEntry.Action.UPDATE).order_by("pk")
    assert [(entry.actor.username, entry.remote_addr, entry.changes) for entry in entries] == [
        ("root", "127.0.0.1", {"department": ["None", str(department.pk)]}),
        ("root", "127.0.0.1", {"pbx": ["None", str(pbx.pk)]}),
    ]
    act(admin, "set_department", users, confirmed="2", department="")
    assert not PanelUser.objects.exclude(department=None).exists()


def test_a_pbx_has_each_number_once(admin: Client) -> None:
    one, two, three = PbxFactory.create_batch(3)
    first, second = PanelUserFactory(number="101", pbx=one), PanelUserFactory(number="102", pbx=two)
    for user in (second, PanelUserFactory(pbx=three)):
        user.contact_info.create(kind=first.contact_info.get().kind, value="101")
    PanelUserFactory(number="102", pbx=three)
    both = act(admin, "set_pbx", [first, second], confirmed="2", pbx=three.pk)
    error = "Nothing was changed: on that PBX these numbers would have two owners: 101, 102."
    assert told(both) == [error]
    assert [user.pbx_id for user in PanelUser.objects.filter(pk__in=[first.pk, second.pk]).order_by("pk")] == [
        one.pk,
        two.pk,
    ]


def test_accounts_are_switched_off_but_not_ones_own(admin: Client) -> None:
    LicenseFactory()
    user, root = PanelUserFactory(), PanelUser.objects.get(username="root")
    assert told(act(admin, "switch_off", [user, root], confirmed="2")) == ["1 user changed."]
    assert dict(PanelUser.objects.values_list("username", "is_active")) == {user.username: False, "root": True}
    act(admin, "switch_on", [user], confirmed="1")
    assert PanelUser.objects.get(pk=user.pk).is_active


def test_roles_of_many(admin: Client) -> None:
    users = PanelUserFactory.create_batch(2)
    act(admin, "add_role", users, confirmed="2", role="ADMINISTRATOR")
    assert [(roles_of(user), user.is_staff) for user in PanelUser.objects.filter(pk__in=[u.pk for u in users])] == [
        ({Role.ADMINISTRATOR}, True)
    ] * 2
    act(admin, "remove_role", users, confirmed="2", role="ADMINISTRATOR")
    assert [(roles_of(user), user.is_staff) for user in PanelUser.objects.filter(pk__in=[u.pk for u in users])] == [
        (set(), False)
    ] * 2


def test_a_profile_is_assigned_on_its_own_page(admin: Client) -> None:
    profile, users = ProfileFactory(), PanelUserFactory.create_batch(2)
    profile.users.add(users[0])
    done = act(admin, "assign_profile", users, confirmed="2", profile=profile.pk)
    assert done.redirect_chain[-1][0] == reverse("admin:accounts_profile_assign", args=[profile.pk])
    assert (told(done), set(profile.users.all())) == (["1 user changed."], set(users))
    assert not PanelUser.objects.exclude(assigned_profile=None).exists()


def test_everybody_found_not_only_the_page(admin: Client) -> None:
    department = DepartmentFactory()
    PanelUserFactory.create_batch(60, department=department)
    outside = PanelUserFactory()
    address = f"{page(PanelUser, 'changelist')}?department__id__exact={department.pk}"
    one = PanelUser.objects.filter(department=department).first()
    assert one is not None
    data = {"action": "take_seat", "_selected_action": [one.pk], "select_across": "1"}
    asked = admin.post(address, data)
    assert (asked.context["count"], len(asked.context["users"]), asked.context["more"]) == (60, 30, 30)
    admin.post(address, data | {"confirmed": "60"})
    assert list(PanelUser.objects.filter(in_use=True)) == [outside]
