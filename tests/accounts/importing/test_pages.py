"""The import's pages: from the file to the users, and closed to whoever may not."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from astpanel.accounts.importing.parse import parse
from astpanel.accounts.importing.work import check, write
from astpanel.accounts.models import PanelUser, UserImport
from astpanel.accounts.roles import Role, set_roles
from astpanel.jobs.services import claim
from tests.factories import InternalKindFactory, LicenseFactory, PanelUserFactory, UserImportFactory

pytestmark = pytest.mark.django_db
HEADERS = {"accept-language": "en"}


@pytest.fixture
def admin(client: Client) -> Client:
    InternalKindFactory()
    LicenseFactory(seats=10)
    client.force_login(PanelUserFactory(admin=True, username="root", in_use=False))
    return client


def send(client: Client, text: str | bytes, name: str = "люди.csv") -> Any:
    data = text.encode("cp1251") if isinstance(text, str) else text
    file = SimpleUploadedFile(name, data, "text/csv")
    return client.post(reverse("admin:user_import_upload"), {"file": file}, follow=True, headers=HEADERS)


def test_from_the_file_to_the_users(admin: Client) -> None:
    looked = send(admin, "Логин;Фамилия;Внутренний номер;Цвет\npetrov;Петров;101;красный\n")
    assert (looked.context["counts"], looked.context["made"].unknown) == (
        {"new": 1, "changed": 0, "same": 0, "error": 0},
        ["Цвет"],
    )
    assert not PanelUser.objects.filter(username="petrov").exists()
    done = admin.post(looked.redirect_chain[-1][0], follow=True, headers=HEADERS)
    assert done.context["made"].state == UserImport.State.DONE
    assert PanelUser.objects.get(username="petrov").contact_info.get().value == "101"


def test_with_faults_there_is_only_the_button_for_the_other_rows(admin: Client) -> None:
    looked = send(admin, "Логин;Внутренний номер\npetrov;101\nivanov;сто\n")
    text = looked.content.decode()
    assert ('name="only_valid"' in text, 'value="Import"' in text) == (True, False)
    admin.post(looked.redirect_chain[-1][0])
    assert not PanelUser.objects.filter(username="petrov").exists()
    admin.post(looked.redirect_chain[-1][0], {"only_valid": "x"})
    assert PanelUser.objects.filter(username="petrov").exists()


def test_what_is_no_table_is_said(admin: Client) -> None:
    for data in (b"", b"\x89PNG\0", b"PK\x03\x04", "Фамилия\nx".encode()):
        response = send(admin, data)
        assert (response.status_code, bool(response.context["form"].errors["file"])) == (200, True)
    assert not UserImport.objects.exists()


def test_a_large_file_is_for_a_worker_and_goes_on_where_it_was(
    admin: Client, django_capture_on_commit_callbacks: Any
) -> None:
    lines = "\n".join(f"user{n};Человек {n};{1000 + n}" for n in range(600))
    looked = send(admin, f"Логин;Фамилия;Внутренний номер\n{lines}\nplain;Без;слов\n")
    made = looked.context["made"]
    assert (made.state, made.job.total, looked.context["job"]) == (UserImport.State.CHECKING, 601, made.job)
    job = claim(job_id=made.job.pk, now=timezone.now())
    assert job is not None
    assert check(job) == {"new": 600, "changed": 0, "same": 0, "error": 1}
    admin.post(reverse("admin:user_import", args=[made.pk]), {"only_valid": "x"})
    made.refresh_from_db()
    assert made.state == UserImport.State.RUNNING
    UserImport.objects.filter(pk=made.pk).update(done=200)  # as if a worker had died behind the second hundred
    job = claim(job_id=made.job.pk, now=timezone.now())
    assert job is not None
    assert write(job) == {"new": 600, "changed": 0, "same": 0, "error": 1}
    made.refresh_from_db()
    assert (made.state, made.done, PanelUser.objects.filter(last_name__startswith="Человек").count()) == (
        UserImport.State.DONE,
        600,
        400,
    )


def test_files_to_take_away(admin: Client) -> None:
    PanelUserFactory(username="=cmd", last_name="+Иванов", number="101", mobile="+7 916 111-22-33")
    for kind in ("csv", "xlsx"):
        assert admin.get(reverse("admin:user_import_template", args=[kind])).status_code == 200
        data = admin.get(reverse("admin:user_export", args=[kind])).content
        table = parse(data)
        assert [row.cells.get("last_name") for row in table.rows if row.cells["username"] == "=cmd"] == ["+Иванов"]
    text = admin.get(reverse("admin:user_export", args=["csv"])).content.decode("utf-8-sig")
    assert ("'=cmd;'+Иванов" in text, ";'+7 916 111-22-33;" in text) == (True, True)
    assert admin.get("/admin/accounts/paneluser/export.exe").status_code == 404


def pages() -> list[str]:
    return [
        reverse("admin:user_import_upload"),
        reverse("admin:user_import", args=[UserImportFactory().pk]),
        reverse("admin:user_import_template", args=["csv"]),
        reverse("admin:user_export", args=["csv"]),
        reverse("admin:users_from_pbx"),
    ]


@pytest.mark.parametrize("who", [None, {}, {"supervisor": True}, {"is_active": False, "admin": True}])
def test_strangers_are_sent_to_the_log_in(client: Client, who: dict[str, Any] | None) -> None:
    if who is not None:
        client.force_login(PanelUserFactory(**who))
    for address in pages():
        for response in (client.get(address), client.post(address)):
            assert (response.status_code, response.headers["Location"].split("?")[0]) == (302, reverse("admin:login"))


def test_staff_without_rights_are_refused_and_administrators_are_not(client: Client) -> None:
    client.force_login(PanelUserFactory(staff=True))
    assert [client.get(address).status_code for address in pages()] == [403] * 5
    user = PanelUserFactory()
    set_roles(user=user, roles=[Role.ADMINISTRATOR])
    client.force_login(PanelUser.objects.get(pk=user.pk))
    assert [client.get(address).status_code for address in pages()] == [200] * 5
