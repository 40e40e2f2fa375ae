"""One pop-up for each call and user over several devices: browsers that know nothing of each other."""

from itertools import count

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import scenes
from tests.e2e.conftest import Office, Open
from tests.e2e.test_panel import live
from tests.e2e.test_popup import COUNT, rings
from tests.servers import wait_until

pytestmark = pytest.mark.browser
_calls = count(1)
ASLEEP = "Object.defineProperty(document, 'visibilityState', { get: () => 'hidden' })"
AWAY = """() => {
    const real = window.fetch;
    window.fetch = (address, ...more) =>
        String(address).includes("/popup/") ? Promise.reject(new TypeError("away")) : real(address, ...more);
}"""


@pytest.fixture
def call() -> str:
    return f"devices.{next(_calls)}"


def device(open_panel: Open, *scripts: str, clock: bool = False) -> Page:
    """A browser of its own with the operator's panel; its notifications are counted."""
    context = open_panel(permissions=["notifications"]).context
    for script in (COUNT, *scripts):
        context.add_init_script(script)
    if clock:
        context.clock.install()
    page = context.pages[0]
    page.reload()
    return live(page)


def ring(office: Office, call: str, *pages: Page) -> None:
    office.set(ext_101=rings(call, scenes.party("+79161234567", contact=scenes.PETR)))
    for page in pages:
        expect(page.locator("article.call[data-kind=ringing]")).to_be_visible()


def shown(page: Page) -> int:
    return int(page.evaluate("window.shown.length"))


def card_tab(page: Page) -> str | None:
    return page.locator("#side-tab-card").get_attribute("aria-selected")


def test_two_devices_one_popup(office: Office, open_panel: Open, call: str) -> None:
    pages = [device(open_panel), device(open_panel)]
    with pages[0].expect_response("**/panel/popup/"), pages[1].expect_response("**/panel/popup/"):
        ring(office, call, *pages)
    wait_until(lambda: sum(shown(page) for page in pages) == 1, "one of them to show it")
    (shows,) = [page for page in pages if shown(page)]
    (other,) = [page for page in pages if page is not shows]
    expect(shows.locator("#card h2")).to_have_text("Пётр Лугов")
    expect(shows.locator("#announce")).to_contain_text("Пётр Лугов")
    with other.expect_response("**/panel/popup/") as answer:  # it goes on asking
        pass
    assert answer.value.json()["mine"] is False
    assert (shown(other), card_tab(other), other.locator("#announce").inner_text()) == (0, "false", "")
    for page in pages:
        expect(page).to_have_title("Звонит: Пётр Лугов")
    shows.context.close()
    wait_until(lambda: shown(other) == 1, "the other device to go on")
    expect(other.locator("#card h2")).to_have_text("Пётр Лугов")


def test_a_device_that_sleeps_loses_it(office: Office, open_panel: Open, call: str) -> None:
    sleeper = device(open_panel, clock=True)
    ring(office, call, sleeper)
    wait_until(lambda: shown(sleeper) == 1, "the first device to show it")
    sleeper.context.clock.pause_at(sleeper.evaluate("Date.now()") / 1000 + 1)  # from then on no timer ends
    awake = device(open_panel)
    expect(awake.locator("article.call[data-kind=ringing]")).to_be_visible()
    wait_until(lambda: shown(awake) == 1, "the other device to go on")
    assert sleeper.evaluate("window.taken") == 0
    sleeper.context.clock.resume()
    wait_until(lambda: sleeper.evaluate("window.taken") == 1, "the first to see that it has lost it")
    assert (shown(sleeper), shown(awake), awake.evaluate("window.taken")) == (1, 1, 0)


def test_what_is_hidden_lets_what_is_visible_go_first(office: Office, open_panel: Open, call: str) -> None:
    hidden = device(open_panel, ASLEEP, clock=True)
    visible = device(open_panel)
    hidden.context.clock.pause_at(hidden.evaluate("Date.now()") / 1000 + 1)
    ring(office, call, hidden, visible)
    wait_until(lambda: shown(visible) == 1, "the visible one to show it")
    assert shown(hidden) == 0
    with hidden.expect_response("**/panel/popup/") as answer:
        hidden.context.clock.run_for(1000)
    assert (answer.value.json()["mine"], shown(hidden)) == (False, 0)


def test_twice_is_better_than_never(office: Office, open_panel: Open, call: str) -> None:
    pages = [device(open_panel), device(open_panel)]
    for page in pages:
        page.evaluate(AWAY)
    ring(office, call, *pages)
    for page in pages:
        wait_until(lambda page=page: shown(page) == 1, "each to show it")  # type: ignore[misc]  # of the loop
        expect(page.locator("#card h2")).to_have_text("Пётр Лугов")
