"""The table of contact information: the number in a row, what stood there before, pencil, cross and star."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import Office, log_in
from tests.e2e.directory import ask
from tests.e2e.place.steps import CELL, OLD, ROWS, closed, kept, line, row_of, start

pytestmark = pytest.mark.browser


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
