"""Customers in the administration to look at, in every width and theme: a merge, a reading of 1C and its report."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from playwright.sync_api import Browser, Page, expect

from tests.crm.sources.families import base
from tests.crm.sources.onec import serve
from tests.e2e.centre import WORK, Centre
from tests.e2e.centre_pictures import merge
from tests.e2e.demo import running_demo

CUSTOMERS: Final = 3000  # so many that a reading takes a while
LOOKS: Final = {"1440": (1440, 900), "390": (390, 844)}
NAMES: Final = ("merging", "reading", "report")


def _confirm_map(centre: Centre, url: str, username: str, password: str) -> None:
    page = centre.page
    centre.open("crm/customersource/")
    page.select_option("#id_configuration", "ut11")
    for name, value in {"url": url, "username": username, "password": password}.items():
        page.fill(f"#id_{name}", value)
    page.locator(".source-button[value=save]").click()
    centre.open("crm/customersource/map/")
    page.locator("button[name=action][value=propose], button[name=action][value=look]").first.click()
    confirm = page.locator("button[name=action][value=confirm]")
    expect(confirm).to_be_visible(timeout=WORK)
    confirm.click()
    page.wait_for_load_state()


def _scenes(centre: Centre) -> Iterator[str]:
    """The name of each scene when its page is there."""
    with ExitStack() as stack:
        onec = stack.enter_context(serve(base("ut11", CUSTOMERS)))
        _confirm_map(centre, onec.connection.url, onec.connection.username, onec.connection.password)
        merge(centre)
        yield "merging"
        centre.open("crm/customersource/loading/")
        centre.page.locator("button[name=action][value=full]").click()
        expect(centre.page.locator(".job-text")).not_to_be_empty(timeout=WORK)
        yield "reading"
        expect(centre.page.locator("button[name=action][value=full]")).to_be_enabled(timeout=10 * WORK)
        centre.page.reload()
        yield "report"


def _shoot(page: Page, folder: Path, name: str) -> None:
    for width, (wide, high) in LOOKS.items():
        page.set_viewport_size({"width": wide, "height": high})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")
            page.screenshot(path=folder / f"{name}-{width}-{scheme}-ru.png", full_page=width == "390")
    page.set_viewport_size({"width": 1440, "height": 900})
    print(name)  # noqa: T201 - a command's progress


def take(browser: Browser, folder: Path, only: str) -> None:
    """All of them, when one of the parts `only`, parted by commas, is in one's name."""
    if not any(part in name for part in only.split(",") for name in NAMES):
        return
    with TemporaryDirectory(prefix="astpanel-demo-") as files, running_demo(Path(files)) as demo:
        centre = Centre(browser, demo.url, both_themes=False)
        for name in _scenes(centre):
            _shoot(centre.page, folder, name)
        centre.close()
