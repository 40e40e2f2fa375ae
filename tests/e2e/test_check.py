"""Lines of the PBX check are copied by one click, with a password that only this page knows."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Office, Open

pytestmark = pytest.mark.browser


def test_lines_are_copied(office: Office, open_panel: Open) -> None:
    page = open_panel("admin", lang="en")
    page.goto(f"{office.url}/admin/telephony/pbxcheck/")
    page.locator("#result_list tbody a").first.click()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    snippet = page.locator("[data-snippet]")
    lines = snippet.locator("[data-text]")
    expect(lines).to_contain_text("secret = CHANGE-ME")
    snippet.locator("[data-generate]").click()
    expect(lines).not_to_contain_text("CHANGE-ME")
    expect(snippet.locator("[data-generate]")).to_be_hidden()
    snippet.locator("[data-copy]").click()
    expect(page.locator("[data-copied]")).to_have_text("Copied: lines for manager.conf.")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == lines.text_content()
    (secret,) = re.findall(r"^secret = (.+)$", copied, re.MULTILINE)
    assert re.fullmatch(r"[A-Za-z2-9]{24}", secret)
    assert copied.splitlines()[0] == "[astpanel]"
