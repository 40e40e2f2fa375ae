"""The journal of changes: who, from where, what; and never a secret, there or on any page of the admin."""

from typing import Any

import pytest
from auditlog.models import LogEntry
from django.apps import apps
from django.contrib import admin as django_admin
from django.contrib.auth.models import Group
from django.db.models import Model
from django.test import Client, RequestFactory
from django.urls import reverse
from pytest_django import Settings

from astpanel.accounts.models import PanelUser, Status
from astpanel.accounts.services import set_in_use
from astpanel.audit import WATCHED, mask
from astpanel.audit_request import acting_for, client_address
from astpanel.audit_words import MASKED, changes_of
from astpanel.lib.secret_field import SecretField
from tests.accounts.test_admin_users import form
from tests.factories import (
    CustomerSourceFactory,
    DepartmentFactory,
    LicenseFactory,
    PanelUserFactory,
    PbxFactory,
    ProfileFactory,
)
from tests.house.admin_pages import MODELS, OURS, make, page

pytestmark = pytest.mark.django_db
SECRET = "Сверх-Секрет-7%"


@pytest.fixture
def admin(client: Client) -> Client:
    client.force_login(PanelUserFactory(admin=True, username="root", last_name="Главный"))
    return client


def newest(model: type[Model]) -> Any:
    entry = LogEntry.objects.filter(content_type__model=model._meta.model_name).order_by("-pk").first()
    assert entry is not None
    return entry


def test_what_is_watched() -> None:
    secrets = {
        model._meta.label
        for model in apps.get_models()
        if any(isinstance(field, SecretField) for field in model._meta.get_fields())
    }
    assert secrets <= set(WATCHED)


def test_a_change_in_the_admin_says_who_and_from_where(admin: Client) -> None:
    user = PanelUserFactory(last_name="Старая")
    admin.post(
        page(PanelUser, "change", user.pk), form(user, last_name="Новая"), headers={"x-forwarded-for": "6.6.6.6"}
    )
    entry = newest(PanelUser)
    assert (entry.object_id, entry.actor.username, entry.remote_addr, entry.changes["last_name"]) == (
        *(user.pk, "root", "127.0.0.1"),
        ["Старая", "Новая"],
    )
    assert "password" not in entry.changes


def test_log_ins_and_statuses_are_no_changes(client: Client) -> None:
    user = PanelUserFactory(username="petrov")
    before = LogEntry.objects.count()
    client.force_login(user)
    user.status = Status.DND
    user.save()
    assert LogEntry.objects.count() == before


def test_groups_and_lists_are_kept(admin: Client) -> None:
    user, profile = PanelUserFactory(last_name="Петров"), ProfileFactory(name="Менеджер")
    user.groups.add(Group.objects.create(name="Приёмная"))
    assert newest(PanelUser).changes == {"groups": {"type": "m2m", "operation": "add", "objects": ["Приёмная"]}}
    profile.users.add(user)
    assert next(iter(changes_of(newest(type(profile)))))[2].endswith(str(user))


def test_many_at_once_are_kept_too() -> None:
    LicenseFactory(seats=5)
    root = PanelUserFactory(admin=True)
    users = PanelUserFactory.create_batch(2, in_use=False)
    with acting_for(root):
        set_in_use(users=users, on=True)
    entries = LogEntry.objects.filter(action=LogEntry.Action.UPDATE).order_by("object_id")
    assert [(entry.object_id, entry.actor, entry.changes) for entry in entries] == [
        (user.pk, root, {"in_use": ["False", "True"]}) for user in users
    ]


