"""Phone width, 200 % zoom, keyboard alone, screen readers, 1,000 colleagues."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e import scenes
from tests.e2e.axe import serious
from tests.e2e.conftest import Office, Open, log_in
from tests.e2e.test_panel import live, row
from tests.left_out import require

pytestmark = pytest.mark.browser


def crowded(office: Office) -> None:
    """Everything the panel can show, at once."""
    state = scenes.busy_office(20, own="talking")
    who = scenes.party("+79161234567", contact=scenes.ROMASHKA)
    state["ext/101"] = {
        "call:1": scenes.inbound("1", who, others=("203",)),
        "call:2": scenes.inbound("2", scenes.party("+74957654321"), state="talking", ago=133),
        "call:3": scenes.inbound("3", who, state="on_hold"),
    }
    office.do("replace", state=state)


@pytest.mark.parametrize(("lang", "dark"), [("ru", False), ("ru", True), ("en", False), ("en", True)])
def test_axe_finds_nothing_serious_on_the_panel(office: Office, open_panel: Open, lang: str, dark: bool) -> None:
    crowded(office)
    page = live(open_panel(lang=lang, dark=dark, reduced_motion="reduce"))
    expect(page.locator("article.call")).to_have_count(3)
    assert serious(page) == []
    page.click("button[data-view=tiles]")
    page.click("#my-menu summary")
    assert serious(page) == []
    office.do("link", state="down", reason="closed")
    expect(page.locator("#banner")).to_be_visible()
    assert serious(page) == []


@pytest.mark.parametrize("dark", [False, True])
def test_axe_finds_nothing_serious_on_other_pages(browser: Browser, office: Office, dark: bool) -> None:
    context = browser.new_context(locale="ru", color_scheme="dark" if dark else "light")
    page = context.new_page()
    for path in ("/login/", "/login/?next=/admin/", "/no-such-page/"):
        page.goto(office.url + path)
        assert (path, serious(page)) == (path, [])
    context.close()


def test_no_english_is_left_on_the_russian_panel(office: Office, open_panel: Open) -> None:
    crowded(office)
    page = live(open_panel())
    words = set(page.locator("body").inner_text().split())
    latin = {word for word in words if any("a" <= letter <= "z" for letter in word.lower())}
    assert latin == {"astpanel", "Ctrl", "K", "C", "sales"}  # the product, keys, and a queue's own name


def test_phone_width(office: Office, open_panel: Open) -> None:
    office.do("replace", state=scenes.busy_office(20))
    page = live(open_panel(width=390, height=844, has_touch=True))
    names = {"people": "#tab-people", "calls": "#tab-calls", "card": "#side-card", "history": "#side-history"}
    columns = {tab: page.locator(name) for tab, name in names.items()}
    for tab, column in columns.items():
        page.click(f".tabbar [data-tab={tab}]")
        expect(column).to_be_visible()
        assert [name for name, other in columns.items() if other.is_visible()] == [tab]
        assert page.evaluate("document.documentElement.scrollWidth") == 390
    who = scenes.party("+79161234567", contact=scenes.ROMASHKA)
    office.set(ext_101={"call:1": scenes.inbound("1", who)})
    card = page.locator("article.call")
    expect(card).to_be_visible()  # on top of the history
    box = card.bounding_box()
    assert box is not None
    assert box["y"] < 20
    card.locator("[data-act=hangup]").click()
    expect(page.locator(".toast")).to_be_visible()


@pytest.mark.parametrize("width", [720, 640])
def test_200_percent_zoom(office: Office, open_panel: Open, width: int) -> None:
    """1440 and 1280 at 200 % are 720 and 640 CSS pixels wide."""
    crowded(office)
    page = live(open_panel(width=width, height=450))
    for tab in ("people", "calls", "card", "history"):
        page.click(f".tabbar [data-tab={tab}]")
        assert page.evaluate("document.documentElement.scrollWidth") == width
    expect(page.locator(".topbar #link-badge")).to_be_in_viewport()


def test_keyboard_alone(office: Office, open_panel: Open) -> None:
    office.do("replace", state=scenes.busy_office(20))
    page = live(open_panel())
    page.keyboard.press("Control+k")
    expect(page.locator("#search")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(row(page, "200")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(row(page, "204")).to_be_focused()
    page.keyboard.press("w")
    expect(page.locator("#why-title")).to_contain_text("Дмитриева Жанна")
    page.keyboard.press("Escape")
    expect(row(page, "204")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(row(page, "204").locator("[data-act=why]")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    expect(page.locator(".toast")).to_contain_text("Дмитриева Жанна")
    assert [command["args"]["number"] for command in office.do("ports")] == ["204"]
    page.keyboard.press("End")
    expect(page.locator("ap-colleague").last).to_be_focused()
    page.keyboard.press("?")
    expect(page.locator("#shortcuts")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#shortcuts")).to_be_hidden()
    assert page.locator('ap-colleague[tabindex="0"]').count() == 1


@pytest.fixture(scope="module")
def large_office(assets: Path) -> Iterator[Office]:
    """1,000 colleagues."""
    require("chromium")
    office = Office(1000)
    yield office
    office.stop()


def test_a_thousand_colleagues(browser: Browser, large_office: Office) -> None:
    large_office.do("replace", state=scenes.busy_office(1000))
    context = log_in(browser, large_office.url, "operator")
    page = live(context.pages[0])
    expect(page.locator("ap-colleague")).to_have_count(1002)
    changes: dict[str, Any] = {f"ext:{200 + i}": scenes.extension(str(200 + i), "ringing") for i in range(0, 1000, 5)}
    large_office.set(office=changes)
    expect(row(page, "1195")).to_have_attribute("data-state", "ringing")
    began = time.monotonic()
    page.fill("#search", "1195")
    expect(page.locator("ap-colleague:not([hidden])")).to_have_count(1)
    assert time.monotonic() - began < 5
    page.fill("#search", "")
    slow = page.evaluate(SCROLL)
    assert slow["frames"] > 30
    assert slow["blank"] == 0
    context.close()


# Scroll through the list at 3,000 px/s while nothing else happens: the rows in view are drawn in each frame
SCROLL = """async () => {
    const list = document.getElementById('people');
    const frame = () => new Promise(requestAnimationFrame);
    let frames = 0, blank = 0;
    for (let top = 0; top < list.scrollHeight; top += 1000) {
        list.scrollTop = top;
        await frame();
        frames += 1;
        const box = list.getBoundingClientRect();
        const hit = document.elementFromPoint(box.left + 60, box.top + box.height / 2);
        if (!hit || !hit.closest('ap-colleague, .group-head')) blank += 1;
    }
    return { frames, blank };
}"""
