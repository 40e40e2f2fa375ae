"""The card of a call: who, who else, whose manager, how often; and when the caller's own card opens."""

import re
from collections.abc import Callable, Iterator
from itertools import count

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e import scenes
from tests.e2e.axe import serious
from tests.e2e.conftest import Office, Open
from tests.e2e.test_panel import live

pytestmark = pytest.mark.browser
_calls = count(1)
HOSTILE = '<img src=x onerror="window.hacked=1">\u202e\u0000Ы'
SAFE = '<img src=x onerror="window.hacked=1"> Ы'
SAVE = "#own-settings .own-save button"
INTERNAL = {"direction": "internal", "line": ""}
Ring = Callable[..., str]


@pytest.fixture
def ring(office: Office) -> Ring:
    """ring(caller, …) → the call's id."""

    def ring_(caller: scenes.Value, **more: object) -> str:
        call = f"card.{next(_calls)}"
        office.set(ext_101={f"call:{call}": scenes.inbound(call, caller, **more)})  # type: ignore[arg-type]  # options of inbound
        return call

    return ring_


def card(page: Page) -> Locator:
    return page.locator("article.call").first


def petr() -> scenes.Value:
    return scenes.party("+79161234567", "PETR", scenes.PETR)


def test_it_says_what_is_known(office: Office, open_panel: Open, ring: Ring) -> None:
    office.set(office=scenes.office(20))
    page = live(open_panel(lang="en"))
    ring(petr())
    expect(card(page).locator(".call-name")).to_have_text("Пётр Лугов")
    expect(card(page).locator(".call-reason")).to_have_text("by the last 10 digits")
    expect(card(page).locator(".call-often dd")).to_have_text("call no. 2 in a week")
    expect(card(page).locator(".call-note dd")).to_have_text("Звонить после 11:00, просит счёт на каждую поставку.")
    expect(card(page).locator(".call-manager b")).to_have_text("Сидоров Павел")
    expect(card(page).locator(".call-manager .person-state")).to_have_text("free")
    office.set(office={"ext:102": scenes.extension("102", "talking")})
    expect(card(page).locator(".call-manager .person-state")).to_have_text("talking")
    expect(card(page).locator("[data-act=place]")).to_be_hidden()
    owners = card(page).locator(".call-owners button")
    expect(owners).to_have_text(["ООО «Луч»", "Вера Лесная, ООО «Луч»"])
    owners.last.click()
    expect(page.locator("#card h2")).to_have_text("Вера Лесная")


def test_the_line_of_a_company(open_panel: Open, ring: Ring) -> None:
    page = live(open_panel(lang="en"))
    company = {"kind": "counterparty", "id": 1, "name": "ООО «Ромашка»", "company": "", "reason": "line"}
    ring(scenes.party("+78125550101", contact=company | {"manager": None, "others": []}))
    expect(card(page).locator(".call-reason")).to_have_text("the company's line")
    expect(card(page).locator(".call-owners")).to_be_hidden()
    # who is the manager it did not say: the portal knows
    expect(card(page).locator(".call-manager b")).to_have_text("Сидоров Павел")


def test_an_unknown_number_can_be_added(open_panel: Open, ring: Ring) -> None:
    page = live(open_panel(lang="en"))
    ring(scenes.party("+79990001122"))
    expect(card(page).locator(".call-name")).to_have_text("+7 999 000-11-22")
    expect(page.locator("#card h2")).to_have_text("+7 999 000-11-22")
    card(page).get_by_role("button", name="Add number").click()
    expect(page.locator("#place")).to_be_visible()
    expect(page.locator("#place-title")).to_contain_text("+7 999 000-11-22")


@pytest.mark.parametrize("number", ["", "anonymous", "Restricted"])
def test_a_hidden_number_cannot(open_panel: Open, ring: Ring, number: str) -> None:
    page = live(open_panel(lang="en"))
    ring(scenes.party(number))
    expect(card(page).locator(".call-name")).to_have_text("number withheld")
    expect(card(page).locator("[data-act=place]")).to_be_hidden()
    expect(card(page).locator(".call-number")).to_be_hidden()
    page.keyboard.press("c")
    expect(page.locator("#card")).to_be_focused()
    expect(page.locator("#card h2")).to_have_text("Number withheld")


