"""From an empty database to a live panel: the start-up assistant walked in a browser, against a real Asterisk 22."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, expect
from pytest_django import DjangoDbBlocker

from astpanel.accounts.services import create_user
from astpanel.setup.models import AgreementAcceptance, SetupToken, StepRecord
from telephony.models import Pbx
from tests.e2e.axe import serious
from tests.e2e.conftest import new_context
from tests.e2e.mouse import press_disabled
from tests.gateway.processes import environment
from tests.pbx.assistant import Assistant
from tests.pbx.asterisk import Asterisk
from tests.pbx.office import Office
from tests.pbx.panel import Panel
from tests.pbx.portal import Process
from tests.pbx.portal_data import AMI_ACCOUNT, Database
from tests.pbx.recorder import Recorder
from tests.servers import free_port

pytestmark = pytest.mark.browser
PASSWORD = "Длинный-пароль-7"
PICTURES = os.environ.get("ASTPANEL_PICTURES", "")  # a folder for pictures of each page, for people to look at


@dataclass(slots=True)
class Newcomer:
    """A portal that was just started for the first time, and somebody in front of it."""

    process: Process
    database: Database
    browser: Browser
    contexts: list[BrowserContext]
    errors: list[str]

    @property
    def lines(self) -> list[str]:
        """Addresses that the server has printed."""
        return [word for word in self.process.log.split() if word.startswith("http://")]

    def open(self, **options: Any) -> Assistant:
        """A browser of its own; the one before is closed with all it knew."""
        for context in self.contexts:
            context.close()
        self.contexts[:] = [new_context(self.browser, **options)]
        assistant = Assistant(self.contexts[0])
        assistant.errors = self.errors
        return assistant


@pytest.fixture
def newcomer(
    asterisk: Asterisk, assets: Path, browser: Browser, django_db_blocker: DjangoDbBlocker, tmp_path: Path
) -> Iterator[Newcomer]:
    """`PBX=real manage.py run` with an empty database, without a word about the PBX."""
    url = f"sqlite:///{tmp_path}/astpanel.sqlite3"
    env = environment(url, "", tmp_path) | {"PBX": "real", "ASTPANEL_PORT": "0"}
    env["ASTPANEL_SECRET_KEY"] = settings.SECRET_KEY  # the trial key is signed with it: it is to count here as well
    env = {name: value for name, value in env.items() if not name.startswith("ASTPANEL_AMI_")}
    with running(Process(tmp_path, "run", env, "manage.py", "run")) as process:
        process.until(lambda: "/setup/" in process.log, "to print the one-time address")
        visit = Newcomer(process, Database(url, django_db_blocker), browser, [], [])
        yield visit
        for context in visit.contexts:
            context.close()


@contextmanager
def running(process: Process) -> Iterator[Process]:
    """Ended in the end."""
    try:
        yield process
    finally:
        process.close()


def look(assistant: Assistant, name: str) -> None:
    """No serious hindrance for anybody (axe-core), nothing wider than the page; a picture, if people asked for it."""
    found = serious(assistant.page)
    wider = assistant.page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert (name, found, wider <= 0) == (name, [], True)
    if PICTURES:
        assistant.page.screenshot(path=f"{PICTURES}/{name}.png", full_page=True)


@pytest.mark.parametrize("asterisk", ["22"], indirect=True)
def test_from_nothing_to_a_live_panel(newcomer: Newcomer, asterisk: Asterisk, office: Office) -> None:
    office.open(Recorder(office.pbx), connected=False)
    url, door = newcomer.lines
    page = first_steps(newcomer, door)
    page = connect(newcomer, page, url, asterisk)
    finish(newcomer, page)
    look_at_the_panel(newcomer, page, office)
    assert newcomer.errors == []


def first_steps(newcomer: Newcomer, door: str) -> Assistant:
    """A0 to A4, with a wrong turn at each gate."""
    page = newcomer.open()
    answer = page.page.goto(f"{door.rstrip('/')}x/")
    assert answer is not None
    assert answer.status == 404
    newcomer.errors.clear()  # the browser complains of the 404
    page.page.goto(door)
    page.type(last_name="Гусев", first_name="Глеб", username="gusev", password="12345678", again="12345678")
    look(page, "0-administrator")
    page.go_on()
    page.stands_on("password")
    page.type(password=PASSWORD, again=PASSWORD)
    page.go_on()
    page.at("agreement").shows("do.....")
    assert newcomer.database.run(SetupToken.objects.exists) is False

    page.go_on()
    expect(page.error_of("accepted")).to_be_visible()
    page.tick("accepted")
    look(page, "1-agreement")
    page.go_on()
    page.at("configuration").shows("ddo....")
    assert newcomer.database.run(lambda: AgreementAcceptance.objects.get().user_name) == "Гусев Глеб"

    look(page, "2-configuration")
    page.go_on()
    page.at("protection")
    press_disabled(page.page.locator(".task-buttons .primary"))
    expect(page.page.locator("#failure")).to_be_visible()
    page.shows("dddf...")
    page.page.locator("button[value=trial]").click()
    expect(page.page.locator(".keys tbody tr")).to_have_count(1)
    page.shows("dddo...")
    look(page, "3-protection")
    page.go_on()
    page.at("contacts").shows("ddddo..")
    page.type(number="10 Z")
    page.go_on()
    page.stands_on("number")
    page.type(number="109")
    page.tick("in_use")
    look(page, "4-contacts")
    page.go_on()
    page.at("pbx").shows("dddddo.")
    return page


def connect(newcomer: Newcomer, page: Assistant, url: str, asterisk: Asterisk) -> Assistant:
    """A5: a wrong password, a wrong port, the browser closed, a number that no phone has, success."""
    page.type(host=asterisk.host, port=str(asterisk.ports.ami), username=AMI_ACCOUNT, secret="falsch")
    page.go_on()
    expect(page.error_of("secret")).to_be_visible()
    page.shows("dddddf.")
    look(page, "5-pbx-wrong-password")
    page.type(port=str(free_port()), secret=asterisk.secret)
    page.go_on()
    expect(page.error_of("port")).to_be_visible()

    page = newcomer.open(width=390, height=800, dark=True)  # from the telephone
    page.page.goto(f"{url}admin/")
    page.type(username="gusev", password=PASSWORD)
    page.page.click("#login-form button[type=submit]")
    page.page.wait_for_url(f"{url}admin/")
    look(page, "5-pbx-card-phone")
    page.page.locator(".assistant-card a").click()
    page.at("pbx").shows("dddddf.")
    expect(page.page.locator("#id_host")).to_have_value(asterisk.host)
    page.type(port=str(asterisk.ports.ami))  # the password was kept, encrypted
    look(page, "5-pbx-phone")
    page.go_on()
    expect(page.page.locator("#unregistered")).to_be_visible()
    page.shows("dddddf.")
    look(page, "5-pbx-unregistered")
    page.page.locator("#unregistered button[value=contacts]").click()
    page.at("contacts")
    page.type(number="101")
    page.go_on()
    page.at("pbx")
    assert newcomer.database.run(lambda: Pbx.objects.get().enabled) is False
    page.go_on()
    expect(page.page.locator(".task-findings .finding").first).to_be_visible()
    page.at("pbx").shows("ddddddo")
    look(page, "5-pbx-connected")
    pbx = newcomer.database.run(Pbx.objects.get)
    assert (pbx.enabled, pbx.host, pbx.port, pbx.secret) == (True, asterisk.host, asterisk.ports.ami, asterisk.secret)
    assert asterisk.secret not in page.page.content()
    assert asterisk.secret not in str(newcomer.database.run(lambda: list(StepRecord.objects.values())))
    return page


def finish(newcomer: Newcomer, page: Assistant) -> None:
    """A6 and the last page."""
    page.go_on()
    page.at("numbers")
    page.type(area_code="495")
    page.type(try_number="111-22-33")
    expect(page.page.locator("[data-trial]")).to_contain_text("+74951112233")
    look(page, "6-numbers")
    page.go_on()
    page.at("finish").shows("ddddddd")
    look(page, "7-finish")


def look_at_the_panel(newcomer: Newcomer, page: Assistant, office: Office) -> None:
    """The gateway has taken the PBX up by itself: colours of real phones."""

    def colleague() -> None:
        create_user(username="inna", password="", pbx=Pbx.objects.get(), number="102", last_name="Орлова")

    newcomer.database.run(colleague)
    link = page.page.locator("#to-panel")
    panel = Panel(page.page.context, newcomer.lines[0] + str(link.get_attribute("href")).lstrip("/")).live()
    panel.page.set_viewport_size({"width": 1440, "height": 900})
    panel.page.emulate_media(color_scheme="light")
    panel.page.reload()
    panel.live()
    panel.shows("102", "free")
    inna, client = office.phone("102"), office.phone("trunk")
    client.call("74951112288", clid="79990001122", name="Quiet Client")
    panel.shows("102", "ringing")
    inna.answer()
    panel.shows("102", "talking")
    client.hang_up()
    panel.shows("102", "free")
    newcomer.errors += panel.errors
