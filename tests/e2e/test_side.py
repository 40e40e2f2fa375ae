"""The third column: «Карточка» and «История», with the mouse, the keyboard, on a phone; a card that does not come."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import scenes
from tests.e2e.conftest import Office, Open
from tests.e2e.test_panel import live

pytestmark = pytest.mark.browser

# The network as it is on a bad day: each request of a card waits until the test lets it through or cuts it
HOLD = """() => {
    window.held = [];
    const real = window.fetch;
    window.fetch = (address, options = {}) => {
        if (!String(address).includes("card/")) return real(address, options);
        return new Promise((resolve, reject) => {
            options.signal?.addEventListener("abort", () => reject(new DOMException("aborted", "AbortError")));
            window.held.push({ address, cut: () => reject(new TypeError("the network is away")),
                               answer: (html, status = 200) => resolve(new Response(html, { status })) });
        });
    };
}"""
ROMASHKA = '<article><h2>ООО «Ромашка»</h2><p>Менеджер: <span data-person="3"></span></p></article>'


def open_card(page: Page, **subject: object) -> None:
    page.evaluate("detail => document.dispatchEvent(new CustomEvent('open-card', { detail }))", subject)


def test_two_tabs_with_the_keyboard_and_remembered(office: Office, open_panel: Open) -> None:
    page = live(open_panel(lang="en"))
    card, history = page.get_by_role("tab", name="Card"), page.get_by_role("tab", name="History")
    expect(history).to_have_attribute("aria-selected", "true")
    expect(page.get_by_role("tabpanel", name="History")).to_be_visible()
    expect(page.get_by_role("tabpanel", name="Card")).to_be_hidden()
    history.focus()
    page.keyboard.press("ArrowLeft")
    expect(card).to_be_focused()
    expect(card).to_have_attribute("aria-selected", "true")
    expect(page.get_by_role("tabpanel", name="Card")).to_contain_text("Nobody's card is open")
    page.keyboard.press("ArrowLeft")  # round and round
    expect(history).to_be_focused()
    page.keyboard.press("Home")
    expect(card).to_be_focused()
    assert page.locator("#side-tabs [tabindex='0']").count() == 1
    page.reload()
    expect(card).to_have_attribute("aria-selected", "true")
    history.click()
    page.reload()
    expect(history).to_have_attribute("aria-selected", "true")


def test_a_phone_has_four_sections(office: Office, open_panel: Open) -> None:
    page = live(open_panel(lang="en", width=390, height=844))
    sections = page.locator(".tabbar button")
    for name, shown in (("Colleagues", "#people"), ("Calls", "#calls"), ("Card", "#card"), ("History", "#history")):
        sections.filter(has_text=name).click()
        expect(sections.filter(has_text=name)).to_have_attribute("aria-current", "page")
        visible = [box for box in ("#people", "#calls", "#card", "#history") if page.locator(box).is_visible()]
        assert visible == [shown]


def test_a_card_that_is_slow_says_so_and_the_last_one_asked_for_wins(office: Office, open_panel: Open) -> None:
    page = live(open_panel(lang="en"))
    page.evaluate(HOLD)
    open_card(page, kind="counterparty", id=1)
    expect(page.get_by_role("tab", name="Card")).to_have_attribute("aria-selected", "true")
    expect(page.locator("#card [role=status]")).to_have_text("The card is loading…")
    expect(page.locator("#card")).to_have_attribute("aria-busy", "true")
    open_card(page, kind="counterparty", id=2)
    page.evaluate("window.held[0].answer('<p>Не та</p>')")
    page.evaluate("html => window.held[1].answer(html)", ROMASHKA)
    expect(page.locator("#card h2")).to_have_text("ООО «Ромашка»")
    expect(page.locator("#card")).not_to_have_attribute("aria-busy", "true")
    expect(page.locator("#card")).not_to_contain_text("Не та")
    assert page.evaluate("window.held.map((each) => each.address)") == [
        "/card/counterparty/1/",
        "/card/counterparty/2/",
    ]


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("cut()", "the portal does not answer"),
        ("answer('', 500)", "the portal had an error (500)"),
        ("answer('', 404)", "This card is no longer there"),
        ("answer('', 403)", "You may not see this card"),
        ("answer('', 401)", "Your session has ended"),
    ],
)
def test_a_card_that_does_not_come_says_why_and_is_asked_for_again(
    office: Office, open_panel: Open, fault: str, words: str
) -> None:
    page = live(open_panel(lang="en"))
    page.evaluate(HOLD)
    open_card(page, number="+79161234567", call="c 1&2")
    page.evaluate(f"window.held[0].{fault}")
    expect(page.locator("#card [role=alert]")).to_contain_text(words)
    page.get_by_role("button", name="Try again").click()
    page.evaluate("html => window.held[1].answer(html)", ROMASHKA)
    expect(page.locator("#card h2")).to_have_text("ООО «Ромашка»")
    asked = page.evaluate("window.held.map((each) => each.address)")
    assert asked == ["/panel/card/?number=%2B79161234567&call=c+1%262"] * 2


def test_what_is_typed_in_a_card_is_not_lost_when_customers_change(office: Office, open_panel: Open) -> None:
    page = live(open_panel(lang="en"))
    page.evaluate(HOLD)
    open_card(page, kind="person", id=1)
    page.evaluate("window.held[0].answer('<form><input id=note></form>')")
    page.fill("#note", "перезвонить")
    page.evaluate("document.dispatchEvent(new Event('customers-changed'))")
    expect(page.locator("#note")).to_have_value("перезвонить")
    assert page.evaluate("window.held.length") == 1
    open_card(page, kind="person", id=2)  # somebody else's is what the user wants now
    page.get_by_role("alertdialog").get_by_role("button").last.click()
    page.evaluate("html => window.held[1].answer(html)", ROMASHKA)
    expect(page.locator("#card h2")).to_have_text("ООО «Ромашка»")
    page.evaluate("document.dispatchEvent(new Event('customers-changed'))")
    page.wait_for_function("() => window.held.length === 3")


def test_the_state_of_a_manager_is_live(office: Office, open_panel: Open) -> None:

    office.set(office=scenes.office(20))
    page = live(open_panel(lang="en"))
    page.evaluate(HOLD)
    pavel = page.evaluate("JSON.parse(document.getElementById('page-data').textContent).people"
                          ".find((each) => each.numbers[0] === '102').id")  # fmt: skip
    open_card(page, kind="person", id=1)
    html = f'<span data-person="{pavel}"></span><span data-person="999999"></span>'
    page.evaluate("html => window.held[0].answer(html)", html)
    state = page.locator("#card [data-person]")
    expect(state).to_have_text(["free", "no internal number"])
    office.set(office={"ext:102": scenes.extension("102", "talking")})
    expect(state.first).to_have_text("talking")
    assert state.first.locator("use").get_attribute("href") == "#i-talk"
