"""A5: a real manager interface on the loopback (the demo PBX), reached or not, and what is written then."""

import asyncio
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from astpanel.accounts.models import PanelUser
from astpanel.accounts.services import set_internal_number
from astpanel.setup.models import Step, StepRecord
from astpanel.setup.steps.pbx_form import PbxForm
from telephony.demo.office import DemoLink
from telephony.demo.people import EMPLOYEES
from telephony.models import Pbx, PbxCheck
from telephony.standalone.pbx import start_demo_pbx
from tests.factories import PanelUserFactory, PbxFactory
from tests.servers import free_port
from tests.setup.conftest import Reach, page

pytestmark = pytest.mark.django_db
PAGE = page(Step.PBX)
KNOWN = next(who.number for who in EMPLOYEES if who.state != "off")
SIP = "sip-geheim-1"


@pytest.fixture(scope="module")
def demo() -> Iterator[DemoLink]:
    """The demo PBX in a loop of its own."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    server, link = asyncio.run_coroutine_threadsafe(start_demo_pbx(), loop).result(30)
    yield link
    asyncio.run_coroutine_threadsafe(_end(server), loop).result(30)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(30)
    loop.close()


async def _end(server: Any) -> None:
    """The office goes home: no task is left behind."""
    await server.stop()
    rest = asyncio.all_tasks() - {asyncio.current_task()}
    for task in rest:
        task.cancel()
    await asyncio.gather(*rest, return_exceptions=True)


@pytest.fixture(autouse=True)
def _reached(reach: Reach, administrator: PanelUser) -> None:
    reach(Step.PBX)
    set_internal_number(user=administrator, number=KNOWN)


def typed(link: DemoLink, /, **change: Any) -> dict[str, Any]:
    common = {"host": link.host, "port": link.port, "link": "", "username": link.username, "secret": link.secret}
    return common | {"sip_port": 5060, "tls_verify": "on", "kind": "asterisk", "dial_context": "internal"} | change


def state() -> tuple[str, str]:
    record = StepRecord.objects.get(step=Step.PBX)
    return record.state, record.reason


def test_it_connects(admin: Client, administrator: PanelUser, demo: DemoLink) -> None:
    data = typed(demo, softphone="on", sip_port=5070, sip_password=SIP)
    assert admin.post(PAGE, data).headers["Location"] == PAGE
    assert state() == ("done", "")
    pbx = Pbx.objects.get()
    row = (pbx.name, pbx.enabled, pbx.host, pbx.port, pbx.transport, pbx.tls, pbx.username, pbx.secret)
    assert row == ("Asterisk", True, demo.host, demo.port, "ami", False, demo.username, demo.secret)
    administrator.refresh_from_db()
    own = (administrator.pbx, administrator.softphone, administrator.sip_port, administrator.sip_password)
    assert own == (pbx, True, 5070, SIP)
    assert administrator.sip_host == demo.host
    check = PbxCheck.objects.get()
    assert (check.pbx, check.asked_by, check.connected, bool(check.findings)) == (pbx, administrator, True, True)
    shown = admin.get(PAGE)
    text = shown.content.decode()
    assert len(shown.context["findings"]) == len(check.findings)
    assert (demo.secret in text, SIP in text) == (False, False)


def test_secrets_are_in_no_record_and_no_page(admin: Client, demo: DemoLink) -> None:
    secrets = {"secret": "geheim-1", "control_secret": "geheim-2", "phone_secret": "geheim-3", "sip_password": SIP}
    data = typed(demo, control_username="c", phone_username="p", **secrets)
    for text in (
        admin.post(PAGE, data).content,
        admin.post(PAGE, data | {"go": "leave"}).content,
        admin.get(PAGE).content,
    ):
        assert "geheim" not in text.decode()
    assert "geheim" not in str(StepRecord.objects.values())
    assert cache.get(f"setup-pbx-{PanelUser.objects.get().pk}") is None


def test_a_wrong_password_then_the_right_one(admin: Client, demo: DemoLink) -> None:
    answer = admin.post(PAGE, typed(demo, secret="wrong"))
    assert (answer.status_code, list(answer.context["form"].errors)) == (200, ["secret"])
    assert (state()[0], bool(state()[1])) == ("failed", True)
    assert Pbx.objects.get().enabled is False
    assert [finding.code for finding in answer.context["findings"]] == ["login_failed"]
    assert admin.get("/admin/setup/numbers/").headers["Location"] == PAGE
    assert admin.post(PAGE, typed(demo)).status_code == 302
    assert (state()[0], Pbx.objects.get().enabled) == ("done", True)


def test_a_wrong_port_keeps_the_password(admin: Client, demo: DemoLink) -> None:
    answer = admin.post(PAGE, typed(demo, port=free_port()))
    assert list(answer.context["form"].errors) == ["port"]
    assert admin.post(PAGE, typed(demo, secret="")).status_code == 302
    assert (state()[0], Pbx.objects.get().secret) == ("done", demo.secret)


def test_another_host_asks_for_the_password_again(admin: Client, demo: DemoLink) -> None:
    PbxFactory(host="192.0.2.1", secret="kept")
    answer = admin.post(PAGE, typed(demo, secret=""))
    assert list(answer.context["form"].errors) == ["secret"]
    assert "kept" not in str(StepRecord.objects.values())


def test_an_unregistered_number_leads_back_and_here_again(
    admin: Client, administrator: PanelUser, demo: DemoLink
) -> None:
    set_internal_number(user=administrator, number="7777")
    answer = admin.post(PAGE, typed(demo))
    assert (answer.status_code, answer.context["unregistered"]) == (200, "7777")
    assert (state()[0], "7777" in state()[1], Pbx.objects.get().enabled) == ("failed", True, False)
    back = admin.post(PAGE, typed(demo, secret="", go="contacts"))
    assert back.headers["Location"] == page(Step.CONTACTS)
    kind = administrator.contact_info.get().kind_id
    forward = admin.post(page(Step.CONTACTS), {"kind": kind, "number": KNOWN})
    assert forward.headers["Location"] == PAGE
    assert admin.get(PAGE).context["form"]["port"].value() == str(demo.port)
    assert admin.post(PAGE, typed(demo, secret="")).status_code == 302
    assert state() == ("done", "")


def test_going_on_without_the_phone_is_said(admin: Client, administrator: PanelUser, demo: DemoLink) -> None:
    set_internal_number(user=administrator, number="7777")
    assert admin.post(PAGE, typed(demo, action="anyway")).status_code == 302
    assert (state()[0], "7777" in state()[1]) == ("done", True)


def test_a_failed_change_leaves_what_works(admin: Client, demo: DemoLink) -> None:
    admin.post(PAGE, typed(demo))
    before = Pbx.objects.values().get()
    answer = admin.post(PAGE, typed(demo, secret="wrong", port=demo.port))
    assert answer.status_code == 200
    assert (state()[0], bool(state()[1]), Pbx.objects.values().get()) == ("done", True, before)
    admin.post(PAGE, {"discard": "1"})
    assert state() == ("done", "")


def test_a_second_look_changes_nothing(admin: Client, demo: DemoLink) -> None:
    admin.post(PAGE, typed(demo))
    before = Pbx.objects.values().get()
    form = admin.get(PAGE).context["form"]
    again = {name: form[name].value() or "" for name in form.fields if form[name].value() is not False}
    assert admin.post(PAGE, again).status_code == 302
    assert Pbx.objects.values().get() == before


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"host": ""}, "host"),
        ({"host": "two words"}, "host"),
        ({"host": "ftp://pbx"}, "host"),
        ({"host": "http://name:word@pbx"}, "host"),
        ({"host": "http://pbx/?x=1"}, "host"),
        ({"host": "a\r\nb"}, "host"),
        ({"host": "pbx:99999"}, "port"),
        ({"port": "0"}, "port"),
        ({"port": "five"}, "port"),
        ({"link": "carrier pigeon"}, "link"),
        ({"username": ""}, "username"),
        ({"username": "a\nAction: Originate"}, "username"),
        ({"secret": ""}, "secret"),
        ({"secret": "a\r\nb"}, "secret"),
        ({"control_username": "c"}, "control_secret"),
        ({"phone_username": "p"}, "phone_secret"),
        ({"sip_port": "70000"}, "sip_port"),
        ({"kind": "demo"}, "kind"),
    ],
)
def test_what_cannot_be(admin: Client, demo: DemoLink, change: dict[str, str], field: str) -> None:
    answer = admin.post(PAGE, typed(demo, **change))
    assert (answer.status_code, list(answer.context["form"].errors)) == (200, [field])
    assert not Pbx.objects.exists()


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"host": "pbx", "port": ""}, ("pbx", 5038, "ami", False, "")),
        ({"host": "pbx", "port": "5039"}, ("pbx", 5039, "ami", True, "")),
        ({"host": "pbx", "port": "8088"}, ("pbx", 8088, "ajam", False, "")),
        ({"host": "pbx", "port": "8089"}, ("pbx", 8089, "ajam", True, "")),
        ({"host": "pbx", "port": "", "link": "ajam-tls"}, ("pbx", 8089, "ajam", True, "")),
        ({"host": "pbx", "port": "6000", "link": "ami-tls"}, ("pbx", 6000, "ami", True, "")),
        ({"host": "https://pbx/asterisk/rawman", "port": "5038"}, ("pbx", 8089, "ajam", True, "/asterisk")),
        ({"host": "http://pbx:8000", "port": "5038"}, ("pbx", 8000, "ajam", False, "")),
        ({"host": "2001:db8::7", "port": "5038"}, ("2001:db8::7", 5038, "ami", False, "")),
    ],
)
def test_address_port_and_transport(demo: DemoLink, change: dict[str, str], expected: Any) -> None:
    form = PbxForm(typed(demo, **change))
    assert form.errors == {}
    assert tuple(form.cleaned_data[name] for name in ("host", "port", "transport", "tls", "http_prefix")) == expected


def test_progress_is_for_administrators(admin: Client, administrator: PanelUser) -> None:
    cache.set(f"setup-pbx-{administrator.pk}", "Logs in…")
    assert admin.get(f"{PAGE}progress/").json() == {"words": "Logs in…"}
    stranger = Client()
    assert stranger.get(f"{PAGE}progress/").status_code == 302
    stranger.force_login(PanelUserFactory(staff=True))
    assert stranger.get(f"{PAGE}progress/").status_code == 403


def test_the_demo_pbx_can_be_tried_in_a_demo_only(admin: Client, demo: DemoLink, settings: Settings) -> None:
    built_in = PbxFactory(kind=Pbx.Kind.DEMO, host=demo.host, port=demo.port, username="demo", secret=demo.secret)
    assert admin.get(PAGE).context["form"]["host"].value() is None
    settings.DEMO = True
    assert admin.get(PAGE).context["form"]["host"].value() == demo.host
    assert admin.post(PAGE, typed(demo, secret="")).status_code == 302
    assert [(pbx.pk, pbx.kind, pbx.enabled) for pbx in Pbx.objects.all()] == [(built_in.pk, Pbx.Kind.DEMO, True)]
