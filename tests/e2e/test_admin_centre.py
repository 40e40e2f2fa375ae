"""The admin centre of a running demo, clicked through: no page hinders anybody, in either theme, also on a phone."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.centre import Centre
from tests.e2e.demo import Demo

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("demo")]
PAGES = (
    "",
    "accounts/paneluser/",
    "accounts/profile/",
    "accounts/profileassignment/",
    "accounts/drift/",
    "accounts/license/",
    "licences/upload/",
    "telephony/pbx/",
    "telephony/pbxcheck/",
    "crm/numberingplan/",
    "crm/customersource/",
    "crm/customersource/map/",
    "crm/customersource/loading/",
    "crm/sourceimport/",
    "crm/sourceuser/",
    "crm/refusedrow/",
    "crm/pendingtransfer/",
    "crm/counterparty/",
    "crm/counterparty/add/",
    "crm/counterparty/import/",
    "crm/counterparty/export/",
    "crm/contactperson/",
    "crm/contactinfokind/",
    "crm/cardlink/",
    "crm/cardlink/add/",
    "crm/numberplacement/",
    "crm/mergerecord/",
    "duplicates/?by=number",
    "duplicates/?by=name",
    "api/apiclient/",
    "api/apiclient/add/",
    "accounts/paneluser/import/",
    "accounts/paneluser/from-pbx/",
    "jobs/job/",
    "auditlog/logentry/",
)


@pytest.fixture(scope="module")
def lived_in(browser: Browser, demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    """The administrator has set the demo up and used it: the pages have something to show."""
    centre = Centre(browser, demo.url)
    centre.through_the_assistant()
    centre.open_profile("Офис", "assign")
    centre.press()
    centre.assigned()
    centre.change_one_user()
    centre.check_the_pbx()
    centre.look("PBX check")
    centre.upload_people(tmp_path_factory.mktemp("people"))
    centre.look("import looked through")
    yield centre
    centre.close()


@pytest.mark.parametrize(("lang", "dark"), [("ru", False), ("en", True)])
def test_no_page_hinders_anybody(browser: Browser, lived_in: Centre, lang: str, dark: bool) -> None:
    centre = Centre(browser, lived_in.url, lang=lang, dark=dark, both_themes=lang == "ru")
    for path in PAGES:
        centre.look(path, path)
    for path in (
        *("accounts/paneluser/?q=120", "telephony/pbx/", "jobs/job/", "accounts/license/"),
        *("crm/counterparty/", "crm/contactperson/", "crm/contactinfokind/"),
    ):
        centre.first_row(path)
        centre.look(f"first row of {path}")
    for page in ("change", "users", "assign"):
        centre.open_profile("Офис", page)
        centre.look(f"profile: {page}")
    centre.open_own_settings()
    centre.look("own settings")
    centre.close()
    assert lived_in.found | centre.found == {}


def test_a_profile_is_assigned_and_taken_back(browser: Browser, demo: Demo) -> None:
    centre = Centre(browser, demo.url)
    centre.open_profile("Продажи", "assign")
    page, figures = centre.page, centre.page.locator("ul.figures")
    expect(figures).to_contain_text("5 к изменению")
    with demo.workers_asleep():
        centre.press()
        expect(page.locator(".job[data-state=queued]")).to_be_visible()
        expect(page.locator(".job progress")).to_be_visible()
        expect(page.locator("[data-part=lost]")).to_be_hidden()
        centre.look("waits for a worker")
        expect(page.locator(".people li")).to_have_count(1)  # nobody yet
    centre.assigned()  # told over the job's socket: nobody loads the page anew
    expect(page.locator(".people .outcome-changed")).to_have_count(5)
    centre.look("assigned")
    page.locator(".buttons a.button").click()
    page.wait_for_url("**/undo/")
    expect(figures).to_contain_text("5 получат прежнее")
    centre.look("undo")
    centre.press()
    centre.assigned()
    expect(page.locator(".people .outcome-changed")).to_have_count(5)
    centre.open_profile("Продажи", "assign")
    expect(figures).to_contain_text("5 к изменению")
    centre.close()
    assert centre.found == {}
