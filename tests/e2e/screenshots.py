"""The pictures of docs/screenshots, taken from the real pages: python -m tests.e2e.screenshots [--all FOLDER].

Without --all the few that are kept in the project; with it every width, theme, language and scene of the panel, to look
at. Those of the admin centre are in centre_pictures.py.
"""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser, Page, sync_playwright

from tests.e2e import centre_pictures, customer_centre_pictures, scenes
from tests.e2e.conftest import FLAGS, ROOT, Office, log_in
from tests.e2e.customer_pictures import LINE
from tests.e2e.customer_pictures import SCENES as LOOKED_AT
from tests.left_out import find

KEPT: Final = ROOT / "docs/screenshots"
WIDTHS: Final = {1440: 900, 1280: 800, 390: 844}


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture: which scene, how wide, which look."""

    scene: str
    width: int = 1440
    dark: bool = False
    lang: str = "ru"

    @property
    def name(self) -> str:
        return f"{self.scene}-{self.width}-{'dark' if self.dark else 'light'}-{self.lang}.png"


SCENES: Final = ("panel", "ringing", "talking", "lost", "empty", "supervisor", "tiles", "search", "people", "thousand")
KEEP: Final = (
    Shot("panel"),
    Shot("ringing"),
    Shot("ringing", dark=True),
    Shot("supervisor", width=1280, lang="en"),
    Shot("tiles", dark=True),
    Shot("lost", width=1280),
    Shot("thousand", width=1280, dark=True),
    Shot("people", width=390),
    Shot("ringing", width=390),
    Shot("login", width=1280),
    Shot("caller"),
    Shot("add-number"),
    Shot("card", width=390, dark=True),
)
OF_CUSTOMERS: Final = ("caller", "add-number", "card")


def state_of(scene: str, people: int) -> dict[str, dict[str, Any]]:
    """What the PBX says in this scene."""
    if scene == "empty":
        return {"office": {}}
    if scene in LOOKED_AT:
        return LOOKED_AT[scene].state(people)
    state = scenes.busy_office(people)
    romashka = scenes.party("+79161234567", "PETR", scenes.ROMASHKA)
    if scene in {"ringing", "people"}:
        state["office"]["ext:101"] = scenes.extension("101", "ringing", ago=7)
        state["ext/101"] = {"call:1": scenes.inbound("1", romashka, others=("203", "207"))}
    if scene in {"talking", "lost"}:
        state["office"]["ext:101"] = scenes.extension("101", "talking", ago=133)
        held = scenes.party("+74957654321", "Склад «Север»")
        state["ext/101"] = {
            "call:1": scenes.inbound("1", romashka, state="talking", ago=133),
            "call:2": scenes.inbound("2", held, state="on_hold", queue="", ago=311),
            "call:3": scenes.inbound("3", scenes.party("+33142685300"), ago=4),
        }
    if scene == "caller":
        state["office"]["ext:101"] = scenes.extension("101", "talking", ago=48)
        state["ext/101"] = {
            "call:1": scenes.inbound("1", scenes.party(LINE, contact=_company()), state="talking", ago=48)
        }
    return state


def _company() -> dict[str, Any]:
    """As the gateway names the company on its line."""
    other = {"kind": "person", "id": 4, "name": "Зимин Лев", "company": "АО «Северный ветер»"}
    own = {"kind": "counterparty", "id": 3, "name": "АО «Северный ветер»", "company": "", "others": [other]}
    return scenes.ROMASHKA | own | {"manager": 2}


def prepare(page: Page, scene: str) -> None:
    """What a person would press."""
    if scene in LOOKED_AT:
        LOOKED_AT[scene].way(page)
    narrow = page.viewport_size is not None and page.viewport_size["width"] < 900
    if narrow and scene in {"tiles", "search", "people", "thousand", "supervisor"}:
        page.click(".tabbar [data-tab=people]")
    if scene == "tiles":
        page.click("button[data-view=tiles]")
    elif scene == "search":
        page.fill("#search", "+7 495 111")
    elif scene == "thousand":
        page.click("button[data-filter=all]")
    elif scene == "caller":
        page.click("#side-tab-card")
        page.locator("#card .card-head h2").wait_for()
    elif scene == "add-number":
        page.locator(".recent-place").first.click()
        page.fill("#place-q", "северный")
        page.locator(".place-option[name=choose]", has_text="Северный").click()
        page.locator("#place-table").wait_for()
    elif scene == "card":
        page.goto(f"{page.url}panel/card/?number=%2B{LINE[1:]}")
        page.locator("#banner").wait_for(state="hidden")


@contextmanager
def opened(browser: Browser, office: Office, shot: Shot, people: int) -> Iterator[Page]:
    """The page of the shot, ready."""
    options: dict[str, Any] = {"width": shot.width, "height": WIDTHS[shot.width], "lang": shot.lang, "dark": shot.dark}
    user = {"supervisor": "supervisor", "empty": "nonumber", "card": "editor"}.get(shot.scene, "operator")
    if shot.scene in LOOKED_AT:
        user = LOOKED_AT[shot.scene].user
        LOOKED_AT[shot.scene].furnish(office)
    if shot.scene == "login":
        context = browser.new_context(
            viewport={"width": shot.width, "height": WIDTHS[shot.width]},
            locale=shot.lang,
            color_scheme="dark" if shot.dark else "light",
        )
        page = context.new_page()
        page.goto(f"{office.url}/login/")
    else:
        office.do("replace", state=state_of(shot.scene, people))
        context = log_in(browser, office.url, user, **options)
        page = context.pages[0]
        page.wait_for_selector("#link-badge[data-level=ok]")
        prepare(page, shot.scene)
        if shot.scene == "lost":
            office.do("link", state="down", reason="closed")
            page.wait_for_selector("#banner[data-level=down]")
    yield page
    context.close()


def shots(everything: bool) -> list[Shot]:
    """Which pictures."""
    if not everything:
        return list(KEEP)
    looks = [(1440, False), (1440, True), (1280, False), (390, False), (390, True)]
    names = (*SCENES, *OF_CUSTOMERS, *LOOKED_AT, "login")
    return [Shot(s, w, d, lang) for s in names for w, d in looks for lang in ("ru", "en") if (lang, d) != ("en", True)]


def main() -> None:
    """Take them."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--all", type=Path)
    parser.add_argument("--only", default="", help="part of the name, or several, parted by commas")
    options = parser.parse_args()
    folder = options.all or KEPT
    folder.mkdir(parents=True, exist_ok=True)
    wanted = [
        shot for shot in shots(options.all is not None) if any(part in shot.name for part in options.only.split(","))
    ]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(find("chromium")), args=FLAGS)
        for people in (20, 1000):
            due = [shot for shot in wanted if (shot.scene == "thousand") == (people == 1000)]
            if not due:
                continue
            office = Office(people, ASTPANEL_DEMO="1")
            try:
                for shot in due:
                    with opened(browser, office, shot, people) as page:
                        page.screenshot(path=folder / shot.name)
                        print(shot.name)  # noqa: T201 - a command's progress
            finally:
                office.stop()
        centre_pictures.take(browser, folder, options.only)
        if options.all is not None:
            customer_centre_pictures.take(browser, folder, options.only)
        browser.close()


if __name__ == "__main__":
    main()
