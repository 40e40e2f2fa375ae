"""What is typed into a card or into «Добавить номер» is never lost without a question."""

import pytest
from playwright.sync_api import Dialog, Locator, Page, expect

from tests.e2e.axe import serious
from tests.e2e.conftest import Office, Open
from tests.e2e.test_card import card, state
from tests.e2e.test_panel import live
from tests.e2e.test_side import open_card

pytestmark = pytest.mark.browser
NORTH = "АО «Северный ветер»"
WORDS = "Ещё пишу"


@pytest.fixture
def page(office: Office, open_panel: Open) -> Page:
    """The panel, with the card of a company that the user may edit."""
    state(office)
    page = live(open_panel("editor"))
    open_card(page, number="+78125550101", call="")
    expect(page.locator("#card .card-head h2")).to_have_text(NORTH)
    return page


def write(page: Page) -> None:
    page.click("#edit-note")
    page.fill("#note-text", WORDS)


def question(page: Page) -> Locator:
    found = page.get_by_role("alertdialog")
    expect(found).to_contain_text(WORDS)
    return found


def kept(page: Page) -> None:
    """The form is there as it was, and so is the focus."""
    expect(page.get_by_role("alertdialog")).to_have_count(0)
    expect(page.locator("#note-text")).to_have_value(WORDS)
    expect(page.locator("#note-text")).to_be_focused()


def test_another_card_asks_first(page: Page) -> None:
    write(page)
    page.get_by_role("link", name="Зимин Лев", exact=True).click()
    asked = question(page)
    assert serious(page) == []
    expect(asked.get_by_role("button").first).to_be_focused()
    page.keyboard.press("Enter")  # what is proposed loses nothing
    kept(page)
    page.get_by_role("link", name="Зимин Лев", exact=True).click()
    question(page)
    page.keyboard.press("Escape")
    kept(page)
    page.get_by_role("link", name="Зимин Лев", exact=True).click()
    question(page)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#card .card-head h2")).to_have_text("Зимин Лев")
    open_card(page, number="+78125550101", call="")
    expect(page.locator("#card .card-note")).not_to_contain_text(WORDS)


def test_a_form_in_which_nothing_was_typed_goes_without_a_word(page: Page) -> None:
    page.click("#add-row")
    expect(page.locator("#row-value-new")).to_be_focused()
    page.get_by_role("link", name="Зимин Лев", exact=True).click()
    expect(page.locator("#card .card-head h2")).to_have_text("Зимин Лев")
    page.click("#edit-head")
    page.keyboard.press("Escape")
    expect(page.locator("#edit-head")).to_be_focused()


def test_escape_asks_and_the_button_does_not(page: Page) -> None:
    write(page)
    page.keyboard.press("Escape")
    question(page).get_by_role("button").first.click()
    kept(page)
    page.keyboard.press("Escape")
    question(page)
    page.keyboard.press("Escape")
    kept(page)
    page.locator("[data-part=note] [data-cancel]").click()
    expect(page.locator("#edit-note")).to_be_focused()


def test_what_takes_the_form_along_asks(page: Page) -> None:
    """The card of another owner; a row that becomes the main one while another is being edited."""
    open_card(page, number="+78125550199", call="")
    expect(page.locator(".card-owners a")).to_have_count(2)
    write(page)
    page.locator(".card-owners a").nth(1).click()
    question(page).get_by_role("button").first.click()
    kept(page)
    page.locator(".card-owners a").nth(1).click()
    question(page).get_by_role("button").last.click()
    expect(page.locator("#card .card-head h2")).to_have_text("ИП Беляева Н. С.")
    page.locator(".card-owners a").first.click()
    expect(page.locator("#card .card-head h2")).to_have_text(NORTH)
    page.click("#add-row")
    page.fill("#row-value-new", WORDS)
    page.locator("[id^=main-]").first.click()
    question(page).get_by_role("button").first.click()
    expect(page.locator("#row-value-new")).to_have_value(WORDS)


def test_what_was_refused_is_not_saved_either(page: Page) -> None:
    page.click("#add-row")
    page.fill("#row-value-new", WORDS)
    page.keyboard.press("Enter")
    expect(page.locator("#card form [role=alert]")).to_be_visible()
    expect(page.locator("#row-value-new")).to_have_value(WORDS)
    page.get_by_role("link", name="Зимин Лев", exact=True).click()
    page.get_by_role("alertdialog").get_by_role("button").first.click()
    expect(page.locator("#row-value-new")).to_be_focused()


def test_another_tab_keeps_it_and_says_so(page: Page) -> None:
    write(page)
    tab = page.locator("#side-tab-card")
    page.click("#side-tab-history")
    page.keyboard.press("Escape")
    expect(page.locator("#note-text")).to_be_hidden()
    expect(tab.locator("[data-unsaved]")).to_be_visible()
    open_card(page, number="+78125550199", call="")
    question(page).get_by_role("button").first.click()
    kept(page)
    page.keyboard.press("Control+Enter")
    expect(tab.locator("[data-unsaved]")).to_have_count(0)
    page.click("#edit-note")
    page.fill("#note-text", "")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#edit-note")).to_be_focused()


def test_on_a_phone_the_bar_says_it(office: Office, open_panel: Open) -> None:
    state(office)
    page = live(open_panel("editor", width=390, height=844))
    open_card(page, number="+78125550101", call="")
    write(page)
    page.click(".tabbar [data-tab=history]")
    expect(page.locator("#tab-card-news")).to_be_visible()
    page.click(".tabbar [data-tab=card]")
    expect(page.locator("#note-text")).to_have_value(WORDS)
    expect(page.locator("#tab-card-news")).to_be_hidden()


def test_leaving_the_page_asks_in_the_browsers_words(office: Office, open_panel: Open) -> None:
    state(office)
    page = card(open_panel("editor"), office)
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    write(page)
    page.once("dialog", stay)
    with page.expect_event("dialog"):
        page.get_by_role("link", name="Зимин Лев", exact=True).click()
    expect(page.locator("#note-text")).to_have_value(WORDS)
    assert asked == ["beforeunload"]


def test_a_draft_of_a_number_outlives_every_escape(office: Office, open_panel: Open) -> None:
    """Also the third in a row, which the browser does not leave to the page."""
    state(office)
    page = live(open_panel("editor"))
    page.evaluate("document.dispatchEvent(new CustomEvent('open-place', {detail: {number: '+74953999901'}}))")
    page.fill("#place-q", "Северный")
    page.locator(".place-option", has_text=NORTH).click()
    page.locator("#place-table tr.is-empty").first.dblclick()
    here = page.locator("tr.is-here")
    expect(here).to_be_visible()
    leave = page.locator("#place-leave")
    for _ in range(3):
        page.keyboard.press("Escape")
        expect(leave).to_be_visible()
        page.keyboard.press("Escape")
        expect(leave).to_be_hidden()
    page.locator("#place-table [name=edit]").first.click()
    page.fill("#place-value", WORDS)
    page.keyboard.press("Escape")
    question(page).get_by_role("button").first.click()
    expect(page.locator("#place-value")).to_have_value(WORDS)
    page.keyboard.press("Escape")
    question(page).get_by_role("button").last.click()
    expect(page.locator("#place-value")).to_have_count(0)
    expect(here).to_be_visible()
