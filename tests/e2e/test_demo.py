"""The product as a newcomer starts it: `manage.py run`, its demo PBX, its gateway, and a browser."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.conftest import PATIENCE, ROOT, new_context
from tests.left_out import require
from tests.servers import free_port, wait_until

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def portal(assets: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """→ the address of a running demo."""
    require("chromium")
    folder, port = tmp_path_factory.mktemp("demo"), free_port()
    environment = os.environ | {"ASTPANEL_VAR": str(folder), "ASTPANEL_PORT": str(port)}
    for name in ("ASTPANEL_DATABASE", "ASTPANEL_REDIS", "PBX"):
        environment.pop(name, None)
    with (folder / "log").open("w+") as log:
        command = [sys.executable, "manage.py", "run"]
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        url = f"http://127.0.0.1:{port}"
        wait_until(lambda: process.poll() is not None or url in (folder / "log").read_text(), "the demo to start", 120)
        if process.poll() is not None:
            pytest.fail((folder / "log").read_text()[-2000:])
        yield url
        process.terminate()
        process.wait(60)


def test_arrow_rings_talks_and_ends_in_the_list_of_calls(browser: Browser, portal: str) -> None:
    context = new_context(browser)
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(portal)
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
    expect(page.locator(".recent-who").filter(has_text=name).first).to_be_visible(timeout=3 * PATIENCE)
    assert (bool(re.fullmatch(r"[0-9]+", me)), errors) == (True, [])
    context.close()
