"""The pages: from the file to the customers and back to a file; closed to whoever may not."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from astpanel.accounts.models import PanelUser
from astpanel.accounts.roles import Role, set_roles
from astpanel.jobs import tasks
from crm.exchange.exporting import AT_ONCE
from crm.exchange.forgetting import forget_files
from crm.models import Counterparty, DirectoryExport, DirectoryImport, ImportFault
from tests.crm.exchange.files import check, csv_file
from tests.factories import (
    CounterpartyFactory,
    DirectoryExportFactory,
    DirectoryImportFactory,
    ImportFaultFactory,
    JobFactory,
    PanelUserFactory,
)

pytestmark = pytest.mark.django_db
ENGLISH = {"accept-language": "en"}
LIST = reverse("admin:crm_counterparty_changelist")
UPLOAD = reverse("admin:directory_import_upload")
EXPORT = reverse("admin:directory_export_begin")


@pytest.fixture
def admin(client: Client) -> Client:
    client.force_login(PanelUserFactory(admin=True, username="root"))
    return client


def send(client: Client, data: bytes, name: str = "клиенты.csv") -> Any:
    return client.post(UPLOAD, {"file": SimpleUploadedFile(name, data)}, follow=True, headers=ENGLISH)


def test_from_the_file_to_the_customers(admin: Client) -> None:
    looked = send(admin, csv_file("Луч;;;+7 495 111-22-33;красный", header="Контрагент;;Контактное лицо;Телефон;Цвет"))
    made = looked.context["made"]
    assert (looked.context["counts"]["new"], made.unknown, made.sample) == (
        1,
        ["Цвет"],
        [{"line": 2, "action": "new", "name": "Луч", "person": "", "values": ["+7 495 111-22-33"]}],
    )
    text = looked.content.decode()
    assert ('value="Import"' in text, "Цвет" in text, Counterparty.objects.exists()) == (True, True, False)
    done = admin.post(looked.redirect_chain[-1][0], follow=True, headers=ENGLISH)
    assert (done.context["made"].state, Counterparty.objects.get().name) == ("done", "Луч")


def test_faults_are_said_and_the_other_rows_imported(admin: Client) -> None:
    CounterpartyFactory(name="Тюльпан", phone="+7 495 111-22-33")
    looked = send(admin, csv_file("Луч;;;", "=cmd;;;доб. 12", "Тюльпан ООО;;;+74951112233"))
    text = looked.content.decode()
    assert (
        "An extension without its number." in text,
        "+74951112233 belongs to Тюльпан: perhaps it is the same customer." in text,
        'name="only_valid"' in text,
        'value="Import"' in text,
    ) == (True, True, True, False)
    address = looked.redirect_chain[-1][0]
    file = reverse("admin:directory_import_refused", args=[looked.context["made"].pk, "csv"])
    assert admin.get(file, headers=ENGLISH).content.decode("utf-8-sig").splitlines()[1:] == [
        "3;доб. 12: An extension without its number.;'=cmd;;;доб. 12",
        "4;'+74951112233 belongs to Тюльпан: perhaps it is the same customer.;Тюльпан ООО;;;'+74951112233",
    ]
    admin.post(address, headers=ENGLISH)
    assert Counterparty.objects.count() == 1
    admin.post(address, {"only_valid": "x", "with_duplicates": "on"}, headers=ENGLISH)
    assert set(Counterparty.objects.values_list("name", flat=True)) == {"Тюльпан", "Луч", "Тюльпан ООО"}


def test_refused_rows_can_be_mended_and_sent_again(admin: Client) -> None:
    made = send(admin, csv_file("Луч;A-1;;доб. 12")).context["made"]
    for kind in ("csv", "xlsx"):
        data = admin.get(reverse("admin:directory_import_refused", args=[made.pk, kind])).content
        again = check(data)
        assert (again.counts["error"], again.unknown) == (1, ["Строка", "Что не так"])


@pytest.mark.parametrize("data", [b"", b"\x89PNG\r\n\x1a\n\0", b"PK\x03\x04", "Имя\nx".encode()])
def test_what_is_no_table_is_said(admin: Client, data: bytes) -> None:
    response = send(admin, data, "картинка.csv")
    assert (response.status_code, len(response.context["form"].errors["file"])) == (200, 1)
    assert not DirectoryImport.objects.exists()


def test_hostile_names_are_shown_as_they_are(admin: Client) -> None:
    hostile = "<script>alert(1)</script>"
    looked = send(admin, csv_file(f"{hostile};;;доб. 1", f"{hostile}2;;;"), f"{hostile}.csv")
    text = looked.content.decode()
    assert (hostile in text, text.count("&lt;script&gt;alert(1)") > 1) == (False, True)


def test_a_large_file_is_for_a_worker(admin: Client) -> None:
    looked = send(admin, csv_file(*(f"Компания {n};;;{' ' * 200}" for n in range(1_000))))
    made = looked.context["made"]
    assert (made.state, looked.context["job"]) == ("checking", made.job)
    assert tasks.run(made.job.pk) == "done"
    admin.post(looked.redirect_chain[-1][0])
    made.refresh_from_db()
    assert (made.state, made.rows, made.job.total) == ("running", 1_000, 1_000)
    assert tasks.run(made.job.pk) == "done"
    assert Counterparty.objects.count() == 1_000


def test_an_export_of_what_the_list_has_filtered(admin: Client) -> None:
    for name in ("Луч", "Заря", "Зарница"):
        CounterpartyFactory(name=name)
    assert f'href="{EXPORT}?q=%D0%97%D0%B0%D1%80"' in admin.get(f"{LIST}?q=Зар").content.decode()
    begun = admin.get(f"{EXPORT}?q=Зар")
    assert (begun.context["count"], begun.context["filtered"]) == (2, True)
    data = admin.post(f"{EXPORT}?q=Зар", {"format": "csv"})
    assert names(data) == ["Заря", "Зарница"]
    assert data.headers["Content-Disposition"] == 'attachment; filename="customers.csv"'
    assert names(admin.post(EXPORT, {"format": "csv"})) == ["Луч", "Заря", "Зарница"]
    assert admin.post(EXPORT, {"format": "exe"}).status_code == 404


def test_an_export_of_the_chosen_ones(admin: Client) -> None:
    chosen = [CounterpartyFactory(name=name) for name in ("Луч", "Заря", "Маяк")][1:]
    sent = {"action": "export_csv", "_selected_action": [one.pk for one in chosen]}
    assert names(admin.post(LIST, sent)) == ["Заря", "Маяк"]


def names(response: Any) -> list[str]:
    return [line.split(";")[0] for line in response.content.decode("utf-8-sig").splitlines()[1:]]


def test_a_large_export_is_made_by_a_worker_and_gone_after_a_day(admin: Client, client: Client) -> None:
    Counterparty.objects.bulk_create(Counterparty(name=f"Компания {n}") for n in range(AT_ONCE + 1))
    asked = admin.post(EXPORT, {"format": "csv"}, follow=True)
    made = DirectoryExport.objects.get()
    file = reverse("admin:directory_export_file", args=[made.pk])
    assert (asked.context["job"], admin.get(file).status_code) == (made.job, 302)
    assert tasks.run(made.job_id or 0) == "done"
    assert len(names(admin.get(file))) == AT_ONCE + 1
    stranger = PanelUserFactory()
    set_roles(user=stranger, roles=[Role.ADMINISTRATOR])
    client.force_login(PanelUser.objects.get(pk=stranger.pk))
    assert [client.get(address).status_code for address in (file, made.job.url if made.job else "")] == [403, 403]
    PanelUser.objects.filter(username="root").update(is_superuser=False)
    client.force_login(PanelUser.objects.get(username="root"))
    assert client.get(file).status_code == 403
    PanelUser.objects.filter(username="root").update(is_superuser=True)
    DirectoryExport.objects.update(created=timezone.now() - timedelta(days=1, minutes=1))
    assert client.get(file).status_code == 404
    forget_files(now=timezone.now())
    assert not DirectoryExport.objects.exists()


def test_what_is_forgotten() -> None:
    old = timezone.now() - timedelta(days=1, minutes=1)
    rows = {
        state: DirectoryImportFactory(state=state, sample=[{"name": "x"}], finished=old if state == "done" else None)
        for state in ("checking", "checked", "running", "done", "failed")
    }
    rows["busy"] = DirectoryImportFactory(state="checking", job=JobFactory(state="running"))
    rows["new"] = DirectoryImportFactory(state="checked")
    for name, row in rows.items():
        ImportFaultFactory(directory_import=row)
        if name != "new":
            DirectoryImport.objects.filter(pk=row.pk).update(created=old)
    forget_files(now=timezone.now())
    left = {row.pk: bool(row.sample) for row in DirectoryImport.objects.all()}
    assert left == {
        rows["running"].pk: True,
        rows["done"].pk: False,
        rows["failed"].pk: False,
        rows["busy"].pk: False,
        rows["new"].pk: False,
    }
    kept = {rows[name].pk for name in ("running", "busy", "new")}
    assert set(ImportFault.objects.values_list("directory_import", flat=True)) == kept


def pages() -> list[str]:
    made, export = DirectoryImportFactory(), DirectoryExportFactory(finished=timezone.now())
    return [
        UPLOAD,
        reverse("admin:directory_import", args=[made.pk]),
        reverse("admin:directory_import_template", args=["csv"]),
        reverse("admin:directory_import_refused", args=[made.pk, "csv"]),
        EXPORT,
        reverse("admin:directory_export", args=[export.pk]),
        reverse("admin:directory_export_file", args=[export.pk]),
    ]


@pytest.mark.parametrize("who", [None, {}, {"supervisor": True}, {"is_active": False, "admin": True}])
def test_strangers_are_sent_to_the_log_in(client: Client, who: dict[str, Any] | None) -> None:
    if who is not None:
        client.force_login(PanelUserFactory(**who))
    for address in pages():
        for response in (client.get(address), client.post(address)):
            assert (response.status_code, response.headers["Location"].split("?")[0]) == (302, reverse("admin:login"))


def test_staff_without_rights_are_refused(client: Client) -> None:
    client.force_login(PanelUserFactory(staff=True))
    addresses = pages()
    assert [client.get(address).status_code for address in addresses] == [403] * 7
    assert [client.post(addresses[number]).status_code for number in (0, 1, 4)] == [403] * 3


def test_administrators_see_the_pages_and_their_own_exports_only(client: Client) -> None:
    user = PanelUserFactory()
    set_roles(user=user, roles=[Role.ADMINISTRATOR])
    client.force_login(PanelUser.objects.get(pk=user.pk))
    assert [client.get(address).status_code for address in pages()] == [200] * 5 + [403] * 2
    text = client.get(LIST, headers=ENGLISH).content.decode()
    assert (UPLOAD in text, EXPORT in text) == (True, True)


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_of_the_pages(admin: Client, rows: int, django_assert_num_queries: Any) -> None:
    made = DirectoryImportFactory(state="checked", counts={"error": rows})
    for _ in range(rows):
        ImportFaultFactory(directory_import=made)
        ImportFaultFactory(directory_import=made, duplicate=True)
        DirectoryImportFactory(job=JobFactory())
        DirectoryExportFactory(asked_by=PanelUser.objects.get(username="root"), finished=timezone.now())
    with django_assert_num_queries(2 + 1):  # session and user; the recent ones
        admin.get(UPLOAD)
    with django_assert_num_queries(2 + 3):  # the import, both lists
        admin.get(reverse("admin:directory_import", args=[made.pk]))
    with django_assert_num_queries(2 + 2):  # how many there are; the recent ones
        admin.get(EXPORT)
