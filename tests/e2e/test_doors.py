"""Who gets in, and what the others are told."""

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.conftest import Office, Open, log_in, new_context

pytestmark = pytest.mark.browser


def test_a_stranger_is_sent_to_the_log_in(browser: Browser, office: Office) -> None:
    context = new_context(browser)
    page = context.new_page()
    page.goto(office.url)
    expect(page).to_have_url(f"{office.url}/login/?next=/")
    page.fill("#id_username", "operator")
    page.fill("#id_password", "wrong")
    page.click("#login-form button[type=submit]")
    expect(page.locator(".notice.error")).to_contain_text("введите правильные")
    expect(page.locator("#id_username")).to_have_value("operator")
    context.close()


def test_not_in_use_is_explained(browser: Browser, office: Office) -> None:
    context = log_in(browser, office.url, "notinuse")
    expect(context.pages[0].locator("h1")).to_have_text("Панель для вас не включена")
    context.close()


def test_a_user_without_a_number_sees_colleagues_and_why_nothing_can_be_dialled(
    office: Office, open_panel: Open
) -> None:
    page = open_panel("nonumber")
    expect(page.locator("#own-phone-text")).to_contain_text("У вас нет внутреннего номера")
    expect(page.locator("ap-colleague")).to_have_count(22)


def test_language_and_appearance_are_kept(office: Office, open_panel: Open) -> None:
    page = open_panel()
    page.click("#my-menu summary")
    page.click("[data-theme-choice=dark]")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.click("button[name=language][value=en]")
    expect(page.locator("#people-title")).to_have_text("Colleagues")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.goto(f"{office.url}/")
    expect(page.locator("#calls-title")).to_have_text("My calls")
