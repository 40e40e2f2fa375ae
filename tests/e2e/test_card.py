"""The card in a browser: calls from it, states of colleagues, editing in place with the keyboard, on the panel too."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import scenes
from tests.e2e.axe import serious
from tests.e2e.conftest import Office, Open

pytestmark = pytest.mark.browser
COMPANY = "АО «Северный ветер»"


def state(office: Office, manager: str = "free", own: str = "free") -> None:
    office.do("replace", state={"office": {**scenes.office(20, own), "ext:102": scenes.extension("102", manager)}})


@pytest.fixture
def page(office: Office, open_panel: Open) -> Page:
    """The card of the company, on its own page, for somebody who may edit it."""
    state(office)
    return card(open_panel("editor"), office)


def card(page: Page, office: Office) -> Page:
    page.goto(f"{office.url}/panel/card/?number=%2B78125550101")
    expect(page.locator(".card-head h2")).to_have_text(COMPANY)
    expect(page.locator("#banner")).to_be_hidden()
    return page


def test_a_call_from_the_card_and_its_outcome(office: Office, open_panel: Open) -> None:
    state(office)
    page = card(open_panel("operator"), office)
    before = len(office.do("state"))
    office.do("outcome", outcome={"kind": "done", "reason": "own_phone_rings", "detail": ""})
    page.locator(".card-row [data-dial]").first.click()
    expect(page.locator(".toast")).to_contain_text(COMPANY)
    asked = office.do("state")[before:]
    assert [(one["name"], one["args"]) for one in asked] == [
        ("originate", {"extension": "101", "number": "+78125550101"})
    ]
    office.do("outcome", outcome={"kind": "refused", "reason": "own_phone_off", "detail": ""})
    page.locator(".card-row [data-dial]").nth(1).click()
    expect(page.locator(".toast[data-level=error]")).to_contain_text(COMPANY)
    office.do("outcome", outcome=None)


def test_the_managers_state_decides_about_the_button(office: Office, open_panel: Open) -> None:
    state(office)
    page = card(open_panel("operator"), office)
    place, button = page.locator(".card-manager [data-person]"), page.locator(".card-manager [data-dial]")
    expect(place).to_have_attribute("data-state", "free")
    expect(button).to_have_attribute("aria-disabled", "false")
    office.set(office={"ext:102": scenes.extension("102", "talking")})
    expect(place).to_have_attribute("data-state", "talking")
    expect(button).to_have_attribute("aria-disabled", "true")
    button.click(force=True)
    expect(page.locator("#tip")).to_be_visible()
    office.set(office={"ext:101": scenes.extension("101", "off")})
    expect(page.locator(".card-row [data-dial]").first).to_have_attribute("aria-disabled", "true")


def test_the_name_by_keyboard_alone(page: Page) -> None:
    page.get_by_role("link", name="Зимин Лев", exact=True).click()
    name = page.locator(".card-head h2")
    expect(name).to_have_text("Зимин Лев")
    page.locator("#edit-head").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#head-name")).to_be_focused()
    page.keyboard.press("Escape")
    expect(name).to_have_text("Зимин Лев")
    for text in ("Зимина Лея", "Зимин Лев"):
        expect(page.locator("#edit-head")).to_be_focused()
        page.keyboard.press("Enter")
        page.locator("#head-name").fill(text)
        page.keyboard.press("Enter")
        expect(name).to_have_text(text)
    expect(page.locator("#edit-head")).to_be_focused()


def test_the_manager_as_one_types(page: Page) -> None:
    page.click("#edit-manager")
    page.locator("#manager-search").press_sequentially("петр")
    expect(page.locator(".card-choices label")).to_have_count(1)
    page.keyboard.press("Enter")
    link = page.locator(".card-manager a")
    expect(link).to_have_text("Петрова Ольга")
    page.click("#edit-manager")
    page.locator("#manager-search").press_sequentially("102")
    expect(page.locator(".card-choices label")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    expect(page.locator(".card-choices :checked")).to_be_focused()
    page.keyboard.press("Enter")
    expect(link).to_have_text("Сидоров Павел")
    expect(page.locator(".card-manager [data-person]")).to_have_attribute("data-state", "free")


def test_rows_are_added_made_main_and_deleted(page: Page) -> None:
    rows = page.locator("[data-part=info] > ul > .card-row")
    expect(rows).to_have_count(3)
    page.click("#add-row")
    page.locator("#row-value-new").fill("+7 812 555-02-01, +7 812 555-02-02")
    page.keyboard.press("Enter")
    page.locator("button[name=split]").click()
    expect(rows).to_have_count(5)
    expect(page.locator("#add-row")).to_be_focused()
    first, new = page.locator(".card-row.main bdi").first, rows.filter(has_text="555-02-01")
    expect(first).to_have_text("+7 812 555-01-01")
    new.locator("[id^=main-]").click()
    expect(page.locator(".card-row.main").filter(has_text="555-02-01")).to_have_count(1)
    rows.filter(has_text="555-01-01").locator("[id^=main-]").click()
    expect(page.locator(".card-row.main").filter(has_text="555-02-01")).to_have_count(0)
    for number, left in (("555-02-01", 4), ("555-02-02", 3)):
        rows.filter(has_text=number).locator("[id^=edit-row-]").click()
        page.locator(".card-delete").click()
        expect(rows).to_have_count(left)
        expect(page.locator("#add-row")).to_be_focused()


def test_two_who_edit_the_note_lose_nothing(page: Page, office: Office, open_panel: Open) -> None:
    other = card(open_panel("admin"), office)
    page.click("#edit-note")
    other.click("#edit-note")
    other.fill("#note-text", "Запись коллеги")
    other.keyboard.press("Control+Enter")
    expect(other.locator(".card-note")).to_have_text("Запись коллеги")
    page.fill("#note-text", "Моя запись")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".card-stored")).to_contain_text("Запись коллеги")
    expect(page.locator("#note-text")).to_have_value("Моя запись")
    page.locator("[data-part=note] [type=submit]").click()
    expect(page.locator(".card-note")).to_have_text("Моя запись")
    assert serious(page) == []


def test_a_persons_name_in_the_card_of_the_company(page: Page) -> None:
    page.click("#add-person")
    page.locator("#person-name-new").fill("Снегирёв Яков")
    page.keyboard.press("Enter")
    person = page.locator(".card-person").filter(has_text="Снегирёв Яков")
    expect(person).to_have_count(1)
    person.locator("[id^=edit-person-]").click()
    page.locator("[id^=person-position-]").fill("водитель")
    page.keyboard.press("Enter")
    expect(person).to_contain_text("водитель")


def test_on_the_panel(office: Office, open_panel: Open) -> None:
    state(office)
    page = open_panel("editor")
    expect(page.locator("#link-badge")).to_have_attribute("data-level", "ok")
    open_card = "number => document.dispatchEvent(new CustomEvent('open-card', {detail: {number, call: ''}}))"
    page.evaluate(open_card, "+78125550199")
    expect(page.locator(".card-owners a")).to_have_count(2)
    page.locator(".card-owners a").nth(1).click()
    expect(page.locator("#card .card-head h2")).to_have_text("ИП Беляева Н. С.")
    page.click("#card #edit-note")
    page.fill("#note-text", "С панели")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#card .card-note")).to_have_text("С панели")
    expect(page.locator("#card .card-owners a[aria-current]")).to_contain_text("Беляева")
    page.evaluate(open_card, "+78125550101")
    page.locator("#card .card-more button").click()
    expect(page.locator("#card .recent-row")).to_have_count(7)
    page.locator("#card .card-manager a").click()
    expect(page.locator("#card .card-head h2")).to_have_text("Сидоров Павел")
    assert page.url == f"{office.url}/"


def test_what_is_being_typed_outlives_a_change_elsewhere(office: Office, open_panel: Open) -> None:
    state(office)
    page = card(open_panel("editor"), office)
    page.click("#edit-note")
    page.fill("#note-text", "Ещё пишу")
    with page.expect_response(re.compile("/panel/people/")):
        page.evaluate("document.dispatchEvent(new CustomEvent('customers-changed'))")
    expect(page.locator("#note-text")).to_have_value("Ещё пишу")
    with page.expect_response(re.compile("/panel/card/")):
        page.locator("[data-part=note] [data-cancel]").click()
    expect(page.locator("#note-text")).to_have_count(0)


@pytest.mark.parametrize("dark", [False, True])
def test_nothing_stands_in_the_way_of_a_screen_reader(office: Office, open_panel: Open, dark: bool) -> None:
    state(office)
    page = open_panel("editor", width=390, height=844, dark=dark)
    addresses = ("number=%2B78125550199", "number=%2B79995550011", "number=anonymous")
    for address in addresses:
        page.goto(f"{office.url}/panel/card/?{address}")
        expect(page.locator("#banner")).to_be_hidden()
        assert serious(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
