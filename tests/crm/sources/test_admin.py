"""The source of customers in the admin: verdicts in words, secrets only written, identification as a job."""

from collections.abc import Iterator
from typing import Any

import pytest
from auditlog.models import LogEntry
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.urls import reverse

from astpanel.jobs.models import Job
from astpanel.jobs.tasks import run
from crm.models import CustomerSource
from crm.sources.identify import identify
from crm.sources.odata import Connection
from crm.sources.registry import BUILTIN
from crm.sources.selectors import identification_of
from crm.sources.services import IDENTIFY, save_source
from crm.sources.signature import Verdict
from tests.crm.sources.server import SECRET, USER, publication
from tests.factories import CustomerSourceFactory, PanelUserFactory

pytestmark = pytest.mark.django_db
PAGE = "/admin/crm/customersource/"
ENGLISH = {"accept-language": "en"}
HOSTILE = '"><script>alert(1)</script>'


@pytest.fixture(scope="module")
def onec() -> Iterator[str]:
    with publication() as address:
        yield address


@pytest.fixture
def admin(client: Client) -> Client:
    client.force_login(PanelUserFactory(admin=True, username="root"))
    return client


def typed(address: str, base: str, **change: Any) -> dict[str, Any]:
    common = {"configuration": "ut11", "url": f"{address}/{base}", "username": USER, "password": SECRET}
    return common | {"tls_verify": "on", "action": "save"} | change


def known(address: str, base: str = "ut11", configuration: str = "ut11") -> CustomerSource:
    connection = Connection(f"{address}/{base}", USER, SECRET)
    return save_source(configuration=configuration, connection=connection, found=identify(connection))


def text_of(response: Any) -> str:
    return " ".join(response.content.decode().split())


def row() -> tuple[Any, ...]:
    source = CustomerSource.objects.get()
    return source.configuration, source.verdict, source.chosen_by_hand


def test_before_anything_was_chosen(admin: Client) -> None:
    text = text_of(admin.get(PAGE, headers=ENGLISH))
    assert "customers are kept in the built-in directory" in text
    assert not CustomerSource.objects.exists()
    assert admin.post(PAGE, typed("", "", configuration=BUILTIN, url="", username="", password="")).status_code == 302
    assert row() == (BUILTIN, "not_asked", True)
    assert "nothing to identify" in text_of(admin.get(PAGE, headers=ENGLISH))


@pytest.mark.parametrize(
    ("base", "level", "words"),
    [
        ("ut11", "ok", ["Recognised: 1С:Управление торговлей 11.", "as recognised", "Published objects"]),
        ("rarus_crm", "warn", ["Recognised: 1С:CRM (Рарус) within 1С:Управление торговлей 11.", "Another one is set"]),
        ("modified", "warn", ["A modified configuration", "Catalog_Партнеры_КонтактнаяИнформация", "Likely"]),
        ("strange", "warn", ["No supported configuration"]),
        ("empty", "warn", ["no objects are selected", "All functions"]),
        ("nowhere", "error", ["There is no OData interface at this address", "Publishing on the web server"]),
    ],
)
def test_the_verdict_in_words_with_advice(admin: Client, onec: str, base: str, level: str, words: list[str]) -> None:
    known(onec, base)
    response = admin.get(PAGE, headers=ENGLISH)
    text = text_of(response)
    assert response.context["told"].level == level
    assert [part for part in words if part not in text] == []
    assert (SECRET in text, "disabled" in text.split('id="content-main"')[1]) == (False, False)


def test_all_addresses_are_the_one_page(admin: Client, onec: str) -> None:
    source = known(onec)
    assert admin.get(f"{PAGE}{source.pk}/change/").context["source"] == source
    assert [admin.get(f"{PAGE}{source.pk}/delete/").status_code, admin.get(f"{PAGE}add/").status_code] == [403, 403]


