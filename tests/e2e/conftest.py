"""The portal under test, a browser, and pages already logged in."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect, sync_playwright

from tests.e2e.demo import Demo, running_demo
from tests.e2e.people import PASSWORD
from tests.left_out import require

ROOT: Final = Path(__file__).parents[2]
PATIENCE: Final = 20_000  # ms: a busy machine
FLAGS: Final = [
    *("--no-sandbox", "--headless", "--disable-gpu", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
]


REMEMBER_SOCKETS: Final = """
    window.sockets = [];
    const Real = window.WebSocket;
    window.WebSocket = class extends Real {
        constructor(...args) { super(...args); window.sockets.push(this); }
    };
"""


class Office:
    """The running portal, and the strings of its publisher."""

    def __init__(self, people: int, **environment: str) -> None:
        with_us = ["setpriv", "--pdeathsig", "TERM", "--"]  # it ends when a test run is killed
        command = [*with_us, sys.executable, "-m", "tests.e2e.office", "--people", str(people)]
        self.process = subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.PIPE, text=True, env=os.environ | environment
        )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            pytest.fail(f"the portal did not start: exit {self.process.wait(10)}")
        ports = json.loads(line)
        self.url = f"http://127.0.0.1:{ports['port']}"
        self.control = socket.create_connection(("127.0.0.1", ports["control"]), timeout=30)
        self.lines = self.control.makefile("rw", encoding="utf-8")
        self.cookies: dict[str, Any] = {}  # of users who have logged in: once is enough

    def do(self, what: str, **order: Any) -> list[dict[str, Any]]:
        """Steer the publisher; → the commands it has received so far."""
        self.lines.write(json.dumps({"do": what, **order}) + "\n")
        self.lines.flush()
        return list(json.loads(self.lines.readline())["commands"])

    def set(self, **audiences: dict[str, Any]) -> None:
        """Publish a delta. `ext_101` stands for the audience ext/101."""
        self.do("set", changes={name.replace("_", "/"): values for name, values in audiences.items()})

    def stop(self) -> None:
        """End the process we started."""
        self.lines.close()
        self.control.close()
        self.process.terminate()
        self.process.wait(30)
        assert self.process.stdout is not None
        self.process.stdout.close()


@pytest.fixture(scope="session")
def assets() -> Path:
    """The bundle is what is in the tree now."""
    bundle = ROOT / "static-build/assets/bundle/panel.js"
    scripts = [path for part in ("panel", "customers") for path in (ROOT / "telephony/static" / part).glob("*.js")]
    newest = max(path.stat().st_mtime for path in scripts)
    if not bundle.exists() or bundle.stat().st_mtime < newest:
        subprocess.run([ROOT / "scripts/build-assets"], check=True)
    return bundle


@pytest.fixture(scope="session")
def running_office(assets: Path) -> Iterator[Office]:
    """One portal with 20 colleagues for all tests of this process."""
    require("chromium")
    office = Office(20)
    yield office
    office.stop()


@pytest.fixture(scope="session")
def demo(assets: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """With its PBX, gateway and workers, for all tests of this process: they are of one group."""
    require("chromium")
    with running_demo(tmp_path_factory.mktemp("demo")) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium. Per module: the sync API may not stay open while async tests run."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(require("chromium")), args=FLAGS)
        yield browser
        browser.close()


Open = Callable[..., Page]


@pytest.fixture
def office(running_office: Office) -> Office:
    """The portal with an empty, live PBX, and the history it began with."""
    running_office.do("forget_calls")
    running_office.do("replace", state={})
    return running_office


@pytest.fixture
def open_panel(browser: Browser, office: Office) -> Iterator[Open]:
    """open_panel("operator", lang="ru", width=1440, …) → the panel, logged in through the form. Fails on any error
    in the page's console."""
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def open_(user: str = "operator", **options: Any) -> Page:
        cookies = office.cookies.get(user)
        context = (
            new_context(browser, storage_state=cookies, **options)
            if cookies
            else log_in(browser, office.url, user, **options)
        )
        office.cookies[user] = {"cookies": context.cookies(), "origins": []}
        contexts.append(context)
        page = context.pages[0] if context.pages else context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        page.add_init_script(REMEMBER_SOCKETS)
        page.goto(office.url)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert errors == []


def new_context(browser: Browser, *, lang: str = "ru", **options: Any) -> BrowserContext:
    """A browser of its own. Options: width, height, dark, and those of Browser.new_context."""
    size = ViewportSize(width=options.pop("width", 1440), height=options.pop("height", 900))
    scheme: Literal["dark", "light"] = "dark" if options.pop("dark", False) else "light"
    context = browser.new_context(locale=lang, viewport=size, color_scheme=scheme, **options)
    context.set_default_timeout(PATIENCE)
    return context


def log_in(browser: Browser, url: str, user: str, **options: Any) -> BrowserContext:
    """A browser of its own, logged in through the form. Options as for new_context."""
    context = new_context(browser, **options)
    page = context.new_page()
    page.goto(f"{url}/login/")
    page.fill("#id_username", user)
    page.fill("#id_password", PASSWORD)
    page.click("#login-form button[type=submit]")
    page.wait_for_url(f"{url}/")
    return context


expect.set_options(timeout=PATIENCE)
