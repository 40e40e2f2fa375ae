"""The users' page: numbers inline, rights, seats, and who may touch whom."""

from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse
from django.utils import translation

from astpanel.accounts.models import PanelUser
from astpanel.accounts.roles import Role, group_of, roles_of, set_roles
from astpanel.accounts.selectors import internal_numbers
from astpanel.accounts.services import supervise_right
from tests.factories import InternalKindFactory, LicenseFactory, MobileKindFactory, PanelUserFactory
from tests.house.admin_pages import page

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client: Client) -> Client:
    LicenseFactory()
    client.force_login(PanelUserFactory(admin=True, username="root"))
    return client


def form(user: PanelUser, *rows: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """What the browser sends: the user's fields and rows of contact information."""
    data = {
        "username": user.username,
        "last_name": user.last_name,
        "sip_port": "5060",
        "card_opens": "ringing",
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


def test_roles_are_boxes(admin: Client) -> None:
    user = PanelUserFactory(supervisor=True)  # by the single permission
    other, own = Permission.objects.get(codename="view_pbx"), Group.objects.create(name="Приёмная")
    address = page(PanelUser, "change", user.pk)
    assert admin.get(address).context["adminform"].form.initial["roles"] == ["SUPERVISOR"]

    def held() -> tuple[set[str], set[str], bool]:
        fresh = PanelUser.objects.get(pk=user.pk)
        rights = set(fresh.user_permissions.values_list("codename", flat=True))
        return rights, set(fresh.groups.values_list("name", flat=True)), fresh.is_staff

    more = {"user_permissions": [other.pk], "groups": [own.pk]}
    assert admin.post(address, form(user, roles=["SUPERVISOR", "ADMINISTRATOR"], **more)).status_code == 302
    assert held() == ({"view_pbx"}, {"Приёмная", "Супервизоры", "Администраторы"}, True)
    assert admin.get(address).context["adminform"].form.initial["roles"] == ["SUPERVISOR", "ADMINISTRATOR"]
    assert admin.post(address, form(user, roles=["SUPERVISOR"], is_staff="on", **more)).status_code == 302
    assert held() == ({"view_pbx"}, {"Приёмная", "Супервизоры"}, False)  # the door closes with the role
    assert admin.post(address, form(user, is_staff="on", **more)).status_code == 302
    assert held() == ({"view_pbx"}, {"Приёмная"}, True)  # somebody else's door stays
    # the lists of all permissions and groups are no way around the boxes
    assert admin.post(address, form(user, user_permissions=[supervise_right().pk])).status_code == 200
    assert admin.post(address, form(user, groups=[group_of(Role.ADMINISTRATOR).pk])).status_code == 200
    assert held() == ({"view_pbx"}, {"Приёмная"}, True)


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
        "roles": ["SUPERVISOR", "ADMINISTRATOR"],
        "user_permissions": [supervise_right().pk],
        "groups": [group_of(Role.ADMINISTRATOR).pk],
    }
    for user in (me, PanelUserFactory(last_name="Старая")):
        before = (user.is_staff, set(user.user_permissions.all()), set[Group]())
        response = client.post(page(PanelUser, "change", user.pk), form(user, last_name="Новая", **everything))
        assert response.status_code == 302
        user.refresh_from_db()
        rights = (user.is_staff, set(user.user_permissions.all()), set(user.groups.all()))
        assert (user.last_name, user.is_superuser, *rights) == ("Новая", False, *before)


def test_who_edits_users_cannot_touch_a_superuser(client: Client) -> None:
    personnel(client)
    boss = PanelUserFactory(admin=True, last_name="Главный")
    assert client.post(page(PanelUser, "change", boss.pk), form(boss, last_name="Другой")).status_code == 403
    password = f"/admin/accounts/paneluser/{boss.pk}/password/"
    assert client.post(password, {"password1": "Длинный-пароль-7", "password2": "Длинный-пароль-7"}).status_code == 403
    chosen = {"action": "take_seat", "_selected_action": [boss.pk], "confirmed": "1"}
    client.post(page(PanelUser, "changelist"), chosen)
    boss.refresh_from_db()
    assert (boss.last_name, boss.in_use) == ("Главный", True)


def test_who_edits_users_cannot_touch_somebody_with_more_rights(client: Client) -> None:
    personnel(client)
    peer, supervisor, administrator = PanelUserFactory(staff=True), PanelUserFactory(), PanelUserFactory()
    set_roles(user=supervisor, roles=[Role.SUPERVISOR])
    set_roles(user=administrator, roles=[Role.ADMINISTRATOR])
    password = {"password1": "Длинный-пароль-7", "password2": "Длинный-пароль-7", "usable_password": "true"}
    answers = [
        (client.post(page(PanelUser, "change", user.pk), form(user)).status_code,
         client.post(f"/admin/accounts/paneluser/{user.pk}/password/", password).status_code)
        for user in (peer, supervisor, administrator)
    ]  # fmt: skip
    assert answers == [(302, 302), (403, 403), (403, 403)]


def test_an_administrator_sets_up_and_gives_no_rights(client: Client) -> None:
    me, other = PanelUserFactory(last_name="Старая"), PanelUserFactory()
    for user in (me, other):
        set_roles(user=user, roles=[Role.ADMINISTRATOR])
    client.force_login(PanelUser.objects.get(pk=me.pk))
    for model in ("accounts_profile", "accounts_license", "telephony_pbx", "crm_counterparty", "auth_group"):
        assert client.get(reverse(f"admin:{model}_changelist")).status_code == 200
    for address in (reverse("admin:auth_group_add"), reverse("admin:django_q_schedule_add")):
        assert client.post(address, {"name": "x"}).status_code == 403
    data = form(me, last_name="Новая", is_superuser="on", roles=["SUPERVISOR"])
    assert client.post(page(PanelUser, "change", me.pk), data).status_code == 302
    me.refresh_from_db()
    assert (me.last_name, me.is_superuser, roles_of(me)) == ("Новая", False, {Role.ADMINISTRATOR})
    chosen = {"action": "remove_role", "_selected_action": [other.pk], "confirmed": "1", "role": "ADMINISTRATOR"}
    client.post(page(PanelUser, "changelist"), chosen)
    assert roles_of(other) == {Role.ADMINISTRATOR}


def test_nobody_switches_off_their_own_account(admin: Client) -> None:
    root = PanelUser.objects.get(username="root")
    data = form(root, is_superuser="on", is_staff="on")
    del data["is_active"]
    assert admin.post(page(PanelUser, "change", root.pk), data).status_code == 302
    assert PanelUser.objects.get(username="root").is_active
