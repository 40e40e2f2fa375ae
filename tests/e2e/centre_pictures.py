"""Pictures of the admin centre for docs/screenshots, taken from a running demo."""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from playwright.sync_api import Browser, expect

from tests.crm.sources.families import base
from tests.crm.sources.onec import serve
from tests.e2e.centre import WORK, Centre
from tests.e2e.demo import running_demo

Way = Callable[[Centre], None]
LOOKS: Final = {  # width, height, dark, language
    "1440-light-ru": (1440, 900, False, "ru"),
    "1440-tall-ru": (1440, 1340, False, "ru"),
    "1440-dark-ru": (1440, 900, True, "ru"),
    "1280-light-en": (1280, 800, False, "en"),
    "390-light-ru": (390, 844, False, "ru"),
    "390-dark-ru": (390, 844, True, "ru"),
}


def assistant(centre: Centre) -> None:
    """The PBX step, with what the check found in view."""
    centre.open("setup/pbx/")
    if centre.page.viewport_size == {"width": 390, "height": 844}:
        centre.page.locator("#findings-title").evaluate("title => title.scrollIntoView({block: 'start'})")


def refused(centre: Centre) -> None:
    """A PBX that does not know the password that was typed: what to write into which of its files."""
    page = centre.page
    centre.first_row("telephony/pbx/?q=Демо")
    host, port = (page.input_value(f"#id_{name}") for name in ("host", "port"))
    centre.open("telephony/pbx/?q=Филиал")
    if not page.locator("#result_list tbody a").count():
        centre.open("telephony/pbx/add/")
        typed = {"name": "Филиал", "host": host, "port": port, "username": "astpanel", "secret": "not-the-password"}
        for field, value in typed.items():
            page.fill(f"#id_{field}", value)
        page.uncheck("#id_enabled")
        page.locator("input[name=_save]").click()
        page.wait_for_url("**/telephony/pbx/")
    centre.check_the_pbx("Филиал")


def numbers(centre: Centre) -> None:
    """Rules being tried; nothing is saved."""
    page = centre.page
    centre.open("crm/numberingplan/")
    page.fill("[name=outside_prefix]", "9")
    for field, value in {
        "name": "Мобильные через шлюз GSM",
        "pattern": "+79XXXXXXXXX",
        "strip": "2",
        "prepend": "77",
    }.items():
        page.fill(f"[name=rules-0-{field}]", value)
    page.fill("[name=try_number]", "8 (912) 345-67-89")
    expect(page.locator(".trial-dialled")).to_have_text("779123456789")
    page.evaluate("scrollTo(0, 0)")


def merge(centre: Centre) -> None:
    """The preview of a merge of the first two customers; nothing is merged."""
    page = centre.page
    centre.open("crm/counterparty/")
    for box in page.locator("#result_list .action-select").all()[:2]:
        box.check()
    page.select_option("select[name=action]", "merge_chosen")
    page.locator("button[name=index]").click()
    page.wait_for_url("**/merge/counterparty/**")


def file_of_customers(centre: Centre) -> None:
    """A file that was looked through: new rows, one that is refused; nothing is written."""
    page = centre.page
    centre.open("crm/counterparty/import/")
    rows = (
        "Контрагент;Контактное лицо;Должность;Телефоны",
        "ООО «Тихая гавань»;;;8 (495) 111-20-30",
        "ООО «Тихая гавань»;Игнатий Парусов;директор;+7 916 000-00-01, +7 916 000-00-02",
        "ИП Соловьёва Н. А.;;;+7 812 333-44-55",
        "АО «Маяк»;;;доб. 12",
    )
    file = {"name": "клиенты.csv", "mimeType": "text/csv", "buffer": "\n".join(rows).encode()}
    page.set_input_files("#id_file", file)  # type: ignore[arg-type]  # a TypedDict of a private module
    centre.press()
    expect(page.locator(".import-counts")).to_be_visible(timeout=WORK)


def field_map(centre: Centre) -> None:
    """What is proposed for a base of 1C, with examples from it."""
    page = centre.page
    with serve(base("ut11", 24)) as onec:
        connection = onec.connection
        centre.open("crm/customersource/")
        page.select_option("#id_configuration", "ut11")
        for name, value in {"url": connection.url, "username": connection.username}.items():
            page.fill(f"#id_{name}", value)
        page.fill("#id_password", connection.password)
        page.locator(".source-button[value=save]").click()
        centre.open("crm/customersource/map/")
        page.locator("button[name=action][value=propose], button[name=action][value=look]").first.click()
        expect(page.locator("button[name=action][value=confirm]")).to_be_visible(timeout=WORK)


PICTURES: Final[dict[str, tuple[str, Way]]] = {
    "admin-1280-light-en": ("1280-light-en", lambda centre: centre.open("")),
    "admin-1440-light-ru": ("1440-light-ru", lambda centre: centre.open("")),
    "assistant-pbx-1440-light-ru": ("1440-tall-ru", assistant),
    "assistant-pbx-390-dark-ru": ("390-dark-ru", assistant),
    "users-1440-light-ru": ("1440-light-ru", lambda centre: centre.open("accounts/paneluser/")),
    "assign-profile-1440-light-ru": ("1440-light-ru", lambda centre: centre.open_profile("Продажи", "assign")),
    "assign-profile-390-light-ru": ("390-light-ru", lambda centre: centre.open_profile("Продажи", "assign")),
    "licences-1440-dark-ru": ("1440-dark-ru", lambda centre: centre.open("accounts/license/")),
    "pbx-check-1440-light-ru": ("1440-light-ru", refused),
    "pbx-check-1280-light-en": ("1280-light-en", refused),
    "number-rules-1440-light-ru": ("1440-light-ru", numbers),
    "merge-1440-light-ru": ("1440-light-ru", merge),
    "import-customers-1440-light-ru": ("1440-light-ru", file_of_customers),
    "field-map-1440-light-ru": ("1440-light-ru", field_map),
    "own-settings-1440-dark-ru": ("1440-dark-ru", Centre.open_own_settings),
}


def take(browser: Browser, folder: Path, only: str) -> None:
    """Those with one of the parts `only`, parted by commas, in their names."""
    due = {name: picture for name, picture in PICTURES.items() if any(part in name for part in only.split(","))}
    if not due:
        return
    with TemporaryDirectory(prefix="astpanel-demo-") as files, running_demo(Path(files)) as demo:
        live_in(browser, demo.url)
        for name, (look, way) in due.items():
            width, height, dark, lang = LOOKS[look]
            centre = Centre(browser, demo.url, width=width, height=height, dark=dark, lang=lang)
            way(centre)
            centre.page.wait_for_load_state()
            centre.page.screenshot(path=folder / f"{name}.png")
            centre.close()
            print(f"{name}.png")  # noqa: T201 - a command's progress


def live_in(browser: Browser, url: str) -> None:
    """So that the pages have something to show."""
    centre = Centre(browser, url)
    centre.through_the_assistant()
    centre.open_profile("Офис", "assign")
    centre.press()
    centre.assigned()
    centre.change_one_user()
    centre.check_the_pbx()
    centre.close()