def test_a_colleague_has_a_card_too(office: Office, open_panel: Open) -> None:
    page = live(open_panel())
    contact = {"kind": "user", "id": 2, "name": "Сидоров Павел", "company": ""}
    call = f"card.{next(_calls)}"
    office.set(
        ext_101={f"call:{call}": scenes.inbound(call, scenes.party("102", contact=contact), queue="") | INTERNAL}
    )
    expect(card(page).locator("[data-act=place]")).to_be_hidden()
    expect(page.locator("#card h2")).to_have_text("Сидоров Павел")


def test_hostile_names_are_text(open_panel: Open, ring: Ring) -> None:
    page = live(open_panel(lang="en"))
    other = {"kind": "person", "id": 1, "name": HOSTILE, "company": HOSTILE}
    contact = {**scenes.PETR, "name": HOSTILE, "company": f"{HOSTILE}!", "others": [other]}
    ring(scenes.party("+79161234567", HOSTILE, contact))
    expect(card(page).locator(".call-name")).to_have_text(SAFE)
    expect(card(page).locator(".call-company")).to_have_text(f"{SAFE}!")
    expect(card(page).locator(".call-owners button")).to_have_text(f"{SAFE}, {SAFE}")
    assert page.evaluate("window.hacked") is None
    assert page.locator("ap-calls img").count() == 0


def test_what_the_notification_says(office: Office, open_panel: Open, ring: Ring) -> None:
    context = open_panel(permissions=["notifications"], lang="en").context
    context.add_init_script(
        """
        window.notes = [];
        const Real = window.Notification;
        window.Notification = class extends Real {
            constructor(title, options) { super(title, options); window.notes.push([title, options.body, this]); }
        };
        """
    )
    page = context.pages[0]
    page.reload()
    live(page)
    page.get_by_role("tab", name="History").click()
    ring(petr() | {"contact": {**scenes.PETR, "name": f"Пётр {HOSTILE}"}})
    page.wait_for_function("() => window.notes.length === 1")
    assert page.evaluate("window.notes[0].slice(0, 2)") == [
        f"Пётр {SAFE}",
        "ООО «Ромашка» · +7 916 123-45-67\nManager: Сидоров Павел",
    ]
    expect(page.locator("#card h2")).to_have_text("Пётр Лугов")
    page.get_by_role("tab", name="History").click()
    page.evaluate("window.notes[0][2].onclick()")
    expect(page.get_by_role("tab", name="Card")).to_have_attribute("aria-selected", "true")


@pytest.fixture
def opens(open_panel: Open) -> Iterator[Callable[[str], Page]]:
    """The supervisor's own setting, through the page of own settings; as it was at the end."""
    page = open_panel("supervisor", lang="en")

    def set_(value: str) -> Page:
        page.goto(page.url.partition("/settings")[0].rstrip("/") + "/settings/")
        page.select_option("#id_card_opens", value)
        page.click(SAVE)
        expect(page.locator(".notice.ok")).to_be_visible()
        page.click(".own-bar a")
        page.get_by_role("tab", name="History").click()
        return live(page)

    yield set_
    set_("ringing")


def call_of(office: Office, call: str, state: str) -> None:
    office.set(ext_102={f"call:{call}": scenes.inbound(call, petr(), state=state, extension="102")})


def test_the_card_opens_when_the_call_is_answered(office: Office, opens: Callable[[str], Page]) -> None:
    page, call = opens("answered"), f"opens.{next(_calls)}"
    with page.expect_response("**/panel/popup/"):
        call_of(office, call, "ringing")
    expect(page.locator("#announce")).to_contain_text("Пётр Лугов")
    expect(page.get_by_role("tab", name="History")).to_have_attribute("aria-selected", "true")
    picked_up = scenes.inbound(call, petr(), state="talking", extension="102") | {"state": "ringing", "answered": None}
    office.set(ext_102={f"call:{call}": picked_up})  # the phone is off the hook, the two are not in a bridge yet
    expect(card(page)).to_have_attribute("data-kind", "talking")
    expect(page.get_by_role("tab", name="Card")).to_have_attribute("aria-selected", "true")
    expect(page.locator("#card h2")).to_have_text("Пётр Лугов")
    call_of(office, call, "talking")
    expect(card(page)).to_have_attribute("data-kind", "talking")


