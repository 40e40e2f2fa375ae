"""The admin's pages of licences."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from astpanel.accounts.models import Installation, License, PanelUser
from tests.factories import LicenseFactory, PanelUserFactory
from tests.licences import NOON, sealed

pytestmark = pytest.mark.django_db
UPLOAD = "/admin/licences/upload/"
TRIAL = "/admin/licences/trial/"
LIST = "/admin/accounts/license/"


@pytest.fixture
def admin(client: Client) -> Client:
    client.force_login(PanelUserFactory(admin=True))
    client.cookies["django_language"] = "en"
    return client


def file(name: str, data: bytes | str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data.encode() if isinstance(data, str) else data)


def test_good_files_are_added_and_said(admin: Client) -> None:
    files = [file("a.lic", sealed(key="A", seats=3)), file("b.txt", f"Dear customer,\r\n\r\n{sealed(key='B')}\r\nBye")]
    response = admin.post(UPLOAD, {"files": files}, follow=True)
    assert [str(message) for message in response.context["messages"]] == [
        "a.lic: The key A is added.",
        "b.txt: The key B is added.",
    ]
    assert set(License.objects.values_list("key_id", "seats", "added_by__is_superuser")) == {
        ("A", 3, True),
        ("B", 10, True),
    }
    assert response.context["protection"].seats_total == 13


def test_each_bad_file_has_its_reason_and_keeps_no_other_out(admin: Client) -> None:
    files = [
        file("good.lic", sealed(key="A")),
        file("<b>big</b>.lic", b"x" * 17_000),
        file("photo.lic", b"\xff\xd8\xff\xe0"),
        file("letter.txt", "Good day"),
    ]
    response = admin.post(UPLOAD, {"files": files, "text": sealed(product="other", key="P")})
    assert [(outcome.name, outcome.text) for outcome in response.context["outcomes"]] == [
        ("good.lic", "The key A is added."),
        ("b>.lic", "The file is too large for a licence key: at most 16 KiB."),
        ("photo.lic", "This is not a licence key: a key is a text file."),
        (
            "letter.txt",
            "There is no licence key in it: a key begins with the line “-----BEGIN ASTPANEL LICENCE-----”.",
        ),
        ("Pasted text", "It is a key for the product “other”."),
    ]
    assert "b&gt;.lic" in response.content.decode()
    assert License.objects.count() == 1


def test_nothing_chosen_and_too_many(admin: Client) -> None:
    assert "Choose a file or paste" in admin.post(UPLOAD).content.decode()
    many = [file(f"{n}.lic", sealed(key=f"K{n}")) for n in range(21)]
    outcomes = admin.post(UPLOAD, {"files": many}).context["outcomes"]
    assert [(outcome.key is not None, outcome.text) for outcome in outcomes[19:]] == [
        (True, "The key K19 is added."),
        (False, "Not read: at most 20 files at once."),
    ]


def test_the_trial_is_made_with_one_click_and_once(admin: Client) -> None:
    assert reverse("admin:licence_trial") in admin.get(LIST).content.decode()
    first = admin.post(TRIAL, follow=True)
    assert [str(message) for message in first.context["messages"]] == ["The trial key is made and counts from now on."]
    assert reverse("admin:licence_trial") not in first.content.decode()
    again = admin.post(TRIAL, follow=True)
    assert str(next(iter(again.context["messages"]))).startswith("The trial key of this installation was made on")
    assert License.objects.count() == 1


def test_the_list_says_what_each_key_is_worth(admin: Client) -> None:
    LicenseFactory(key_id="FINE")
    LicenseFactory(key_id="OVER", expires=timezone.now().replace(microsecond=0) - timedelta(days=3))
    altered = LicenseFactory(key_id="MORE")
    License.objects.filter(pk=altered.pk).update(seats=999)
    response = admin.get(LIST)
    rows = {row.key_id: row.key_state.label for row in response.context["cl"].result_list}
    assert rows == {"FINE": "valid", "OVER": "has ended, grace time", "MORE": "altered"}
    assert response.context["protection"].seats_total == 10


def test_a_key_is_read_not_edited(admin: Client) -> None:
    row = LicenseFactory(holder="<script>alert(1)</script>")
    url = reverse("admin:accounts_license_change", args=[row.pk])
    page = admin.get(url).content.decode()
    assert ("&lt;script&gt;alert(1)" in page, "<script>alert(1)" in page, 'name="_save"' in page) == (
        True,
        False,
        False,
    )
    assert admin.post(url, {"seats": 999}).status_code == 403
    assert admin.get(f"{LIST}add/").headers["Location"] == UPLOAD


def test_deleting_says_what_will_be_true(admin: Client) -> None:
    row = LicenseFactory()
    Installation.objects.update_or_create(pk=1, defaults={"created": NOON})
    Installation.objects.update(created=NOON)
    url = reverse("admin:accounts_license_delete", args=[row.pk])
    text = admin.get(url).content.decode()
    assert "There is no licence key yet. The panel is closed until a valid key is added; nothing is deleted." in text
    admin.post(url, {"post": "yes"})
    assert not License.objects.exists()


@pytest.mark.parametrize("url", [UPLOAD, TRIAL, LIST])
@pytest.mark.parametrize("who", ["anonymous", "operator", "supervisor", "staff"])
def test_strangers(client: Client, url: str, who: str) -> None:
    if who != "anonymous":
        people: dict[str, PanelUser] = {
            "operator": PanelUserFactory(),
            "supervisor": PanelUserFactory(supervisor=True),
            "staff": PanelUserFactory(staff=True),
        }
        client.force_login(people[who])
    refused = {403} if who == "staff" else {302}
    assert client.get(url).status_code in (refused | {405} if url == TRIAL else refused)
    assert client.post(url, {"text": sealed()}).status_code in refused
    assert not License.objects.exists()


def test_who_may_add_keys_may_not_delete_them(client: Client) -> None:
    helper = PanelUserFactory(staff=True)
    helper.user_permissions.set(
        Permission.objects.filter(content_type__app_label="accounts", codename__endswith="license")
    )
    client.force_login(helper)
    client.post(UPLOAD, {"text": sealed()})
    row = License.objects.get()
    assert client.get(reverse("admin:accounts_license_delete", args=[row.pk])).status_code == 403
