"""The product as a whole: real phones on a real Asterisk, its own processes, and what people see in the browser."""

import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import expect

from tests.pbx.conftest import Desk, OpenDesk
from tests.pbx.office import Office
from tests.pbx.panel import PATIENCE
from tests.pbx.portal import Portal

pytestmark = pytest.mark.browser
production_servers = [pytest.mark.postgresql, pytest.mark.redis]

OFF = "Телефон не в сети: набор недоступен."
BUSY = "Коллега разговаривает: звоните, когда телефон освободится."
NO_LINK = "Нет живой связи с АТС: звонить отсюда сейчас нельзя."
BOTH = "caller 101 User 101, extension, talked", "callee 102 User 102, extension, rang, talked"
STRANGER, NAME = "79990001122", "Quiet Client"


def follow_the_colours(desk: Desk) -> None:
    """102 is off, comes, is called from outside, talks, is free again: two people watch, one of them may know more."""
    operator, supervisor = desk.panel("operator"), desk.panel("supervisor")
    operator.send({"t": "join", "audiences": ["board", "ext/102"]})  # what this page itself would never ask for
    inna, client = desk.office.phone("102"), desk.office.phone("trunk")

    inna.unregister()
    operator.shows("102", "off")
    operator.may_not_call("102", OFF)
    inna.register()
    operator.shows("102", "free")
    operator.may_call("102")

    client.call("74951112288", clid=STRANGER, name=NAME)
    operator.shows("102", "ringing")
    operator.may_call("102")
    inna.answer()
    operator.shows("102", "talking")
    operator.counts_time("102")
    operator.may_not_call("102", BUSY)
    supervisor.shows("102", "talking")
    expect(supervisor.row("102").locator(".c-peer")).to_have_text(NAME)
    client.hang_up()
    for panel in (operator, supervisor):
        panel.shows("102", "free")
    operator.may_call("102")

    assert {text: supervisor.knows(text)[0] for text in (NAME, STRANGER)} == {NAME: True, STRANGER: True}
    assert {text: operator.knows(text) for text in (NAME, STRANGER)} == {NAME: (False, False), STRANGER: (False, False)}
    refused = {frame["audience"] for frame in operator.received if frame["t"] == "refused"}
    assert refused == {"board", "ext/102"}
    desk.portal.recorded(
        f"inbound answered/caller: {STRANGER} {NAME} -> 74951112288 (+{STRANGER})",
        f"leg PJSIP/trunk {STRANGER}, answered, cause 16",
        "leg PJSIP/102 102, answered, cause 16",
    )
    client_took_part = f"caller {STRANGER} {NAME}, outside, talked"
    desk.portal.took_part(client_took_part, "callee 102 User 102, extension, rang, talked")


def click_the_arrow(desk: Desk) -> None:
    """101 clicks beside 102: the own phone first, then the other; hung up from the page."""
    panel = desk.panel("operator")
    panel.click(panel.arrow("102"))
    own = desk.office.phone("101").rings()
    assert "sip:102@" in own.remote
    panel.says("Звонит ваш телефон: поднимите трубку.")
    expect(panel.card()).to_have_attribute("data-kind", "pickup", timeout=PATIENCE)
    desk.office.phone("101").answer()
    other = desk.office.phone("102").rings()
    assert "sip:101@" in other.remote
    panel.shows("101", "dialing")
    panel.shows("102", "ringing")
    desk.office.phone("102").answer()
    for number in ("101", "102"):
        panel.shows(number, "talking")
    expect(panel.card()).to_have_attribute("data-kind", "talking")
    expect(panel.card().locator(".call-kind")).to_have_text("Разговор с коллегой")
    expect(panel.card().locator(".call-name")).to_have_text("Орлова Инна")
    panel.click(panel.hang_up_button())
    for number in ("101", "102"):
        panel.shows(number, "free")
        desk.office.phone(number).over()
    expect(panel.card()).to_have_count(0)
    panel.says("Звонок завершён.")
    assert [name for name, _ in panel.commands()] == ["originate", "hangup"]
    desk.portal.recorded(*two_colleagues("answered/system"))
    own_rang_too = "caller 101 User 101, extension, rang, talked"
    desk.portal.took_part(own_rang_too, BOTH[1])


def two_colleagues(how: str, *, cause: int = 16) -> list[str]:
    """The record of a call from 101 to 102."""
    legs = (f"leg PJSIP/{number} {number}, answered, cause {cause}" for number in ("101", "102"))
    return [f"internal {how}: 101 User 101 -> 102", *legs]


