"""What the page says when the truth does not reach it, and how it finds it again."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import scenes
from tests.e2e.conftest import Office, Open
from tests.e2e.mouse import press_disabled
from tests.e2e.test_panel import arrow, live, row

pytestmark = pytest.mark.browser


def ringing() -> dict[str, scenes.Value]:
    return {"call:1": scenes.inbound("1", scenes.party("+79161234567"))}


def test_pbx_link_lost_disables_and_hatches(office: Office, open_panel: Open) -> None:
    office.set(office=scenes.office(20), ext_101=ringing())
    page = live(open_panel())
    expect(page.locator("#banner")).to_be_hidden()
    office.do("link", state="down", reason="closed")
    expect(page.locator("#banner-text")).to_have_text(
        "Связь с АТС потеряна. Телефоны работают; портал пробует подключиться снова."
    )
    expect(page.locator("#banner")).to_have_attribute("data-level", "down")
    expect(arrow(page, "200")).to_have_attribute("aria-disabled", "true")
    expect(page.locator("article.call [data-act=hangup]")).to_have_attribute("aria-disabled", "true")
    expect(row(page, "200").locator(".c-time")).to_have_text(re.compile(r"^\d+ с назад$"))
    assert "repeating-linear-gradient" in row(page, "200").evaluate("node => getComputedStyle(node).backgroundImage")
    expect(page.locator("article.call .call-time")).to_have_text(re.compile(r"^\d+ с назад$"))
    press_disabled(arrow(page, "200"))
    expect(page.locator("#tip")).to_contain_text("Нет живой связи с АТС")
    expect(page.locator("#announce")).to_contain_text("Нет живой связи с АТС")
    assert office.do("ports") == []
    office.do("link", state="up", reason="")
    expect(page.locator("#banner")).to_be_hidden()
    expect(arrow(page, "200")).not_to_have_attribute("aria-disabled", "true")


@pytest.mark.parametrize(
    ("state", "reason", "level", "text"),
    [
        ("resync", "", "wait", "Синхронизация с АТС…"),
        ("connecting", "", "wait", "Портал подключается к АТС…"),
        ("denied", "login_rejected", "down", "АТС не принимает логин портала"),
    ],
)
def test_other_states_of_the_link(  # noqa: PLR0917 - the columns of the table
    office: Office, open_panel: Open, state: str, reason: str, level: str, text: str
) -> None:
    office.do("link", state=state, reason=reason)
    page = open_panel()
    expect(page.locator("#banner-text")).to_contain_text(text)
    expect(page.locator("#banner")).to_have_attribute("data-level", level)


def test_silent_gateway(office: Office, open_panel: Open) -> None:
    office.set(office=scenes.office(20))
    page = live(open_panel())
    office.do("beating", on=False)
    expect(page.locator("#banner-text")).to_contain_text("Шлюз не отвечает")
    office.do("beating", on=True)
    expect(page.locator("#banner")).to_be_hidden()


def test_a_lost_delta_is_noticed_and_mended(office: Office, open_panel: Open) -> None:
    office.set(office=scenes.office(20))
    page = live(open_panel())
    office.do("lose", changes={"office": {"ext:200": scenes.extension("200", "ringing")}})
    office.set(office={"ext:201": scenes.extension("201", "ringing")})
    expect(row(page, "200")).to_have_attribute("data-state", "ringing")
    expect(row(page, "201")).to_have_attribute("data-state", "ringing")


def test_page_offline_says_so_and_comes_back(office: Office, open_panel: Open) -> None:
    office.set(office=scenes.office(20))
    page = live(open_panel())
    drop_socket(page)
    expect(page.locator("#banner-text")).to_contain_text("Нет связи с порталом")
    expect(arrow(page, "200")).to_have_attribute("aria-disabled", "true")
    office.set(office={"ext:200": scenes.extension("200", "ringing")})
    page.evaluate("() => (window.WebSocket = window.RealSocket)")
    expect(page.locator("#banner")).to_be_hidden()
    expect(row(page, "200")).to_have_attribute("data-state", "ringing")


def drop_socket(page: Page) -> None:
    """The network goes away: the open socket breaks and new ones cannot be made."""
    page.evaluate(
        """() => {
            window.RealSocket = window.WebSocket;
            window.WebSocket = class extends EventTarget {
                static OPEN = 1;
                constructor() { super(); setTimeout(() => this.onclose({ code: 1006 }), 10); }
                close() {}
            };
            window.sockets.forEach((socket) => socket.close());
        }"""
    )


def test_stale_cards_do_not_ring(office: Office, open_panel: Open) -> None:
    office.set(ext_101=ringing())
    page = live(open_panel())
    expect(page).to_have_title(re.compile("Звонит"))
    office.do("link", state="down", reason="closed")
    expect(page).to_have_title("Панель · astpanel")
