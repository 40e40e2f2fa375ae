"""«Добавить номер»: from the history to the customer, with the mouse and the keyboard."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Office
from tests.e2e.directory import ask
from tests.e2e.place.steps import CELL, HOSTILE, OLD, ROWS, closed, kept, line, row_of, row_of_call, start

pytestmark = pytest.mark.browser


def test_three_clicks(page: Page, office: Office, number: tuple[str, str], haven: str) -> None:
    """An unknown number is put in its place; the history knows it at once, and it can be taken back."""
    clicks = page.evaluate_handle(
        "() => { const n = []; addEventListener('click', e => e.isTrusted && n.push(1), true); return n; }"
    )
    row_of(page, number).locator(".recent-place").click()
    expect(page.locator("#place-q")).to_be_focused()
    page.keyboard.type("гавань")
    page.locator(".place-option", has_text=haven).click()
    page.click("#place-done")
    closed(page)
    assert clicks.evaluate("n => n.length") == 3
    expect(page.locator(".recent-row", has_text=number[1]).locator(".recent-name")).to_have_text(haven)
    assert kept(office) == [*ROWS, ("Телефон", number[1], False)]
    toast = page.locator(".place-toast")
    expect(toast).to_contain_text(number[1])
    toast.locator("[data-undo-placement]").click()
    expect(row_of(page, number).locator(".recent-place")).to_be_visible()
    assert kept(office) == ROWS


def test_the_right_button_opens_the_menu(page: Page, number: tuple[str, str], haven: str) -> None:
    row_of(page, number).click(button="right", position={"x": 120, "y": 8})
    menu = page.get_by_role("menu")
    expect(menu.get_by_role("menuitem").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(menu).to_have_count(0)
    row_of(page, number).click(button="right", position={"x": 120, "y": 8})
    menu.get_by_role("menuitem").first.click()
    expect(page.locator("#place-title")).to_contain_text(number[1])


def test_known_numbers_have_no_such_entry(page: Page) -> None:
    known = page.locator(".recent-row", has=page.locator(".recent-name", has_text="Пётр Лугов")).first
    known.locator("[data-open-menu]").click()
    items = page.get_by_role("menuitem")
    expect(items).to_have_count(2)
    assert [item.get_attribute("data-press") for item in items.all()] == [".recent-name", "[data-dial]"]


def test_by_the_keyboard_alone(page: Page, office: Office, number: tuple[str, str], haven: str) -> None:
    """From the history's row to the written number and back again; the focus is never lost."""
    row_of(page, number).locator("[data-open-menu]").focus()
    page.keyboard.press("Shift+F10")
    expect(page.get_by_role("menuitem").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(row_of(page, number).locator("[data-open-menu]")).to_be_focused()
    page.keyboard.press("ContextMenu")
    expect(page.get_by_role("menuitem").first).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(page.locator("#place-q")).to_be_focused()
    page.keyboard.type("гавань")
    page.keyboard.press("Enter")  # before the answer has come
    expect(page.locator("#place-done")).to_be_focused()
    for _ in range(3):
        page.keyboard.press("Shift+Tab")
    expect(page.locator("[data-row]").first).to_be_focused()
    page.keyboard.press("Enter")  # the work number stands there: a question
    expect(page.locator("[name=keep]")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("[data-row]").first).to_be_focused()
    page.keyboard.press("End")
    page.keyboard.press("Delete")
    expect(page.locator(".is-deleted")).to_be_focused()
    page.keyboard.press("Delete")  # takes it back
    expect(page.locator(".is-deleted")).to_have_count(0)
    expect(line(page, CELL)).to_be_focused()
    page.keyboard.press("F2")
    expect(page.locator("#place-value")).to_be_focused()
    page.keyboard.type("+7 916 000-00-02")
    page.keyboard.press("Enter")
    expect(line(page, "+7 916 000-00-02")).to_be_focused()
    page.keyboard.press("*")
    expect(page.locator("tr.is-main")).to_contain_text("+7 916 000-00-02")
    expect(line(page, "+7 916 000-00-02")).to_be_focused()
    page.keyboard.press("Tab")  # "Add a row"
    for _ in range(2):
        page.keyboard.press("Tab")
    expect(page.locator("#place-done")).to_be_focused()
    page.keyboard.press("Enter")
    closed(page)
    assert kept(office) == [
        ("Рабочий", OLD, False),
        ("Мобильный", "+7 916 000-00-02", True),
        ("Телефон", number[1], False),
    ]
    expect(row_of_call(page, number)).to_be_focused()


def test_the_contact_decides_whose_table_it_is(page: Page, office: Office, number: tuple[str, str], haven: str) -> None:
    start(page, number)
    expect(line(page, OLD)).to_be_visible()
    page.select_option("#place-contact", label="Игнатий Парусов")
    expect(line(page, OLD)).to_have_count(0)
    page.click("#place-done")
    closed(page)
    assert (kept(office), [row[1:] for row in kept(office, "Игнатий Парусов")]) == (ROWS, [(number[1], True)])


def test_a_double_click_on_the_found_customer_only_chooses(page: Page, number: tuple[str, str], haven: str) -> None:
    """As lists are used to be used: its second click is not for the table that has come meanwhile."""
    row_of(page, number).locator(".recent-place").click()
    page.fill("#place-q", "гавань")
    page.locator(".place-option", has_text=haven).click()
    expect(page.locator("#place-done")).to_be_focused()
    empty = page.locator("tr.is-empty").first
    empty.hover()
    page.mouse.down(click_count=2)
    page.mouse.up(click_count=2)
    asked = "document.querySelector('#place-form').matches('.htmx-request, [data-touched=true]')"
    assert page.evaluate(asked) is False  # neither asked for nor answered already
    empty.dblclick()
    expect(page.locator("tr.is-here")).to_be_visible()


def test_a_new_company_with_a_new_person(page: Page, office: Office, number: tuple[str, str]) -> None:
    name = "ООО «Совсем новая»"
    row_of(page, number).locator(".recent-place").click()
    page.fill("#place-q", name)
    page.click("#place-option-company")
    page.select_option("#place-contact", "new")
    page.fill("#place-person-name", "Нина Новикова")
    assert kept(office, "Нина Новикова") == []
    page.keyboard.press("Enter")
    closed(page)
    assert [row[1:] for row in kept(office, "Нина Новикова")] == [(number[1], True)]
    ask(office, "forget", name=name)


def test_hidden_numbers_are_refused_with_words(page: Page) -> None:
    page.evaluate("document.dispatchEvent(new CustomEvent('open-place', {detail: {number: 'anonymous'}}))")
    expect(page.locator("#place .notice")).to_be_visible()
    expect(page.locator("#place-q")).to_have_count(0)
    page.keyboard.press("Escape")
    closed(page)


def test_hostile_names_are_texts(page: Page, office: Office, number: tuple[str, str]) -> None:
    ask(office, "customer", name=HOSTILE, rows=[("Рабочий", OLD, True)], person=HOSTILE)
    row_of(page, number).locator(".recent-place").click()
    page.fill("#place-q", "onerror")
    page.locator(".place-option", has_text=HOSTILE).first.click()
    expect(page.locator(".place-company b")).to_have_text(HOSTILE)
    page.click("#place-done")
    expect(page.locator(".place-toast").last).to_contain_text(HOSTILE)
    assert (page.title() != "1", page.locator("img").count()) == (True, 0)
    ask(office, "forget", name=HOSTILE)