def test_identify_again_is_a_job(admin: Client, onec: str) -> None:
    known(onec, "empty")
    response = admin.post(PAGE, typed(onec, "empty", password="", action="identify", configuration=BUILTIN))
    job = Job.objects.get()
    assert (response.status_code, job.asked_by, job.args, job.url) == (302, job.asked_by, {}, PAGE)
    shown = admin.get(PAGE)
    assert f'data-job="{job.pk}"' in text_of(shown)
    admin.post(PAGE, typed(onec, "ut11", action="identify", configuration=BUILTIN))
    assert Job.objects.get() == job  # the one that waits is enough
    assert row() == (BUILTIN, "not_asked", True)  # what was found at the other address does not count here
    assert run(job.pk) == "done"
    job.refresh_from_db()
    assert job.result == {"verdict": "recognised", "candidates": ["ut11"]}
    assert row() == (BUILTIN, "recognised", True)  # what is read of the customers never changes by itself
    entry = LogEntry.objects.filter(object_id=CustomerSource.objects.get().pk).order_by("-pk")[0]
    assert (entry.actor, entry.changes["verdict"]) == (job.asked_by, ["not_asked", "recognised"])
    text = text_of(admin.get(PAGE, headers=ENGLISH))
    assert ("Use 1С:Управление торговлей 11" in text, "data-job" in text) == (True, False)
    admin.post(PAGE, {"action": "adopt"})
    assert row() == ("ut11", "recognised", False)
    assert "Use 1С" not in text_of(admin.get(PAGE, headers=ENGLISH))


def test_a_base_that_is_down_takes_nothing_away(admin: Client, onec: str) -> None:
    source = known(onec)
    CustomerSource.objects.update(url=f"{onec}/broken")
    admin.post(PAGE, typed(onec, "broken", password="", action="identify"))
    CustomerSource.objects.update(chosen_by_hand=False)
    assert run(Job.objects.get().pk) == "done"
    assert row() == ("ut11", "no_access", False)
    assert "Look into the web server" in text_of(admin.get(PAGE, headers=ENGLISH))
    source.refresh_from_db()
    assert source.password == SECRET


@pytest.mark.django_db(transaction=True)
def test_changed_while_it_was_asked(client: Client) -> None:
    def move() -> None:
        CustomerSource.objects.update(url="http://192.0.2.7/new", verdict="not_asked")
        connection.close()  # of the server's thread

    client.force_login(PanelUserFactory(admin=True))
    with publication(meanwhile=move) as address:
        client.post(PAGE, typed(address, "ut11", action="identify"))
        job = Job.objects.get()
        assert run(job.pk) == "failed"
    assert row() == ("ut11", "not_asked", True)
    shown = client.get(PAGE, headers=ENGLISH)
    assert f'data-job="{job.pk}"' in text_of(shown)


def test_a_failed_job_is_shown_until_another_has_answered(admin: Client, onec: str) -> None:
    assert run(Job.objects.create(kind=IDENTIFY, title="?", function="crm.tasks.identify_source").pk) == "failed"
    assert "data-job" in text_of(admin.get(PAGE))
    admin.post(PAGE, typed(onec, "ka2", configuration="ka2", action="identify"))
    assert run(Job.objects.latest("pk").pk) == "done"
    assert (row(), "data-job" in text_of(admin.get(PAGE))) == (("ka2", "recognised", False), False)


def test_nothing_to_ask(admin: Client) -> None:
    response = admin.post(PAGE, typed("", "", url="", password="", action="identify"))
    assert (response.status_code, list(response.context["form"].errors)) == (200, ["url"])
    assert (CustomerSource.objects.count(), Job.objects.count()) == (0, 0)
    admin.post(PAGE, {"action": "adopt"})
    assert CustomerSource.objects.count() == 0


