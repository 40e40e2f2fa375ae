"""What tests of «Добавить номер» in a browser press and read."""

from typing import Final

from playwright.sync_api import Locator, Page, expect

from tests.e2e import scenes
from tests.e2e.conftest import Office
from tests.e2e.directory import ask

HAVEN: Final = "ООО «Тихая гавань»"
OLD, CELL = "+7 812 333-44-55", "+7 916 000-00-01"
ROWS: Final = [("Рабочий", OLD, True), ("Мобильный", CELL, False)]
HOSTILE: Final = '<img src=x onerror="document.title=1">'


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


def ringing(caller: str) -> dict[str, dict[str, object]]:
    return {
        "office": {"ext:101": scenes.extension("101", "ringing")},
        "ext/101": {"call:1": scenes.inbound("1", scenes.party(caller))},
    }
