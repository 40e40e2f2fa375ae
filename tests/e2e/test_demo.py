"""The product as a newcomer starts it: `manage.py run`, its demo PBX, its gateway, and a browser."""

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.conftest import PATIENCE, new_context
from tests.e2e.demo import Demo

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("demo")]


def test_arrow_rings_talks_and_ends_in_the_list_of_calls(browser: Browser, demo: Demo) -> None:
    context = new_context(browser)
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(demo.url)
    page.click("[data-demo-username=operator]")
    expect(page.locator("#link-badge")).to_have_attribute("data-level", "ok")
    expect(page.locator("ap-colleague")).to_have_count(20)
    me = page.locator("#my-phone .num").inner_text()
    # the colleague who is off stays off: the arrow is blocked; one who is free is rung
    expect(page.locator("ap-colleague[data-state=off] .call-arrow[aria-disabled=true]").first).to_be_visible()
    free = page.locator("ap-colleague[data-state=free]:not([data-detail=dnd])").filter(
        has=page.locator(".call-arrow:not([hidden]):not([aria-disabled=true])")
    )
    name = free.first.get_attribute("data-title") or ""
    free.first.locator(".call-arrow").click()
    expect(page.locator(".toast").last).to_contain_text(name)
    card = page.locator("article.call").filter(has=page.locator(".call-name", has_text=name))
    expect(card).to_be_visible()
    card.locator("[data-act=hangup]").click()
    expect(card).to_have_count(0)
    page.get_by_role("tab", name="История").click()  # a caller's card may have opened before it
    expect(page.locator(".recent-who").filter(has_text=name).first).to_be_visible(timeout=3 * PATIENCE)
    assert (bool(re.fullmatch(r"[0-9]+", me)), errors) == (True, [])
    context.close()
