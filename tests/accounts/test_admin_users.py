"""The users' page: numbers inline, rights, seats, and who may touch whom."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import translation

from astpanel.accounts.models import PanelUser
from astpanel.accounts.selectors import internal_numbers
from astpanel.accounts.services import supervise_right
from tests.factories import InternalKindFactory, LicenseFactory, MobileKindFactory, PanelUserFactory
from tests.house.admin_pages import page

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client: Client) -> Client:
    client.force_login(PanelUserFactory(admin=True, username="root"))
    return client


def form(user: PanelUser, *rows: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """What the browser sends: the user's fields and rows of contact information."""
    data = {
        "username": user.username,
        "last_name": user.last_name,
        "sip_port": "5060",
        "timeout_seconds": "10",
        "is_active": "on",
        "contact_info-TOTAL_FORMS": str(len(rows)),
        "contact_info-INITIAL_FORMS": str(sum("id" in row for row in rows)),
    }
    for number, row in enumerate(rows):
        data |= {f"contact_info-{number}-{name}": value for name, value in ({"user": user.pk} | row).items()}
    return data | changes


def errors(response: Any) -> list[str]:
    with translation.override("en"):
        formset = response.context["inline_admin_formsets"][0].formset
        return [str(text) for row in formset.errors for texts in row.values() for text in texts]


def test_numbers_are_edited_on_the_users_page(admin: Client) -> None:
    user, internal, mobile = PanelUserFactory(), InternalKindFactory(), MobileKindFactory()
    data = form(
        user,
        {"kind": internal.pk, "value": "101"},
        {"kind": internal.pk, "value": "102", "is_main": "on"},
        {"kind": mobile.pk, "value": "8 916 111-22-33", "is_main": "on"},
    )
    assert admin.post(page(PanelUser, "change", user.pk), data).status_code == 302
    assert internal_numbers(user) == ["102", "101"]
    listed = admin.get(page(PanelUser, "changelist")).content.decode()
    assert "102, 101" in listed


def test_the_main_number_moves_in_one_submission(admin: Client) -> None:
    user, kind = PanelUserFactory(number="101"), InternalKindFactory()
    old = user.contact_info.get()
    data = form(
        user, {"id": old.pk, "kind": kind.pk, "value": "101"}, {"kind": kind.pk, "value": "102", "is_main": "on"}
    )
    assert admin.post(page(PanelUser, "change", user.pk), data).status_code == 302
    assert internal_numbers(user) == ["102", "101"]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([("101", True), ("102", True)], "There is one main value of each type."),
        ([("101", False), ("101", False)], "The same value twice."),
        ([("100", False)], "100 is already the internal number of root."),
        ([("101, 102", False)], "An internal number is digits only, at most 15: for example 101."),
    ],
)
def test_refused_numbers(client: Client, rows: list[tuple[str, bool]], expected: str) -> None:
    root = PanelUserFactory(admin=True, username="root", number="100", last_name="", first_name="", patronymic="")
    client.force_login(root)
    user, kind = PanelUserFactory(), InternalKindFactory()
    sent = [{"kind": kind.pk, "value": value} | ({"is_main": "on"} if main else {}) for value, main in rows]
    response = client.post(page(PanelUser, "change", user.pk), form(user, *sent), headers={"accept-language": "en"})
    assert (response.status_code, errors(response)) == (200, [expected])
    assert internal_numbers(user) == []


def test_a_user_is_added_with_a_number(admin: Client) -> None:
    kind = InternalKindFactory()
    new = PanelUser(username="petrov", last_name="Петров")
    data = form(new, {"kind": kind.pk, "value": "105", "is_main": "on", "user": ""}) | {
        "password1": "Длинный-пароль-7",
        "password2": "Длинный-пароль-7",
        "usable_password": "true",
        "in_use": "on",
    }
    assert admin.post(page(PanelUser, "add"), data).status_code == 302
    user = PanelUser.objects.get(username="petrov")
    assert (internal_numbers(user), user.in_use, user.check_password("Длинный-пароль-7")) == (["105"], True, True)


def test_a_weak_password_is_refused(admin: Client) -> None:
    data = form(PanelUser(username="petrov")) | {"password1": "12345", "password2": "12345", "usable_password": "true"}
    assert admin.post(page(PanelUser, "add"), data).status_code == 200
    assert not PanelUser.objects.filter(username="petrov").exists()


def test_the_supervisors_box(admin: Client) -> None:
    user = PanelUserFactory()
    other = Permission.objects.get(codename="view_pbx")
    address = page(PanelUser, "change", user.pk)

    def rights() -> set[str]:
        return set(user.user_permissions.values_list("codename", flat=True))

    assert admin.post(address, form(user, supervisor="on", user_permissions=[other.pk])).status_code == 302
    assert rights() == {"supervise", "view_pbx"}
    assert admin.get(address).context["adminform"].form.initial["supervisor"] is True
    assert admin.post(address, form(user, user_permissions=[other.pk])).status_code == 302
    assert rights() == {"view_pbx"}
    # the list of all permissions is no way around the box
    assert admin.post(address, form(user, user_permissions=[supervise_right().pk])).status_code == 200
    assert rights() == {"view_pbx"}


def test_actions_give_and_take_seats(admin: Client) -> None:
    LicenseFactory(seats=1)
    users = PanelUserFactory.create_batch(2, in_use=False)
    chosen = {"action": "give_seat", "_selected_action": [user.pk for user in users]}
    response = admin.post(page(PanelUser, "changelist"), chosen, follow=True, headers={"accept-language": "en"})
    assert [str(message) for message in response.context["messages"]] == [
        "2 users changed.",
        "3 users are in use, the licence keys have 1 seats.",
    ]
    admin.post(page(PanelUser, "changelist"), chosen | {"action": "take_seat"})
    assert PanelUser.objects.filter(in_use=True).count() == 1


def personnel(client: Client) -> PanelUser:
    """Staff who may edit users, and nothing more."""
    user: PanelUser = PanelUserFactory(staff=True)
    user.user_permissions.add(*Permission.objects.filter(codename__in=["change_paneluser", "view_paneluser"]))
    client.force_login(user)
    return user


def test_who_edits_users_cannot_give_rights(client: Client) -> None:
    me = personnel(client)
    everything = {
        "is_superuser": "on",
        "is_staff": "on",
        "supervisor": "on",
        "user_permissions": [supervise_right().pk],
    }
    for user in (me, PanelUserFactory(last_name="Старая")):
        before = (user.is_staff, set(user.user_permissions.all()))
        response = client.post(page(PanelUser, "change", user.pk), form(user, last_name="Новая", **everything))
        assert response.status_code == 302
        user.refresh_from_db()
        assert (user.last_name, user.is_superuser, user.is_staff, set(user.user_permissions.all())) == (
            "Новая",
            False,
            *before,
        )


def test_who_edits_users_cannot_touch_a_superuser(client: Client) -> None:
    personnel(client)
    boss = PanelUserFactory(admin=True, last_name="Главный")
    assert client.post(page(PanelUser, "change", boss.pk), form(boss, last_name="Другой")).status_code == 403
    password = f"/admin/accounts/paneluser/{boss.pk}/password/"
    assert client.post(password, {"password1": "Длинный-пароль-7", "password2": "Длинный-пароль-7"}).status_code == 403
    chosen = {"action": "take_seat", "_selected_action": [boss.pk]}
    client.post(page(PanelUser, "changelist"), chosen)
    boss.refresh_from_db()
    assert (boss.last_name, boss.in_use) == ("Главный", True)