def test_the_customers_card_follows_the_directory(office: Office, open_panel: Open, ring: Ring) -> None:
    """Somebody else has written it: the card on the right is asked for again, the manager of this moment is named."""
    page = live(open_panel())
    call = ring(petr())
    expect(card(page).locator(".call-manager b")).to_have_text("Сидоров Павел")
    expect(page.locator("#card h2")).to_have_text("Пётр Лугов")
    renamed = scenes.PETR | {"name": "Пётр Берегов", "manager": 1}
    with page.expect_request("**/panel/card/**"), page.expect_request("**/panel/caller/**"):
        office.set(ext_101={f"call:{call}": scenes.inbound(call, scenes.party("+79161234567", contact=renamed))})
    expect(card(page).locator(".call-name")).to_have_text("Пётр Берегов")
    expect(card(page).locator(".call-manager b")).to_have_text("Петрова Ольга")


def test_the_card_opens_by_hand_only(office: Office, opens: Callable[[str], Page]) -> None:
    page, call = opens("by_hand"), f"opens.{next(_calls)}"
    call_of(office, call, "ringing")
    expect(page.locator("#announce")).to_contain_text("Пётр Лугов")
    call_of(office, call, "talking")
    expect(card(page)).to_have_attribute("data-kind", "talking")
    expect(page.get_by_role("tab", name="History")).to_have_attribute("aria-selected", "true")
    card(page).get_by_role("button", name="Card").click()
    expect(page.locator("#card h2")).to_have_text("Пётр Лугов")
    page.get_by_role("tab", name="History").click()
    page.keyboard.press("KeyC")
    expect(page.locator("#card")).to_be_focused()
    page.fill("#search", "c")  # a letter in a field is a letter
    expect(page.locator("#search")).to_have_value("c")


def test_the_card_of_whom_i_talk_with_stays(office: Office, open_panel: Open, ring: Ring) -> None:
    page = live(open_panel(lang="en"))
    ring(petr(), state="talking")
    expect(card(page)).to_be_visible()
    page.keyboard.press("c")
    expect(page.locator("#card h2")).to_have_text("Пётр Лугов")
    ring(scenes.party("+79990001122"))
    expect(page.locator("#announce")).to_contain_text("+7 999 000-11-22")
    expect(page.locator("#card h2")).to_have_text("Пётр Лугов")
    card(page).get_by_role("button", name="Card").click()
    expect(page.locator("#card h2")).to_have_text("+7 999 000-11-22")


def test_a_phone_gets_a_dot(open_panel: Open, ring: Ring) -> None:
    page = live(open_panel(lang="en", width=390, height=844, has_touch=True))
    ring(petr())
    expect(page.locator("#tab-card-news")).to_be_visible()
    expect(card(page)).to_be_visible()
    page.locator(".tabbar [data-tab=card]").click()
    expect(page.locator("#tab-card-news")).to_be_hidden()
    expect(page.locator("#card h2")).to_have_text("Пётр Лугов")
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_the_empty_tab_means_whoever_is_on_the_line(open_panel: Open, ring: Ring) -> None:
    page = live(open_panel(lang="en", width=390, height=844, has_touch=True))
    ring(petr(), state="talking")
    expect(card(page)).to_be_visible()
    page.locator(".tabbar [data-tab=card]").click()
    expect(page.locator("#card h2")).to_have_text("Пётр Лугов")


@pytest.mark.parametrize("dark", [False, True])
def test_axe_finds_nothing_serious_with_a_card(office: Office, open_panel: Open, ring: Ring, dark: bool) -> None:
    office.set(office=scenes.office(20))
    page = live(open_panel(dark=dark, reduced_motion="reduce"))
    ring(petr(), others=("203",))
    expect(page.locator("#card h2")).to_have_text("Пётр Лугов")
    expect(card(page).locator(".call-often dd")).to_have_text(re.compile("2"))
    assert serious(page) == []
