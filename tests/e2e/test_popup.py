"""One pop-up for each call and user, however many tabs are open; the title flashes; it goes when the ringing ends."""

from itertools import count

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e import scenes
from tests.e2e.conftest import REMEMBER_SOCKETS, Office, Open
from tests.e2e.test_panel import live
from tests.servers import wait_until

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

LOCKS = "navigator.locks.query().then((all) => [all.held.length, all.pending.length])"
CALLER = "+7 916 123-45-67"
_calls = count(1)


@pytest.fixture
def call() -> str:
    """Each call has its own linkedid, as on a PBX: whose pop-up it was is remembered for a while."""
    return f"popup.{next(_calls)}"


def rings(call: str, who: scenes.Value) -> dict[str, scenes.Value]:
    return {f"call:{call}": scenes.inbound(call, who)}


def ring(office: Office, call: str, *pages: Page) -> None:
    """A call from a number nobody knows, until each page shows it."""
    office.set(ext_101=rings(call, scenes.party("+79161234567")))
    for page in pages:
        expect(page.locator("article.call[data-kind=ringing]")).to_be_visible()


def locks(page: Page, held: int, queued: int) -> None:
    """Until so many tabs hold the lock of a call, and so many queue for one."""
    wait_until(lambda: page.evaluate(LOCKS) == [held, queued], f"locks: {held} held, {queued} queued")


def that_shows(pages: list[Page]) -> Page:
    """Until the server has given it to one of them."""
    wait_until(lambda: sum(page.evaluate("window.shown.length") for page in pages) == 1, "one notification")
    (shows,) = [page for page in pages if page.evaluate("window.shown.length")]
    return shows


def tabs(context: BrowserContext, url: str, count: int) -> list[Page]:
    """That many tabs of one browser, each live."""
    pages = []
    for _ in range(count):
        page = context.new_page()
        page.goto(url)
        pages.append(live(page))
    return pages


def test_two_tabs_one_popup(office: Office, open_panel: Open, call: str) -> None:
    context = open_panel(permissions=["notifications"]).context
    context.add_init_script(COUNT)
    context.pages[0].close()
    pages = tabs(context, office.url, 2)
    who = scenes.party("+79161234567", contact=scenes.ROMASHKA)
    office.set(ext_101=rings(call, who))
    for page in pages:
        expect(page.locator("article.call[data-kind=ringing]")).to_be_visible()
        expect(page).to_have_title("Звонит: Пётр Лугов")
    locks(pages[0], 1, 1)
    shown = that_shows(pages).evaluate("window.shown")
    assert shown == [["Пётр Лугов", "ООО «Ромашка» · +7 916 123-45-67"]]
    office.set(ext_101={f"call:{call}": None})
    locks(pages[0], 0, 0)
    assert [sum(page.evaluate(f"window.{what}") for page in pages) for what in ("shown.length", "taken")] == [1, 1]


def test_the_tab_that_shows_it_is_closed_and_the_other_goes_on(office: Office, open_panel: Open, call: str) -> None:
    context = open_panel(permissions=["notifications"]).context
    context.add_init_script(COUNT)
    context.pages[0].close()
    pages = tabs(context, office.url, 2)
    ring(office, call, *pages)
    locks(pages[0], 1, 1)
    shows = that_shows(pages)
    (other,) = [page for page in pages if page is not shows]
    expect(other.locator("#announce")).not_to_contain_text("Входящий звонок")
    shows.close()
    expect(other.locator("#announce")).to_have_text(f"Входящий звонок: {CALLER}")
    assert other.evaluate("window.shown") == [[CALLER, ""]]
    office.set(ext_101={f"call:{call}": None})
    locks(other, 0, 0)
    assert other.evaluate("window.taken") == 1


def test_a_tab_that_lags_behind_does_not_flash_a_call_that_is_over(office: Office, open_panel: Open, call: str) -> None:
    context = open_panel(permissions=["notifications"]).context
    context.add_init_script(COUNT)
    context.add_init_script(REMEMBER_SOCKETS)
    context.pages[0].close()
    context.clock.install()
    pages = tabs(context, office.url, 2)
    ring(office, call, *pages)
    locks(pages[0], 1, 1)
    shows = that_shows(pages)
    (lags,) = [page for page in pages if page is not shows]
    lags.evaluate(
        """() => {
            const socket = window.sockets.at(-1), read = socket.onmessage, late = [];
            socket.onmessage = (message) => late.push(message);
            window.catchUp = () => { socket.onmessage = read; late.forEach(read); };
        }"""
    )
    context.clock.pause_at(lags.evaluate("Date.now()") / 1000 + 2)  # from then on no timer ends
    office.set(ext_101={f"call:{call}": None})
    expect(shows.locator("article.call")).to_have_count(0)
    locks(lags, 1, 0)  # it has the lock now, and makes sure
    expect(lags.locator("article.call")).to_have_count(1)
    context.clock.run_for(200)
    lags.evaluate("window.catchUp()")
    locks(lags, 0, 0)
    context.clock.run_for(1000)
    assert [page.evaluate("[window.shown.length, window.taken]") for page in (shows, lags)] == [[1, 1], [0, 0]]
    expect(lags.locator("#announce")).not_to_contain_text("Входящий звонок")


def test_a_link_that_flickers_while_it_rings(office: Office, open_panel: Open, call: str) -> None:
    context = open_panel(permissions=["notifications"]).context
    context.add_init_script(COUNT)
    context.pages[0].close()
    (page,) = tabs(context, office.url, 1)
    ring(office, call, page)
    for times in (1, 2, 3):
        page.wait_for_function("times => window.shown.length === times", arg=times)
        locks(page, 1, 0)
        office.do("link", state="down", reason="closed")
        expect(page.locator("#announce")).to_contain_text("Связь с АТС потеряна.")
        office.do("link", state="up", reason="")
        expect(page.locator("#announce")).to_have_text(f"Входящий звонок: {CALLER}")
    office.set(ext_101={f"call:{call}": None})
    locks(page, 0, 0)
    assert page.evaluate("[window.shown.length, window.taken]") == [4, 4]


def test_a_name_found_while_it_rings_reaches_the_popup(office: Office, open_panel: Open, call: str) -> None:
    context = open_panel(permissions=["notifications"]).context
    context.add_init_script(COUNT)
    context.pages[0].close()
    (page,) = tabs(context, office.url, 1)
    office.set(ext_101=rings(call, scenes.party("+79161234567", "PETR")))
    expect(page.locator("#announce")).to_have_text("Входящий звонок: PETR, +7 916 123-45-67")
    expect(page).to_have_title("Звонит: PETR")
    who = scenes.party("+79161234567", "PETR", contact=scenes.ROMASHKA)
    office.set(ext_101=rings(call, who))
    expect(page).to_have_title("Звонит: Пётр Лугов")
    expect(page.locator("#announce")).to_have_text("Входящий звонок: Пётр Лугов, ООО «Ромашка», +7 916 123-45-67")
    assert page.evaluate("window.shown.at(-1)[0]") == "Пётр Лугов"
    office.set(ext_101={f"call:{call}": None})
    locks(page, 0, 0)
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
