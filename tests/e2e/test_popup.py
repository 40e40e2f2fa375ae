"""One pop-up for each call and user, however many tabs are open; the title flashes; it goes when the ringing ends."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e import scenes
from tests.e2e.conftest import Office, Open
from tests.e2e.test_panel import live

pytestmark = pytest.mark.browser

# The browser's own notification, counted: headless Chromium shows none on a screen
COUNT = """
    window.shown = []; window.taken = 0;
    const Real = window.Notification;
    window.Notification = class extends Real {
        constructor(title, options) { super(title, options); window.shown.push([title, options.body]); }
        close() { window.taken += 1; super.close(); }
    };
"""


def tabs(context: BrowserContext, url: str, count: int) -> list[Page]:
    """That many tabs of one browser, each live."""
    pages = []
    for _ in range(count):
        page = context.new_page()
        page.goto(url)
        pages.append(live(page))
    return pages


def test_two_tabs_one_popup(office: Office, open_panel: Open) -> None:
    context = open_panel(permissions=["notifications"]).context
    context.add_init_script(COUNT)
    context.pages[0].close()
    pages = tabs(context, office.url, 2)
    who = scenes.party("+79161234567", contact=scenes.ROMASHKA)
    office.set(ext_101={"call:1": scenes.inbound("1", who)})
    for page in pages:
        expect(page.locator("article.call[data-kind=ringing]")).to_be_visible()
        expect(page).to_have_title("Звонит: Пётр Лугов")
    pages[0].wait_for_function("navigator.locks.query().then(all => all.held.length === 1)")
    shown = [note for page in pages for note in page.evaluate("window.shown")]
    assert shown == [["Пётр Лугов", "ООО «Ромашка» · +7 916 123-45-67"]]
    office.set(ext_101={"call:1": None})
    pages[0].wait_for_function("navigator.locks.query().then(all => all.held.length === 0)")
    assert sum(page.evaluate("window.taken") for page in pages) == 1


def test_a_name_found_while_it_rings_reaches_the_popup(office: Office, open_panel: Open) -> None:
    context = open_panel(permissions=["notifications"]).context
    context.add_init_script(COUNT)
    context.pages[0].close()
    (page,) = tabs(context, office.url, 1)
    office.set(ext_101={"call:1": scenes.inbound("1", scenes.party("+79161234567", "PETR"))})
    expect(page.locator("#announce")).to_have_text("Входящий звонок: PETR, +7 916 123-45-67")
    expect(page).to_have_title("Звонит: PETR")
    who = scenes.party("+79161234567", "PETR", contact=scenes.ROMASHKA)
    office.set(ext_101={"call:1": scenes.inbound("1", who)})
    expect(page).to_have_title("Звонит: Пётр Лугов")
    expect(page.locator("#announce")).to_have_text("Входящий звонок: Пётр Лугов, ООО «Ромашка», +7 916 123-45-67")
    assert page.evaluate("window.shown.at(-1)[0]") == "Пётр Лугов"
    office.set(ext_101={"call:1": None})
    page.wait_for_function("navigator.locks.query().then(all => all.held.length === 0)")
    assert page.evaluate("window.taken") == 1


def test_the_browser_is_asked_only_by_the_button(office: Office, open_panel: Open) -> None:
    page = live(open_panel())
    page.click("#my-menu summary")
    assert page.locator("#notify-row").is_visible() == (page.evaluate("Notification.permission") == "default")


def test_a_call_of_my_own_is_no_popup(office: Office, open_panel: Open) -> None:
    page = live(open_panel())
    call = scenes.inbound("1", scenes.party("101")) | {"direction": "internal", "called": scenes.party("204")}
    call["legs"] = [scenes.leg("101", "ringing")]
    office.set(ext_101={"call:1": call})
    expect(page.locator(".call-kind")).to_have_text("Поднимите трубку: сначала звонит ваш телефон")
    expect(page).to_have_title("Панель · astpanel")
    assert page.locator("body[data-ringing]").count() == 0
