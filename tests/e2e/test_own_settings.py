"""«Мои настройки», opened from the panel: saving, the generator, audio devices with and without permission."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import FLAGS, Office, Open, log_in, new_context
from tests.left_out import require

pytestmark = pytest.mark.browser
FAKE_DEVICES = "--use-fake-device-for-media-stream"
SAVE = "#own-settings .own-save button"


@pytest.fixture
def with_devices(browser: Browser) -> Iterator[Browser]:
    """A browser whose computer has a microphone and loudspeakers."""
    started = browser.browser_type.launch(executable_path=str(require("chromium")), args=[*FLAGS, FAKE_DEVICES])
    yield started
    started.close()


def options(page: Page, field: str) -> list[str]:
    return list(page.locator(f"#id_{field} option").evaluate_all("found => found.map(option => option.value)"))


def test_from_the_panel_and_back(open_panel: Open) -> None:
    page = open_panel("supervisor")
    page.click("#my-menu summary")
    page.click("#my-menu a[href='/settings/']")
    interception = page.locator("#id_intercept_own_clients")
    expect(interception).not_to_be_checked()
    interception.check()
    page.click(".sip-password button >> nth=0")
    expect(page.locator("#id_sip_password")).to_have_value(re.compile(r"^[A-Za-z2-9]{24}$"))
    page.click(SAVE)
    expect(page.locator(".notice.ok")).to_be_visible()
    expect(interception).to_be_checked()
    expect(page.locator("#id_sip_password")).to_have_value("")
    interception.uncheck()
    page.check("[name=sip_password-forget]")
    page.click(SAVE)
    expect(page.locator(".notice.ok")).to_be_visible()
    expect(interception).not_to_be_checked()
    page.click(".own-bar a")
    expect(page.locator("#calls-title")).to_be_visible()


def test_devices_are_listed_when_allowed_and_kept_by_name(with_devices: Browser, office: Office) -> None:
    page = log_in(with_devices, office.url, "operator").pages[0]
    page.goto(f"{office.url}/settings/")
    expect(page.locator("[data-ask]")).to_be_visible()
    assert options(page, "sound_input") == [""]
    page.context.grant_permissions(["microphone"], origin=office.url)
    page.click("[data-ask]")
    microphone = page.locator("#id_sound_input option").nth(1)
    expect(microphone).to_be_attached()
    expect(page.locator("[data-ask]")).to_be_hidden()
    chosen = options(page, "sound_input")[1]
    assert all(options(page, name)[0] == "" for name in ("sound_ring", "sound_output", "sound_input"))
    page.select_option("#id_sound_input", chosen)
    page.click(SAVE)
    expect(page.locator(".notice.ok")).to_be_visible()
    expect(page.locator("#id_sound_input")).to_have_value(chosen)


def test_without_permission_it_says_why_and_the_page_still_works(with_devices: Browser, office: Office) -> None:
    page = log_in(with_devices, office.url, "supervisor").pages[0]
    page.goto(f"{office.url}/settings/")
    page.click("[data-ask]")
    expect(page.locator("[data-said][data-problem=NotAllowedError]")).not_to_be_empty()
    expect(page.locator("[data-ask]")).to_be_enabled()
    assert options(page, "sound_ring") == [""]
    page.check("#id_softphone")
    page.click(SAVE)
    expect(page.locator(".notice.ok")).to_be_visible()


def test_without_scripts_it_is_saved_too(browser: Browser, office: Office) -> None:
    context = log_in(browser, office.url, "nonumber")
    state = context.storage_state()
    context.close()
    plain = new_context(browser, java_script_enabled=False, storage_state=state)
    page = plain.new_page()
    page.goto(f"{office.url}/settings/")
    page.check("#id_softphone")
    page.click(SAVE)
    expect(page.locator(".notice.ok")).to_be_visible()
    expect(page.locator("#id_softphone")).to_be_checked()
    plain.close()
