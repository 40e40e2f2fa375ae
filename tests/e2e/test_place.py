"""«Добавить номер» as the manual says it, and better, in a real browser."""

import itertools
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e import scenes
from tests.e2e.axe import serious
from tests.e2e.conftest import Office, Open, log_in
from tests.e2e.directory import ask
from tests.e2e.test_panel import live

pytestmark = pytest.mark.browser
HAVEN = "ООО «Тихая гавань»"
OLD, CELL = "+7 812 333-44-55", "+7 916 000-00-01"
ROWS = [("Рабочий", OLD, True), ("Мобильный", CELL, False)]
HOSTILE = '<img src=x onerror="document.title=1">'
_numbers = itertools.count(1)


@pytest.fixture
def number() -> tuple[str, str]:
    """As the PBX gives it, and as people read it; nobody has it."""
    last = next(_numbers)
    return f"+74953{last:06d}", f"+7 495 3{last // 10000:02d}-{last // 100 % 100:02d}-{last % 100:02d}"


@pytest.fixture
def haven(office: Office) -> Iterator[str]:
    """A counterparty with two numbers and a contact person without any."""
    ask(office, "customer", name=HAVEN, rows=ROWS, person="Игнатий Парусов")
    yield HAVEN
    ask(office, "forget", name=HAVEN)


@pytest.fixture
def page(office: Office, open_panel: Open, number: tuple[str, str]) -> Page:
    """The panel, with a missed call of the unknown number on top of the history."""
    office.do("missed", caller=number[0], number="101")
    page = live(open_panel("operator"))
    expect(row_of(page, number)).to_be_visible()
    return page


def row_of(page: Page, number: tuple[str, str]) -> Locator:
    return page.locator(".recent-row", has=page.locator(".recent-name", has_text=number[1]))


def row_of_call(page: Page, number: tuple[str, str]) -> Locator:
    """The button «⋯» of the call's row, whatever name the row has by now."""
    return page.locator(f'[data-call="missed.{number[0]}"] [data-open-menu]')


def kept(office: Office, name: str = HAVEN) -> list[tuple[str, str, bool]]:
    return [tuple(row) for row in ask(office, "contact_info", name=name)]


def start(page: Page, number: tuple[str, str], name: str = HAVEN) -> None:
    """The dialog at the table of the customer."""
    row_of(page, number).locator(".recent-place").click()
    page.fill("#place-q", name[6:-1])
    page.locator(".place-option", has_text=name).click()
    expect(page.locator("#place-table")).to_be_visible()


def line(page: Page, value: str) -> Locator:
    return page.locator("#place-table tbody tr", has_text=value).first


def closed(page: Page) -> None:
    expect(page.locator("#place")).not_to_have_attribute("open", "")


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


def test_a_double_click_fills_an_empty_row(page: Page, office: Office, number: tuple[str, str], haven: str) -> None:
    start(page, number)
    page.locator("#place-table tr.is-empty").first.dblclick()
    expect(page.locator("tr.is-here")).to_contain_text(number[1])
    assert kept(office) == ROWS  # nothing is written before «Готово»
    page.click("#place-done")
    closed(page)
    assert len(kept(office)) == 3


def test_a_warning_before_something_is_overwritten(
    page: Page, office: Office, number: tuple[str, str], haven: str
) -> None:
    start(page, number)
    line(page, OLD).dblclick()
    question = page.get_by_role("alertdialog")
    expect(question).to_contain_text(OLD)
    question.locator("[data-nested-close]").click()
    expect(line(page, OLD)).to_be_focused()
    line(page, OLD).dblclick()
    page.click("[name=overwrite]")
    expect(page.locator("tr.is-here s")).to_have_text(OLD)
    page.click("#place-done")
    closed(page)
    assert kept(office) == [("Рабочий", number[1], True), ROWS[1]]


def test_what_stood_there_is_kept(page: Page, office: Office, number: tuple[str, str], haven: str) -> None:
    start(page, number)
    line(page, CELL).dblclick()
    page.click("[name=keep]")
    expect(page.locator("tr.is-here")).to_contain_text(number[1])
    page.click("#place-done")
    closed(page)
    assert kept(office) == [ROWS[0], ("Мобильный", number[1], False), ("Мобильный", CELL, False)]


