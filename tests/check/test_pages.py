"""The check's pages in the admin: who may, what is shown, what it costs."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from astpanel.accounts.models import PanelUser
from astpanel.jobs.models import Job
from telephony.check.finding import Finding, Level, Snippet
from telephony.models import Pbx, PbxCheck
from tests.factories import NOON, JobFactory, PanelUserFactory, PbxCheckFactory, PbxFactory, PhoneContactFactory

pytestmark = pytest.mark.django_db
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def pbx() -> Pbx:
    return PbxFactory(name="Офис")


@pytest.fixture
def check(pbx: Pbx) -> PbxCheck:
    lines = (Snippet("manager.conf", f"[astpanel]\nsecret = CHANGE-ME\n; {HOSTILE}\n", "manager reload"),)
    found = [
        Finding("login_failed", Level.ERROR, {"account": HOSTILE, "duty": "all", "reason": "denied"}, lines),
        Finding("hint_missing", Level.ERROR, {"numbers": ["101", HOSTILE]}),
    ]
    values = {"findings": [one.as_json() for one in found], "level": "error", "finished": NOON, "connected": True}
    return PbxCheckFactory(pbx=pbx, version=HOSTILE, **values)


def of(user: PanelUser, language: str = "en") -> Client:
    client = Client(headers={"Accept-Language": language})
    client.force_login(user)
    return client


def with_right(*codenames: str) -> PanelUser:
    user = PanelUserFactory(staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    return user


def start(pbx: Pbx) -> str:
    return reverse("admin:pbx_check_start", args=[pbx.pk])


def result(check: PbxCheck) -> str:
    return reverse("admin:pbx_check_result", args=[check.pk])


@pytest.mark.parametrize("who", [None, {}, {"supervisor": True}, {"is_active": False, "admin": True}])
def test_strangers_are_sent_to_the_log_in(pbx: Pbx, check: PbxCheck, who: dict[str, Any] | None) -> None:
    client = Client()
    if who is not None:
        client.force_login(PanelUserFactory(**who))
    for response in (client.get(result(check)), client.post(start(pbx)), client.get(start(pbx))):
        assert (response.status_code, response.headers["Location"].split("?")[0]) == (302, reverse("admin:login"))
    assert Job.objects.count() == 0


@pytest.mark.parametrize(
    ("rights", "reads", "starts"),
    [
        ((), 403, 403),
        (("view_pbx",), 403, 403),
        (("view_pbxcheck",), 200, 403),
        (("change_pbx",), 200, 302),
    ],
)
def test_staff_need_the_right(pbx: Pbx, check: PbxCheck, rights: tuple[str, ...], reads: int, starts: int) -> None:
    client = of(with_right(*rights))
    page = client.get(result(check))
    assert (page.status_code, client.post(start(pbx)).status_code) == (reads, starts)
    if reads == 200:
        assert (start(pbx) in page.content.decode()) == (starts == 302)


def test_the_button_starts_a_check_and_leads_to_its_page(pbx: Pbx) -> None:
    admin = PanelUserFactory(admin=True)
    client = of(admin)
    form = client.get(reverse("admin:telephony_pbx_change", args=[pbx.pk])).content.decode()
    assert f'action="{start(pbx)}"' in form
    assert client.get(start(pbx)).status_code == 405
    answer = client.post(start(pbx))
    made = PbxCheck.objects.get()
    assert (answer.status_code, answer.headers["Location"], made.asked_by) == (302, result(made), admin)
    page = client.get(result(made)).content.decode()
    assert made.job is not None
    assert f'data-job="{made.job.pk}"' in page
    assert start(pbx) not in page  # one at a time
    assert client.post(reverse("admin:pbx_check_start", args=[0])).status_code == 404


def test_a_check_whose_worker_gave_up_can_be_repeated(pbx: Pbx) -> None:
    check = PbxCheckFactory(pbx=pbx, job=JobFactory(state=Job.State.FAILED, message="It broke."))
    page = of(PanelUserFactory(admin=True)).get(result(check)).content.decode()
    assert ("It broke." in page, start(pbx) in page) == (True, True)


def test_what_is_shown(check: PbxCheck) -> None:
    page = of(PanelUserFactory(admin=True)).get(result(check)).content.decode()
    assert HOSTILE not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;: The PBX does not accept the AMI login." in page
    for text in ("No hint for: 101", "asterisk -rx &quot;manager reload&quot;", "secret = CHANGE-ME", "data-copy"):
        assert text in page or text.replace("&quot;", '"') in page
    assert check.pbx.secret not in page


def test_in_russian_too(check: PbxCheck) -> None:
    assert "АТС не принимает логин AMI." in of(PanelUserFactory(admin=True), "ru").get(result(check)).content.decode()


def test_as_many_queries_for_many_checks_as_for_two(pbx: Pbx, check: PbxCheck) -> None:
    client = of(PanelUserFactory(admin=True))

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(result(check)).status_code == 200
        return len(captured)

    PbxCheckFactory(pbx=pbx, asked_by=PanelUserFactory(), finished=NOON)
    queries()
    few = queries()
    PbxCheckFactory.create_batch(5, pbx=pbx, asked_by=PanelUserFactory(), finished=NOON)
    assert (few, queries()) == (5, 5)


def test_the_list_leads_to_the_page(check: PbxCheck) -> None:
    client = of(PanelUserFactory(admin=True))
    address = reverse("admin:telephony_pbxcheck_changelist")
    assert result(check) in client.get(address).content.decode()
    found = [client.get(address, {"level": level}).context["cl"].result_count for level in ("error", "ok")]
    assert found == [1, 0]
    change = client.get(reverse("admin:telephony_pbxcheck_change", args=[check.pk]))
    assert (change.status_code, change.headers["Location"]) == (302, result(check))


def test_phones_are_listed_with_their_own_words_escaped() -> None:
    PhoneContactFactory(user_agent=HOSTILE)
    page = of(PanelUserFactory(admin=True)).get(reverse("admin:telephony_phonecontact_changelist")).content.decode()
    assert (HOSTILE in page, "&lt;script&gt;" in page) == (False, True)