def test_secrets_are_eight_dots(admin: Client) -> None:
    for made in (
        PbxFactory(secret=SECRET, control_secret=SECRET, phone_secret=SECRET),
        CustomerSourceFactory(password=SECRET),
        PanelUserFactory(sip_password=SECRET),
    ):
        names = [field.name for field in made._meta.get_fields() if isinstance(field, SecretField)]
        created = newest(type(made)).changes
        assert {name: created[name] for name in names} == {name: ["", MASKED] for name in names}
        for name in names:
            setattr(made, name, SECRET + "2")
        made.save()
        assert {name: pair for name, pair in newest(type(made)).changes.items() if name in names} == {
            name: [MASKED, MASKED] for name in names
        }
        made.delete()
        assert newest(type(made)).action == LogEntry.Action.DELETE
    assert (mask(""), mask("None"), mask("x")) == ("", "", MASKED)
    stored = str(list(LogEntry.objects.values_list("changes", "object_repr", "additional_data", "serialized_data")))
    assert "Секрет" not in stored


def test_no_page_of_the_admin_tells_a_secret(admin: Client) -> None:
    secrets = {"accounts.PanelUser": ["sip_password"], "crm.CustomerSource": ["password"]}
    secrets["telephony.Pbx"] = ["secret", "control_secret", "phone_secret"]
    addresses = [reverse("admin:index")]
    for model in (model for model in MODELS if model._meta.app_label in OURS | {"auditlog", "admin"}):
        values = dict.fromkeys(secrets.get(model._meta.label, []), SECRET)
        row = make(model, **values) if model._meta.app_label in OURS else LogEntry.objects.first()
        for name in values:
            setattr(row, name, SECRET + "-new")
        if values:
            row.save()
        addresses.append(page(model, "changelist"))
        if model._meta.app_label != "admin" and row is not None:
            addresses += [page(model, "change", row.pk), page(model, "history", row.pk)]
    for entry in LogEntry.objects.all():
        addresses.append(page(LogEntry, "change", entry.pk))
    for address in addresses:
        text = admin.get(address, follow=True).content.decode()
        assert ("Секрет-7" in text, "pbkdf2_" in text) == (False, False), address


def test_the_journal_is_read_only_and_linked(admin: Client) -> None:
    department = DepartmentFactory(name="<script>alert(1)</script>")
    department.name = "Продажи\u202e"
    department.save()
    answer = admin.get(page(type(department), "change", department.pk)).content.decode()
    listed = admin.get(page(LogEntry, "changelist"), {"object_pk__exact": department.pk})
    assert f"object_pk__exact={department.pk}" in answer
    text = listed.content.decode()
    assert ("<script>alert" in text, "&lt;script&gt;alert(1)" in text) == (False, True)
    entry = newest(type(department))
    shown = admin.get(page(LogEntry, "change", entry.pk)).content.decode()
    assert ("<script>alert" in shown, "&lt;script&gt;alert(1)" in shown) == (False, True)
    assert admin.post(page(LogEntry, "change", entry.pk), {}).status_code == 403
    assert admin.post(page(LogEntry, "delete", entry.pk), {"post": "yes"}).status_code == 403
    assert admin.get(page(LogEntry, "add")).status_code == 403
    model_admin = django_admin.site._registry[LogEntry]
    request = RequestFactory().get("/")
    request.user = PanelUser.objects.get(username="root")
    assert "delete_selected" not in model_admin.get_actions(request)


@pytest.mark.parametrize(
    ("https", "forwarded", "expected"),
    [
        (False, "6.6.6.6", "10.0.0.1"),  # nobody's proxy: the client may write what it likes
        (True, "6.6.6.6, 192.0.2.7", "192.0.2.7"),
        (True, "2001:db8::1", "2001:db8::1"),
        (True, "'; DROP TABLE", "10.0.0.1"),
        (True, "x" * 10_000, "10.0.0.1"),
        (True, "", "10.0.0.1"),
    ],
)
def test_the_address_is_the_one_the_proxy_saw(settings: Settings, https: bool, forwarded: str, expected: str) -> None:
    settings.HTTPS = https
    request = RequestFactory().get("/", headers={"x-forwarded-for": forwarded}, REMOTE_ADDR="10.0.0.1")
    assert client_address(request) == expected
    request.META["REMOTE_ADDR"] = ""
    request.META["HTTP_X_FORWARDED_FOR"] = ""
    assert client_address(request) is None
