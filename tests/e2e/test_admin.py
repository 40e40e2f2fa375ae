"""The administration in a real browser: no page is broken by the Content-Security-Policy, and scripts do their part."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import Office, log_in

USERS = "/admin/accounts/paneluser/"


@pytest.fixture
def open_admin(browser: Browser, running_office: Office) -> Iterator[Callable[..., Page]]:
    """open_admin("/admin/…", width=390, …) → the page, logged in as the administrator. Fails on any console error."""
    contexts = []
    errors: list[str] = []

    def open_(address: str, **options: object) -> Page:
        context = log_in(browser, running_office.url, "admin", **options)
        contexts.append(context)
        page = context.pages[0]
        page.on("pageerror", lambda error: errors.append(f"{page.url}: {error}"))
        page.on("console", lambda said: errors.append(f"{page.url}: {said.text}") if said.type == "error" else None)
        page.goto(running_office.url + address)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert errors == []


def test_nothing_is_blocked_on_any_page(open_admin: Callable[..., Page], running_office: Office) -> None:
    page = open_admin("/admin/")
    links = page.eval_on_selector_all("#content a[href], #nav-sidebar a[href]", "all => all.map(one => one.href)")
    inside = {link.partition("#")[0] for link in links if "/admin/" in link}
    seen = set()
    for address in sorted(inside):
        page.goto(address)
        seen.add(address.removeprefix(running_office.url))
        first = page.locator("#result_list tbody tr th a").first
        if first.count():
            first.click()
            page.wait_for_load_state()
            history = page.locator(".object-tools a")
            for link in history.evaluate_all("all => all.map(one => one.href)"):
                if "/admin/" in link and "/start/" not in link:
                    page.goto(link)
    assert {USERS, "/admin/auditlog/logentry/", "/admin/accounts/department/add/"} <= seen
    for address in ("import/", "from-pbx/", "add/", "?q=101", "?phone=yes&drift=none"):
        page.goto(running_office.url + USERS + address)
        assert page.title().endswith("astpanel")


def test_the_sip_password_is_made_in_the_browser_and_never_shown_again(
    open_admin: Callable[..., Page], running_office: Office
) -> None:
    page = open_admin(USERS + "?q=user210", lang="en")
    page.locator("#result_list tbody th a").first.click()
    field = page.locator("#id_sip_password")
    expect(field).to_have_attribute("type", "password")
    page.get_by_role("button", name="Generate").click()
    password = field.input_value()
    assert re.fullmatch(r"[A-HJ-NP-Za-km-np-z2-9]{24}|[A-Za-z2-9]{24}", password)
    page.get_by_role("button", name="Generate").click()
    assert field.input_value() != password
    password = field.input_value()
    page.locator("input[name=_continue]").click()
    expect(page.locator(".messagelist")).to_be_visible()
    assert password not in page.content()
    expect(page.locator("#id_sip_password")).to_have_value("")
    assert (page.locator("#id_sip_password").get_attribute("placeholder") or "").startswith("set;")


def test_an_action_asks_first(open_admin: Callable[..., Page]) -> None:
    page = open_admin(USERS + "?q=user21", lang="en")
    page.locator("#action-toggle").check()
    page.select_option("select[name=action]", "take_seat")
    page.locator("button[name=index]").click()
    expect(page.locator(".act-count")).to_contain_text("This concerns")
    page.locator(".act-buttons a.cancel").click()
    expect(page.locator("#result_list")).to_be_visible()
    page.goto(page.url.split("?")[0] + "?q=user219")
    page.locator("#action-toggle").check()
    page.select_option("select[name=action]", "switch_off")
    page.locator("button[name=index]").click()
    expect(page.locator(".act-count")).to_contain_text("They can no longer log in")
    page.get_by_role("button", name="Switch the accounts off").click()
    expect(page.locator(".messagelist")).to_contain_text("1 user changed.")
    expect(page.locator("#result_list")).to_contain_text("account switched off")
    page.locator("#action-toggle").check()  # the office is everybody's: as it was before
    page.select_option("select[name=action]", "switch_on")
    page.locator("button[name=index]").click()
    page.get_by_role("button", name="Switch the accounts on").click()
    expect(page.locator("#result_list")).not_to_contain_text("account switched off")


def test_a_file_of_people(open_admin: Callable[..., Page], tmp_path: Path, running_office: Office) -> None:
    file = tmp_path / "люди.csv"
    file.write_text("Логин;Фамилия;Внутренний номер\nnewman;<b>Новый</b>;777\n", encoding="cp1251")
    page = open_admin(USERS + "import/", lang="en")
    page.set_input_files("#id_file", str(file))
    page.locator("input[type=submit].default").click()
    expect(page.locator(".import-counts")).to_contain_text("1 new users")
    page.locator("input[type=submit].default").click()
    expect(page.locator(".import-counts")).to_contain_text("1 users made")
    page.goto(running_office.url + USERS + "?q=777")
    expect(page.locator("#result_list tbody tr")).to_have_count(1)
    expect(page.locator("#result_list")).to_contain_text("<b>Новый</b>")
    page.locator("#result_list tbody th a").click()  # the office is everybody's: as it was before
    page.locator(".deletelink").click()
    page.locator("#content form input[type=submit]").click()
    expect(page.locator(".messagelist .success")).to_be_visible()
