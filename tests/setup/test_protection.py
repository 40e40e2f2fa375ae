"""A3: the keys, the gate, a key added here, the trial key."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from astpanel.accounts.models import License, PanelUser
from astpanel.setup.models import Step, StepRecord
from tests.licences import give_key, sealed
from tests.setup.conftest import Reach, page

pytestmark = pytest.mark.django_db
PAGE = page(Step.PROTECTION)


@pytest.fixture(autouse=True)
def _reached(reach: Reach) -> None:
    reach(Step.PROTECTION)


def state() -> tuple[str, bool] | None:
    record = StepRecord.objects.filter(step=Step.PROTECTION).first()
    return (record.state, bool(record.reason)) if record else None


def test_without_a_key_it_does_not_go_on(admin: Client) -> None:
    shown = admin.get(PAGE)
    answer = admin.post(PAGE, {})
    assert (answer.status_code, state()) == (200, ("failed", True))
    reason = str(answer.context["outcome"].reason)
    assert (shown.context["blocked"], reason in answer.content.decode()) == (reason, True)


def test_a_trial_key_is_created_once_and_opens_the_gate(admin: Client, administrator: PanelUser) -> None:
    assert admin.post(PAGE, {"action": "trial"}).headers["Location"] == PAGE
    key = License.objects.get()
    assert (key.kind, key.added_by, state()) == ("trial", administrator, None)
    shown = admin.get(PAGE)
    assert (shown.context["trial_possible"], key.key_id in shown.content.decode()) == (False, True)
    refused = admin.post(PAGE, {"action": "trial"})
    assert (refused.status_code, len(refused.context["form"].non_field_errors())) == (200, 1)
    assert admin.post(PAGE, {}).headers["Location"] == page(Step.CONTACTS)
    assert state() == ("done", False)


def test_a_key_file_is_added(admin: Client) -> None:
    file = SimpleUploadedFile("key.lic", sealed(key="TEST-7", seats=7).encode())
    assert admin.post(PAGE, {"action": "upload", "document": file}).headers["Location"] == PAGE
    text = admin.get(PAGE).content.decode()
    assert ("TEST-7" in text, "ООО «Ромашка»" in text, License.objects.get().seats) == (True, True, 7)
    assert admin.post(PAGE, {}).headers["Location"] == page(Step.CONTACTS)


@pytest.mark.parametrize(
    "content",
    [b"", b"\0\xff", b"no key", b"x" * 1_000_000, sealed().replace("A", "B").encode(), sealed()[:80].encode()],
    ids=["empty", "bytes", "text", "huge", "altered", "cut"],
)
def test_a_file_that_is_no_key_is_answered_in_words(admin: Client, content: bytes) -> None:
    answer = admin.post(PAGE, {"action": "upload", "document": SimpleUploadedFile("<b>.lic", content)})
    assert (answer.status_code, list(answer.context["form"].errors), License.objects.count()) == (200, ["document"], 0)
    assert state() in {None, ("open", False)}


def test_no_file_chosen(admin: Client) -> None:
    answer = admin.post(PAGE, {"action": "upload"})
    assert list(answer.context["form"].errors) == ["document"]


def test_an_ended_key_is_listed_and_does_not_count(admin: Client) -> None:
    begin, end = timezone.now() - timedelta(days=400), timezone.now() - timedelta(days=100)
    file = SimpleUploadedFile("key.lic", sealed(key="OLD-1", issued=begin, expires=end).encode())
    answer = admin.post(PAGE, {"action": "upload", "document": file})
    assert list(answer.context["form"].errors) == ["document"]
    assert admin.post(PAGE, {}).status_code == 200


def test_a_key_that_ends_closes_the_gate_again(admin: Client) -> None:
    give_key(5)
    assert admin.post(PAGE, {}).status_code == 302
    License.objects.all().delete()
    answer = admin.post(PAGE, {})
    assert (answer.status_code, state()) == (200, ("done", True))  # what was done stays, and why it would not now
