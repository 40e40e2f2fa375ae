"""The admin centre of the demo in a browser: somebody who looks at every page hard, and the ways through it."""

from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser, expect

from tests.e2e.axe import serious
from tests.e2e.conftest import new_context

WORK: Final = 60_000  # ms: what a worker or a check of a PBX may take on a busy machine
PHONE: Final = 390  # CSS pixels
STILL: Final = "Promise.allSettled(document.getAnimations().map(one => one.finished))"
PEOPLE: Final = """Логин;Фамилия;Имя;Внутренний номер
novoselov;Новосёлов;Никита;777
operator;Операторова;Ольга;102
;Безымянный;Борис;103
vtoroy;Второй;Вадим;102
"""


class Centre:
    """The administrator. `found` is what is wrong with the pages looked at: page → faults; empty is good."""

    def __init__(self, browser: Browser, url: str, *, both_themes: bool = True, **look: Any) -> None:
        """`look`: as for new_context."""
        self.url = url
        self._both_themes = both_themes
        self.found: dict[str, list[str]] = {}
        self._said: list[str] = []
        self._dark = bool(look.get("dark"))
        self.context = new_context(browser, reduced_motion="reduce", **look)
        self.page = self.context.new_page()
        self.page.on("pageerror", lambda error: self._said.append(str(error)))
        self.page.on("console", lambda said: self._said.append(said.text) if said.type == "error" else None)
        self.page.goto(f"{url}/login/")
        self.page.click("[data-demo-username=admin]")
        self.page.wait_for_url(f"{url}/")

    def open(self, path: str) -> None:
        """/admin/… of this path."""
        self.page.goto(f"{self.url}/admin/{path}")

    def look(self, name: str, path: str | None = None) -> None:
        """The page, opened first if there is a path: the console, axe, the contrast of the other theme, a phone."""
        if path is not None:
            self.open(path)
        self.page.wait_for_load_state()
        faults = [*self._said, *serious(self.page)]
        if self._both_themes:
            self._show(dark=not self._dark)
            faults += [f"other theme: {fault}" for fault in serious(self.page, "color-contrast")]
            self._show(dark=self._dark)
        usual = self.page.viewport_size
        assert usual is not None
        self.page.set_viewport_size({"width": PHONE, "height": 844})
        if (width := self.page.evaluate("document.documentElement.scrollWidth")) != PHONE:
            faults.append(f"{width} pixels wide on a phone")
        self.page.set_viewport_size(usual)
        self._said.clear()
        if faults:
            self.found[name] = faults

    def _show(self, *, dark: bool) -> None:
        self.page.emulate_media(color_scheme="dark" if dark else "light", reduced_motion="reduce")
        self.page.evaluate(STILL)

    def first_row(self, path: str) -> None:
        """The page of the first row of a list."""
        self.open(path)
        self.page.locator("#result_list tbody a").first.click()
        self.page.wait_for_load_state()

    # Ways through it

    def through_the_assistant(self) -> None:
        """All steps, with what the demo offers; each is looked at."""
        self.open("setup/")
        for step in ("agreement", "configuration", "protection", "contacts", "pbx", "numbers"):
            self.page.wait_for_url(f"**/admin/setup/{step}/")
            if step == "agreement":
                self.page.check("#id_accepted")
            if step == "numbers":
                self.page.fill("#id_area_code", "495")
            self.look(f"assistant: {step}")
            self.page.locator(".task-buttons .primary").click()
            if step == "pbx":
                expect(self.page.locator(".task-findings .finding").first).to_be_visible(timeout=WORK)
                self.look("assistant: what the check found")
                self.page.locator(".task-buttons .primary").click()
        self.page.wait_for_url("**/admin/setup/finish/")
        self.look("assistant: finish")

    def open_profile(self, name: str, page: str = "change") -> None:
        """Page `change`, `users` or `assign` of the profile of this name."""
        self.open("accounts/profile/")
        self.page.locator("#result_list tbody th a", has_text=name).click()
        self.page.wait_for_url("**/change/**")
        if page != "change":
            self.page.goto(self.page.url.partition("/change/")[0] + f"/{page}/")

    def press(self) -> None:
        """The page's own button."""
        self.page.locator("#content input[type=submit].default").click()

    def assigned(self) -> None:
        """Until the assignment, or its undo, is done and the page shows its users."""
        expect(self.page.locator(".people .chip").first).to_be_visible(timeout=WORK)
        expect(self.page.locator(".job")).to_have_count(0, timeout=WORK)

    def check_the_pbx(self, name: str = "") -> None:
        """The PBX whose name has this; until the check has found something."""
        self.first_row(f"telephony/pbx/?q={name}")
        self.page.locator(".check-start-button").click()
        expect(self.page.locator(".finding").first).to_be_visible(timeout=WORK)

    def upload_people(self, folder: Path) -> None:
        """A new user, one as it is, two with faults; looked through by the portal, nothing written."""
        file = folder / "сотрудники.csv"
        file.write_text(PEOPLE, encoding="cp1251")
        self.open("accounts/paneluser/import/")
        self.page.set_input_files("#id_file", str(file))
        self.press()
        expect(self.page.locator(".import-counts")).to_be_visible(timeout=WORK)

    def open_own_settings(self) -> None:
        """Until the page knows about the computer's audio devices."""
        self.page.goto(f"{self.url}/settings/")
        expect(self.page.locator("[data-ask]")).to_be_visible()

    def change_one_user(self) -> None:
        """So that somebody differs from the profile."""
        self.first_row("accounts/paneluser/?q=120")
        self.page.fill("#id_timeout_seconds", "45")
        self.page.locator("input[name=_save]").click()
        self.page.wait_for_url("**/accounts/paneluser/?**")

    def close(self) -> None:
        """The browser's window."""
        self.context.close()
