"""A client of the interface is made, its token copied, and tried on the page that describes it all."""

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Office, Open

pytestmark = pytest.mark.browser


def test_a_client_is_made_and_its_token_tried(office: Office, open_panel: Open) -> None:
    page = open_panel("admin", lang="en")
    page.goto(f"{office.url}/admin/api/apiclient/add/")
    page.get_by_label("Name").fill("CRM")
    page.get_by_label("ask who calls").check()
    page.get_by_role("button", name="Save", exact=True).click()
    token = page.locator("[data-text]").text_content()
    assert token is not None
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("status")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == token
    page.get_by_role("link", name="I have copied it").click()
    expect(page.get_by_role("heading", name="CRM")).to_be_visible()
    page.goto(f"{office.url}/api/docs")
    page.get_by_role("button", name="Authorize").click()
    page.get_by_label("bearer-value").fill(token)
    page.get_by_role("button", name="Apply credentials").first.click()
    page.get_by_role("button", name="Close").first.click()
    page.locator("#operations-caller-crm_api_callers_caller .opblock-summary-control").click()
    page.get_by_role("button", name="Try it out").click()
    page.get_by_placeholder("number").fill("101")
    page.get_by_role("button", name="Execute").click()
    expect(page.locator(".live-responses-table .response .response-col_status")).to_contain_text("200")
    expect(page.locator(".live-responses-table .highlight-code").first).to_contain_text('"reason": "internal"')
    page.goto(f"{office.url}/admin/api/apiclient/")  # the shared office is left as it was
    page.get_by_role("link", name="CRM").click()
    page.get_by_role("link", name="Delete").click()
    page.get_by_role("button", name="Yes").click()
    expect(page.get_by_role("link", name="CRM")).to_have_count(0)