def test_pencil_cross_and_main(page: Page, office: Office, number: tuple[str, str], haven: str) -> None:
    start(page, number)
    line(page, CELL).locator("[name=main_row]").click()
    expect(line(page, CELL).locator(".place-value")).to_have_css("font-weight", "700")
    line(page, OLD).locator("[name=delete]").click()
    expect(line(page, OLD).locator(".place-value")).to_have_css("text-decoration-line", "line-through")
    line(page, CELL).locator("[name=edit]").click()
    page.fill("#place-value", "+7 916 000-00-02")
    page.fill("#place-extension", "12")
    page.click("[name=save]")
    expect(line(page, "916 000-00-02")).to_be_focused()
    page.click("#place-done")
    closed(page)
    assert [row[1:] for row in kept(office)] == [("+7 916 000-00-02 доб. 12", True), (number[1], False)]


@pytest.mark.parametrize("way", ["cross", "Escape"])
def test_closing_writes_nothing(page: Page, office: Office, number: tuple[str, str], haven: str, way: str) -> None:
    """A question only when something would be lost; the focus goes back to where the dialog came from."""

    def close() -> None:
        if way == "cross":
            page.locator(".place-head [data-place-close]").click()
        else:
            page.keyboard.press("Escape")

    start(page, number)
    close()
    closed(page)
    expect(row_of(page, number).locator(".recent-place")).to_be_focused()
    start(page, number)
    page.locator("#place-table tr.is-empty").first.dblclick()
    expect(page.locator("tr.is-here")).to_be_visible()
    close()
    expect(page.locator("#place-leave")).to_be_visible()
    page.locator("#place-leave [data-nested-close]").click()
    expect(page.locator("tr.is-here")).to_be_visible()
    close()
    page.click("[data-place-leave]")
    closed(page)
    assert kept(office) == ROWS


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


def test_somebody_else_changes_the_rows_meanwhile(
    page: Page, office: Office, number: tuple[str, str], haven: str
) -> None:
    """Said, both shown, nothing lost."""
    start(page, number)
    line(page, CELL).locator("[name=delete]").click()
    expect(page.locator(".is-deleted")).to_be_visible()
    ask(office, "overwrite", name=haven, before=OLD, after="+7 812 999-99-99")
    page.click("#place-done")
    notice = page.locator("#place-notices .notice")
    expect(notice).to_contain_text(OLD)
    expect(notice).to_contain_text("+7 812 999-99-99")
    expect(page.locator(".is-deleted")).to_contain_text(CELL)
    page.click("#place-done")
    closed(page)
    assert [row[1] for row in kept(office)] == ["+7 812 999-99-99", number[1]]


def test_a_number_of_somebody_else(page: Page, office: Office, haven: str, number: tuple[str, str]) -> None:
    """Shown first with the reason; moved only when asked to."""
    other = "ООО «Прежние»"
    ask(office, "customer", name=other, rows=[("Рабочий", number[1], True)])
    page.evaluate("number => document.dispatchEvent(new CustomEvent('open-place', {detail: {number}}))", number[0])
    expect(page.locator(".place-holders")).to_contain_text(other)
    page.fill("#place-q", "гавань")
    page.locator(".place-option", has_text=haven).click()
    page.check("[name=others][value=move]")
    page.click("#place-done")
    closed(page)
    assert (kept(office, other), len(kept(office))) == ([], 3)
    ask(office, "forget", name=other)


def test_hidden_numbers_are_refused_with_words(page: Page) -> None:
    page.evaluate("document.dispatchEvent(new CustomEvent('open-place', {detail: {number: 'anonymous'}}))")
    expect(page.locator("#place .notice")).to_be_visible()
    expect(page.locator("#place-q")).to_have_count(0)
    page.keyboard.press("Escape")
    closed(page)


def test_a_portal_that_does_not_answer_is_said(
    browser: Browser, office: Office, number: tuple[str, str], haven: str
) -> None:
    """The draft stays, and «Готово» works when the portal is back."""
    office.do("missed", caller=number[0], number="101")
    context = log_in(browser, office.url, "operator")  # a page whose console may say that the network is away
    page = context.pages[0]
    start(page, number)
    page.locator("#place-table tr.is-empty").first.dblclick()
    expect(page.locator("tr.is-here")).to_be_visible()
    context.set_offline(True)
    page.click("#place-done")
    expect(page.locator("#place-notices .notice.error")).to_be_visible()
    expect(page.locator("tr.is-here")).to_be_visible()
    context.set_offline(False)
    page.click("#place-done")
    closed(page)
    assert len(kept(office)) == 3
    context.close()


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