def test_the_password_is_kept_forgotten_and_not_sent_elsewhere(admin: Client, onec: str) -> None:
    known(onec)
    for change, kept in (({"password": ""}, SECRET), ({"password": "другой"}, "другой")):
        assert admin.post(PAGE, typed(onec, "ut11", **change)).status_code == 302
        assert CustomerSource.objects.get().password == kept
    elsewhere = admin.post(PAGE, typed("http://192.0.2.7", "ut11", password=""))
    assert (list(elsewhere.context["form"].errors), CustomerSource.objects.get().url) == (["password"], f"{onec}/ut11")
    assert admin.post(PAGE, typed(onec, "ka2", password="")).status_code == 302  # the same server
    assert admin.post(PAGE, typed(onec, "ka2", **{"password": "", "password-forget": "on"})).status_code == 302
    assert CustomerSource.objects.get().password == ""
    assert "другой" not in str(LogEntry.objects.values())


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"configuration": "sap"}, "configuration"),
        ({"url": "file:///etc/passwd"}, "url"),
        ({"url": "http://name:word@server/base"}, "url"),
        ({"url": "http://server/" + "x" * 500}, "url"),
        ({"password": "a\r\nb"}, "password"),
        ({"password": "x" * 256}, "password"),
        ({"username": "x" * 101}, "username"),
    ],
)
def test_what_cannot_be(admin: Client, onec: str, change: dict[str, str], field: str) -> None:
    response = admin.post(PAGE, typed(onec, "ut11", **change))
    assert (response.status_code, list(response.context["form"].errors)) == (200, [field])
    assert not CustomerSource.objects.exists()


def test_hostile_text_is_only_text(admin: Client) -> None:
    evidence = {"verdict": "modified", "candidates": ["ut11", HOSTILE], "host": HOSTILE, "missing": [HOSTILE]}
    CustomerSourceFactory(url=HOSTILE, username=HOSTILE, evidence=evidence | {"objects": 3, "problem": HOSTILE})
    text = text_of(admin.get(PAGE))
    assert ("<script>alert" in text, "&lt;script&gt;alert(1)" in text) == (False, True)


@pytest.mark.parametrize(
    "evidence", [{}, {"verdict": "?"}, {"verdict": "empty"}, [], {"verdict": "empty", "candidates": 1}]
)
def test_evidence_of_another_version_is_no_identification(admin: Client, evidence: Any) -> None:
    source = CustomerSourceFactory(configuration="ut11", evidence=evidence, verdict="recognised")
    assert identification_of(source) is None
    assert "Nothing was identified yet" in text_of(admin.get(PAGE, headers=ENGLISH))


def test_evidence_comes_back_as_it_was(onec: str) -> None:
    found = identify(Connection(f"{onec}/modified", USER, SECRET))
    source = save_source(configuration="ut11", connection=Connection("x"), found=found)
    source.refresh_from_db()
    assert (identification_of(source), found.verdict) == (found, Verdict.MODIFIED)


@pytest.mark.parametrize("who", [None, {}, {"supervisor": True}, {"is_active": False, "admin": True}])
def test_strangers_are_sent_to_the_log_in(client: Client, onec: str, who: dict[str, Any] | None) -> None:
    if who is not None:
        client.force_login(PanelUserFactory(**who))
    for response in (client.get(PAGE), client.post(PAGE, typed(onec, "ut11", action="identify"))):
        assert (response.status_code, response.headers["Location"].split("?")[0]) == (302, reverse("admin:login"))
    assert (CustomerSource.objects.count(), Job.objects.count()) == (0, 0)


def test_staff_see_what_their_rights_allow(client: Client, onec: str) -> None:
    known(onec)
    user = PanelUserFactory(staff=True)
    client.force_login(user)
    assert [client.get(PAGE).status_code, client.post(PAGE, typed(onec, "ka2")).status_code] == [403, 403]
    user.user_permissions.set(Permission.objects.filter(codename="view_customersource"))
    shown = text_of(client.get(PAGE, headers=ENGLISH))
    assert ("Recognised" in shown, 'name="action"' in shown, SECRET in shown) == (True, False, False)
    for action in ("save", "identify", "adopt"):
        assert client.post(PAGE, typed(onec, "ka2", action=action)).status_code == 403
    assert (row(), Job.objects.count()) == (("ut11", "recognised", False), 0)


def test_a_token_is_needed(onec: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(PanelUserFactory(admin=True))
    assert strict.post(PAGE, typed(onec, "ut11")).status_code == 403
