"""«Коды городов» in a browser: the live box, rules up and down, and nothing saved by the way."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import Office, log_in

pytestmark = pytest.mark.browser


@pytest.fixture
def rules(browser: Browser, office: Office) -> Iterator[Page]:
    context = log_in(browser, office.url, "admin")
    page = context.pages[0]
    page.goto(f"{office.url}/admin/crm/numberingplan/")
    expect(page.locator("[data-numbering].numbering-live")).to_be_visible()
    yield page
    context.close()


def add_rule(page: Page, place: int, **values: str) -> None:
    if not page.locator(f"[name=rules-{place}-name]").count():
        page.click("[data-add]")
    for field, value in values.items():
        page.fill(f"[name=rules-{place}-{field}]", value)


def test_the_box_answers_while_one_types_and_saves_nothing(rules: Page) -> None:
    dialled, said = rules.locator(".trial-dialled"), rules.locator("[data-trial-said]")
    rules.fill("[name=area_code]", "495")
    rules.fill("[name=try_number]", "111-22-33")
    expect(dialled).to_have_text("84951112233")
    expect(said).to_contain_text("84951112233")  # the live region of screen readers
    rules.fill("[name=outside_prefix]", "9")
    expect(dialled).to_have_text("984951112233")
    rules.locator("[name=try_number]").press("Enter")
    rules.click("[data-example='112']")
    expect(dialled).to_have_text("112")
    expect(rules.locator("[name=try_number]")).to_have_value("112")
    rules.reload()
    expect(rules.locator("[name=area_code]")).to_have_value("")


def test_rules_move_up_and_down_and_the_first_that_fits_wins(rules: Page) -> None:
    dialled = rules.locator(".trial-dialled")
    add_rule(rules, 0, name="Все", pattern="+7.", strip="1")
    add_rule(rules, 1, name="Мобильные", pattern="+79.", strip="2", prepend="77")
    rules.fill("[name=try_number]", "8 916 111-22-33")
    expect(dialled).to_have_text("79161112233")
    rules.locator("[data-rule]").nth(1).locator("[data-move=up]").click()
    expect(dialled).to_have_text("779161112233")
    rules.check("[name=rules-1-DELETE]")
    expect(dialled).to_have_text("79161112233")
    rules.fill("[name=rules-0-pattern]", "8(")
    expect(rules.locator(".trial-mistakes li")).to_have_count(1)


def test_without_scripts_the_buttons_do_it(browser: Browser, office: Office) -> None:
    context = log_in(browser, office.url, "admin")
    state = context.storage_state()
    context.close()
    plain = browser.new_context(java_script_enabled=False, storage_state=state)
    page = plain.new_page()
    page.goto(f"{office.url}/admin/crm/numberingplan/")
    page.fill("[name=area_code]", "495")
    page.fill("[name=try_number]", "111-22-33")
    page.click("[data-try-button]")
    expect(page.locator(".trial-dialled")).to_have_text("84951112233")
    expect(page.locator("[name=area_code]")).to_have_value("495")
    expect(page.locator("[name=rules-0-ORDER]")).to_be_visible()
    plain.close()