class TestProduction:
    """daphne, gateway, PostgreSQL and Redis; Asterisk 16 over TLS."""

    pytestmark = production_servers

    def test_colours(self, desk: Desk) -> None:
        follow_the_colours(desk)

    def test_arrow(self, desk: Desk) -> None:
        click_the_arrow(desk)

    def test_who_is_calling(self, desk: Desk) -> None:
        panel = desk.panel("operator")
        client = desk.office.phone("trunk")
        hostile = "<img src=x onerror=window.hacked=1>"
        for number, name, title, company, shown in (
            ("79161234567", "ROMASHKA", "Лугов Пётр", "ООО «Ромашка»", "+7 916 123-45-67"),
            (STRANGER, "", "+7 999 000-11-22", "", ""),
            (STRANGER, hostile, hostile, "", "+7 999 000-11-22"),
        ):
            heard = len(panel.announced())
            client.call("74951112244", clid=number, name=name)
            card = panel.card()
            expect(card).to_have_attribute("data-kind", "ringing", timeout=PATIENCE)
            expect(card.locator(".call-kind")).to_have_text("Входящий звонок")
            expect(card.locator(".call-name")).to_have_text(title)
            expect(card.locator(".call-company")).to_have_text(company)
            expect(card.locator(".call-number")).to_have_text(shown)
            expect(card.locator(".call-line")).to_have_text("линия +7 495 111-22-44")
            expect(panel.page).to_have_title(f"Звонит: {title}")
            panel.hears(f"Входящий звонок: {title}", after=heard)
            client.hang_up()
            expect(card).to_have_count(0, timeout=PATIENCE)
            panel.shows("101", "free")
        history = panel.page.locator("#history .recent-who span:first-child")
        for place, title in enumerate((hostile, "+7 999 000-11-22", "Лугов Пётр")):
            expect(history.nth(place)).to_have_text(title)
        assert panel.page.evaluate("window.hacked") is None
        assert panel.page.locator("ap-calls img, #history img").count() == 0
        desk.portal.recorded(*missed("79161234567 ROMASHKA"), *missed(STRANGER), *missed(f"{STRANGER} {hostile}"))
        callers = "79161234567 ROMASHKA", STRANGER, f"{STRANGER} {hostile}"
        rang = "callee 101 User 101, extension, rang"
        desk.portal.took_part(*(line for who in callers for line in (f"caller {who}, outside", rang)))

    def test_the_pbx_is_gone_and_comes_back(self, desk: Desk) -> None:
        panel = desk.panel("operator")
        talk(desk, "101", "102")
        panel.shows("102", "talking")
        with power_cut(desk.office):
            expect(panel.page.locator("#banner-text")).to_contain_text("Связь с АТС потеряна.", timeout=PATIENCE)
            for number in ("101", "102", "103"):
                expect(panel.row(number)).to_have_css("background-image", re.compile("repeating-linear-gradient"))
                expect(panel.row(number).locator(".c-time")).to_have_text(re.compile(r"^\d+ (с|мин) назад$"))
            panel.may_not_call("103", NO_LINK)
            panel.refuses(panel.hang_up_button(), NO_LINK)
            assert panel.commands() == []
        panel.live()
        for number in ("101", "102", "103"):
            panel.shows(number, "free")
        panel.may_call("103")
        expect(panel.card()).to_have_count(0)
        desk.portal.recorded(*two_colleagues("interrupted/lost", cause=0))
        desk.portal.took_part(*BOTH)

    def test_the_gateway_is_killed_in_the_middle_of_a_call(self, desk: Desk) -> None:
        change_gateways_during_a_call(desk)
        desk.portal.recorded(*two_colleagues("answered/system"))

    @pytest.mark.parametrize("asterisk", ["22"], indirect=True)
    def test_who_took_part_is_kept_when_the_gateway_is_killed(self, desk: Desk) -> None:
        change_gateways_during_a_call(desk)
        desk.portal.recorded(*two_colleagues("answered/system"))
        desk.portal.took_part(*BOTH)


def change_gateways_during_a_call(desk: Desk) -> None:
    """101 talks with 102; the gateway is killed, another is started; the page, never reloaded, ends the call."""
    panel = desk.panel("operator")
    talk(desk, "101", "102")
    desk.portal.recorded(*two_colleagues("in_progress/unknown", cause=0))
    assert desk.portal.gateway is not None
    desk.portal.gateway.end(signal.SIGKILL)
    expect(panel.page.locator("#banner-text")).to_contain_text("Шлюз не отвечает", timeout=PATIENCE)
    panel.may_not_call("103", NO_LINK)
    desk.portal.start_gateway()
    panel.live()
    for number in ("101", "102"):
        panel.shows(number, "talking")
    expect(panel.card()).to_have_attribute("data-kind", "talking")
    panel.click(panel.hang_up_button())
    for number in ("101", "102"):
        panel.shows(number, "free")


@pytest.mark.parametrize("asterisk", ["22"], indirect=True)
def test_the_embedded_default(embedded_portal: Portal, open_desk: OpenDesk) -> None:
    follow_the_colours(open_desk(embedded_portal))
    click_the_arrow(open_desk(embedded_portal))


def talk(desk: Desk, caller: str, callee: str) -> None:
    """One dials the other, who answers."""
    call = desk.office.phone(caller).call(callee)
    desk.office.phone(callee).answer()
    desk.office.phone(caller).talks(call)


@contextmanager
def power_cut(office: Office) -> Iterator[None]:
    """Asterisk is dead until the end of the block."""
    assert office.pbx.process is not None
    office.pbx.process.kill()
    office.pbx.process.wait()
    try:
        yield
    finally:
        office.crash_pbx()


def missed(caller: str) -> list[str]:
    """The record of an outside call to 101; the caller gave up."""
    number = caller.partition(" ")[0]
    first = f"inbound missed/caller: {caller} -> 74951112244 (+{number})"
    return [first, f"leg PJSIP/trunk {number}, cause 127", "leg PJSIP/101 101, cause 127"]
