"""The frame around the steps: who may, which step opens, what is kept, two administrators at once."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from astpanel.accounts.models import PanelUser
from astpanel.setup import agreement, services
from astpanel.setup.flow import ORDER
from astpanel.setup.models import AgreementAcceptance, Step, StepRecord
from astpanel.setup.steps import PAGES
from crm.models import ContactInfo, ContactInfoKind
from tests.factories import AgreementAcceptanceFactory, PanelUserFactory, PbxFactory
from tests.licences import give_key
from tests.setup.conftest import Reach, page

pytestmark = pytest.mark.django_db
ACCEPT = {"accepted": "on", "digest": agreement.DIGEST}
NUMBER = {"kind": "", "number": "101"}


def test_every_step_but_the_first_is_a_page() -> None:
    assert tuple(PAGES) == ORDER[1:]


@pytest.mark.parametrize("path", ["", "finish/", *(f"{step}/" for step in PAGES)])
@pytest.mark.parametrize(
    ("who", "expected"),
    [
        (None, 302),
        ({}, 302),
        ({"supervisor": True}, 302),
        ({"staff": True}, 403),
        ({"is_active": False, "admin": True}, 302),
    ],
    ids=["anonymous", "operator", "supervisor", "staff", "switched-off"],
)
def test_strangers_get_nothing(client: Client, path: str, who: dict[str, Any] | None, expected: int) -> None:
    if who is not None:
        client.force_login(PanelUserFactory(**who))
    for answer in (client.get(f"/admin/setup/{path}"), client.post(f"/admin/setup/{path}", ACCEPT)):
        assert answer.status_code == expected
        assert expected == 403 or answer.headers["Location"].startswith("/admin/login/")
    assert not StepRecord.objects.exists()


def test_the_single_right_is_enough(client: Client) -> None:
    user = PanelUserFactory(staff=True)
    user.user_permissions.add(Permission.objects.get(codename="change_steprecord"))
    PanelUserFactory(admin=True)
    client.force_login(user)
    assert client.get(page(Step.AGREEMENT)).status_code == 200


def test_a_forged_post_is_refused(administrator: PanelUser) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(administrator)
    assert client.post(page(Step.AGREEMENT), ACCEPT).status_code == 403
    assert client.put(page(Step.AGREEMENT)).status_code in {403, 405}


@pytest.mark.parametrize("first", ORDER[1:])
def test_it_resumes_at_the_first_open_step_and_later_ones_are_closed(admin: Client, reach: Reach, first: Step) -> None:
    reach(first)
    assert admin.get("/admin/setup/").headers["Location"] == page(first)
    assert admin.get("/admin/setup/finish/").headers["Location"] == page(first)
    closed = ORDER[ORDER.index(first) + 1 :]
    for later in closed:
        for answer in (admin.get(page(later), follow=True), admin.post(page(later), {}, follow=True)):
            assert answer.redirect_chain == [(page(first), 302)]
            (message,) = answer.context["messages"]
            assert (str(later.label) in str(message), str(first.label) in str(message)) == (True, True)
    standings = [stop.standing for stop in admin.get(page(first)).context["progress"].stops]
    assert standings == [*["done"] * ORDER.index(first), "open", *["closed"] * len(closed)]


def test_the_agreement_is_accepted_once_by_somebody(admin: Client, administrator: PanelUser) -> None:
    assert admin.post(page(Step.AGREEMENT), {"digest": agreement.DIGEST}).status_code == 200
    assert not AgreementAcceptance.objects.exists()
    assert admin.post(page(Step.AGREEMENT), ACCEPT).headers["Location"] == page(Step.CONFIGURATION)
    row = AgreementAcceptance.objects.get()
    assert (row.version, row.sha256, row.user, row.user_name) == (
        agreement.VERSION,
        agreement.DIGEST,
        administrator,
        "Гусев Глеб",
    )
    admin.post(page(Step.AGREEMENT), ACCEPT)
    assert AgreementAcceptance.objects.count() == 1


def test_another_text_asks_again_and_closes_what_follows(admin: Client, reach: Reach) -> None:
    reach(Step.CONTACTS)
    AgreementAcceptance.objects.update(sha256="0" * 64)
    assert admin.get(page(Step.CONTACTS)).headers["Location"] == page(Step.AGREEMENT)
    assert admin.post(page(Step.AGREEMENT), ACCEPT | {"digest": "0" * 64}).status_code == 200  # an old page
    admin.post(page(Step.AGREEMENT), ACCEPT)
    assert admin.get(page(Step.CONTACTS)).status_code == 200


@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_text_is_shown_whole(admin: Client, language: str) -> None:
    AgreementAcceptanceFactory(sha256="0" * 64)
    text = admin.get(page(Step.AGREEMENT), headers={"accept-language": language}).content.decode()
    sections = agreement.sections(language)
    assert len(sections) == 8
    assert [section.title in text for section in sections] == [True] * 8


def test_what_was_typed_is_kept_on_leaving(admin: Client, reach: Reach) -> None:
    reach(Step.CONTACTS)
    answer = admin.post(page(Step.CONTACTS), {"number": "  10 1", "go": Step.PROTECTION})
    assert answer.headers["Location"] == page(Step.PROTECTION)
    shown = admin.get(page(Step.CONTACTS))
    assert (shown.context["form"]["number"].value(), shown.context["draft"]) == ("  10 1", True)
    assert StepRecord.objects.get(step=Step.CONTACTS).state == "open"
    assert admin.post(page(Step.CONTACTS), {"go": "leave", "number": "  10 1"}).headers["Location"] == "/admin/"
    admin.post(page(Step.CONTACTS), {"discard": "1"})
    shown = admin.get(page(Step.CONTACTS))
    assert (shown.context["form"]["number"].value(), shown.context["draft"]) == ("", False)


def test_leaving_without_typing_writes_nothing(admin: Client) -> None:
    admin.post(page(Step.AGREEMENT), {"digest": agreement.DIGEST, "go": "leave"})
    assert not StepRecord.objects.exists()


@pytest.mark.parametrize("target", ["https://example.com", "//example.com", "administrator", "", "<b>"])
def test_leaving_leads_nowhere_else(admin: Client, target: str) -> None:
    assert admin.post(page(Step.AGREEMENT), {"go": target}).headers["Location"] == "/admin/"


def test_my_number(admin: Client, administrator: PanelUser, reach: Reach) -> None:
    reach(Step.CONTACTS)
    give_key(5)
    answer = admin.post(page(Step.CONTACTS), NUMBER | {"in_use": "on"})
    assert answer.headers["Location"] == page(Step.PBX)
    kind = ContactInfoKind.objects.get()
    assert (kind.name, kind.owner, kind.type) == ("Внутренний", "user", "internal")
    row = ContactInfo.objects.get()
    assert (row.user, row.kind, row.value, row.is_main) == (administrator, kind, "101", True)
    administrator.refresh_from_db()
    assert administrator.in_use is True
    shown = admin.get(page(Step.CONTACTS)).context["form"]
    assert [shown[name].value() for name in ("kind", "number", "in_use")] == [kind.pk, "101", True]
    admin.post(page(Step.CONTACTS), {"kind": kind.pk, "number": "102", "in_use": "on"})
    assert list(ContactInfo.objects.values_list("value", flat=True)) == ["102"]


def test_the_kind_that_is_chosen(admin: Client, reach: Reach) -> None:
    reach(Step.CONTACTS)
    ContactInfoKind.objects.create(name="Внутренний", owner="user", type="internal")
    second = ContactInfoKind.objects.create(name="Добавочный", owner="user", type="internal", order=5)
    mobile = ContactInfoKind.objects.create(name="Мобильный", owner="user", type="phone")
    assert list(admin.post(page(Step.CONTACTS), {"kind": mobile.pk, "number": "101"}).context["form"].errors) == [
        "kind"
    ]
    admin.post(page(Step.CONTACTS), {"kind": second.pk, "number": "101"})
    assert ContactInfo.objects.get().kind == second


@pytest.mark.parametrize("number", ["", "10 1x", "1" * 16, "101\r\nAction: Originate", "<script>", "+74951112233"])
def test_what_is_no_internal_number(admin: Client, reach: Reach, number: str) -> None:
    reach(Step.CONTACTS)
    answer = admin.post(page(Step.CONTACTS), NUMBER | {"number": number})
    assert (answer.status_code, list(answer.context["form"].errors)) == (200, ["number"])
    assert "<script>" not in answer.content.decode()
    assert not ContactInfo.objects.exists()


def test_a_number_of_somebody_else_names_them(admin: Client, reach: Reach) -> None:
    reach(Step.CONTACTS)
    other = PanelUserFactory(number="101")
    answer = admin.post(page(Step.CONTACTS), {"kind": ContactInfoKind.objects.get().pk, "number": "101"})
    (error,) = answer.context["form"].errors["number"]
    record = StepRecord.objects.get(step=Step.CONTACTS)
    assert (str(other) in error, record.state, record.reason, record.data["number"]) == (True, "failed", error, "101")
    assert error in admin.get(page(Step.CONTACTS)).content.decode().replace("&quot;", '"')


def test_without_a_seat_nothing_is_written(admin: Client, reach: Reach) -> None:
    reach(Step.CONTACTS)
    answer = admin.post(page(Step.CONTACTS), NUMBER | {"in_use": "on"})
    assert (list(answer.context["form"].errors), ContactInfo.objects.exists()) == (["in_use"], False)
    assert "<a" not in StepRecord.objects.get(step=Step.CONTACTS).reason


def test_the_last_word_counts_and_is_said(admin: Client, administrator: PanelUser, reach: Reach) -> None:
    reach(Step.CONTACTS)
    shown = admin.get(page(Step.CONTACTS))
    assert shown.context["record"] is None
    other = PanelUserFactory(admin=True, last_name="Орлова")
    services.finish(step=Step.CONTACTS, by=other, seen=None)
    answer = admin.post(page(Step.CONTACTS), NUMBER | {"seen": ""}, follow=True)
    (message,) = answer.context["messages"]
    assert str(other) in str(message)
    record = StepRecord.objects.get(step=Step.CONTACTS)
    assert (record.state, record.changed_by) == ("done", administrator)


def test_nobody_in_between_nothing_said(admin: Client, reach: Reach) -> None:
    reach(Step.CONTACTS)
    other = PanelUserFactory(admin=True)
    services.finish(step=Step.CONTACTS, by=other, seen=None)
    text = admin.get(page(Step.CONTACTS)).content.decode()
    seen = text.split('name="seen" value="')[1].split('"')[0]
    answer = admin.post(page(Step.CONTACTS), NUMBER | {"seen": seen}, follow=True)
    assert list(answer.context["messages"]) == []


@pytest.mark.parametrize("seen", ["never", "2026-99-99T00:00", "\0"])
def test_a_senseless_stamp_is_no_error(admin: Client, seen: str) -> None:
    assert admin.post(page(Step.AGREEMENT), ACCEPT | {"seen": seen}).status_code == 302


def test_the_first_page_of_the_admin_shows_how_far_it_is(admin: Client, reach: Reach) -> None:
    assert "assistant-card-new" in admin.get("/admin/").content.decode()
    reach(Step.PBX)
    text = admin.get("/admin/").content.decode()
    assert ("assistant-card-new" in text, str(Step.PBX.label) in text, 'href="/admin/setup/"' in text) == (
        False,
        True,
        True,
    )


def test_staff_without_the_right_see_no_card(client: Client) -> None:
    client.force_login(PanelUserFactory(staff=True))
    assert "assistant-card" not in client.get("/admin/").content.decode()


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        (Step.AGREEMENT, 6),
        (Step.CONFIGURATION, 7),
        (Step.PROTECTION, 9),
        (Step.CONTACTS, 7),
        (Step.PBX, 8),
        (Step.NUMBERS, 9),
    ],
)
def test_queries(admin: Client, reach: Reach, step: Step, expected: int) -> None:
    reach(step)
    for name in ("АТС 1", "АТС 2"):
        PbxFactory(name=name)
    give_key(5)
    admin.get(page(step))
    with CaptureQueriesContext(connection) as captured:
        admin.get(page(step))
    assert len(captured) == expected, "\n".join(query["sql"] for query in captured.captured_queries)
