"""What was added: the list of it, the card; other doors to the dialog; how it looks."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.axe import serious
from tests.e2e.conftest import Office, Open
from tests.e2e.place.steps import CELL, OLD, ROWS, closed, kept, line, ringing, row_of, start
from tests.e2e.test_panel import live

pytestmark = pytest.mark.browser


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