def test_the_list_of_what_was_added(page: Page, office: Office, number: tuple[str, str], haven: str) -> None:
    """Taken back from there, long after the message has gone."""
    start(page, number)
    page.click("#place-done")
    closed(page)
    page.evaluate("document.dispatchEvent(new CustomEvent('open-place', {detail: {number: '+74952999999'}}))")
    page.locator(".place-foot .plain-link").click()
    page.locator(".placements [data-undo-placement]").first.click()
    expect(page.locator(".placements [data-undo-placement]")).to_have_count(0)
    assert kept(office) == ROWS


@pytest.mark.parametrize("dark", [False, True])
def test_axe_finds_nothing_serious(
    office: Office, open_panel: Open, number: tuple[str, str], haven: str, dark: bool
) -> None:
    office.do("missed", caller=number[0], number="101")
    page = live(open_panel("operator", dark=dark, reduced_motion="reduce"))
    row_of(page, number).locator("[data-open-menu]").click()
    expect(page.get_by_role("menu")).to_be_visible()
    assert serious(page) == []
    page.keyboard.press("Escape")
    row_of(page, number).locator(".recent-place").click()
    page.fill("#place-q", "гавань")
    expect(page.locator(".place-option", has_text=haven)).to_be_visible()
    assert serious(page) == []
    page.keyboard.press("Enter")
    page.locator("#place-table tr.is-empty").first.dblclick()
    expect(page.locator("tr.is-here")).to_be_visible()
    line(page, OLD).locator("[name=delete]").click()
    expect(page.locator("tr.is-deleted")).to_be_visible()
    assert serious(page) == []
    line(page, CELL).locator("[name=edit]").click()
    expect(page.locator("#place-value")).to_be_visible()
    assert serious(page) == []


def test_the_dialog_on_a_phone(office: Office, open_panel: Open, number: tuple[str, str], haven: str) -> None:
    """390 px: nothing is cut off, every button is under a finger."""
    office.do("missed", caller=number[0], number="101")
    page = live(open_panel("operator", width=390, height=844))
    page.click(".tabbar [data-tab=history]")
    start(page, number)
    assert page.evaluate("document.querySelector('#place').scrollWidth <= innerWidth")
    page.locator("#place-table tr.is-empty [name=put]").first.click()
    expect(page.locator("tr.is-here")).to_be_visible()
    page.click("#place-done")
    closed(page)
    assert len(kept(office)) == 3


def test_the_card_knows_what_was_added(page: Page, office: Office, number: tuple[str, str], haven: str) -> None:
    """Who added which number, and the way back while there is one."""
    start(page, number)
    page.click("#place-done")
    closed(page)
    page.locator(".recent-row", has_text=number[1]).locator(".recent-name").click()
    added = page.locator("#card .placements")
    expect(added).to_contain_text(number[1])
    page.locator(".place-toast .icon-button").click()
    added.locator("[data-undo-placement]").click()
    expect(added.locator("[data-undo-placement]")).to_have_count(0)
    assert kept(office) == ROWS


def test_from_the_card_of_an_unknown_number(page: Page, office: Office, number: tuple[str, str], haven: str) -> None:
    row_of(page, number).locator(".recent-name").click()
    page.locator("#card [data-open-place]").click()
    page.fill("#place-q", "гавань")
    page.locator(".place-option", has_text=haven).click()
    page.click("#place-done")
    closed(page)
    expect(page.locator("#card")).to_contain_text(haven)
    assert len(kept(office)) == 3


def test_from_the_card_of_a_call(page: Page, office: Office, number: tuple[str, str], haven: str) -> None:
    """While it rings already."""
    office.do("replace", state=ringing(number[0]))
    page.locator("#my-calls [data-open-place]").click()
    page.fill("#place-q", "гавань")
    page.locator(".place-option", has_text=haven).click()
    page.click("#place-done")
    closed(page)
    assert len(kept(office)) == 3


def ringing(caller: str) -> dict[str, dict[str, object]]:
    return {
        "office": {"ext:101": scenes.extension("101", "ringing")},
        "ext/101": {"call:1": scenes.inbound("1", scenes.party(caller))},
    }
