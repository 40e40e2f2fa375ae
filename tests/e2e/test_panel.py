"""What an operator sees and does: states, the arrow, search, groups, favourites, my calls, parking."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e import scenes
from tests.e2e.conftest import Office, Open
from tests.e2e.mouse import press_disabled

pytestmark = pytest.mark.browser


def row(page: Page, number: str) -> Locator:
    """The colleague with this number."""
    return page.locator("ap-colleague").filter(has=page.locator(".c-number", has_text=re.compile(f"^{number}$")))


def arrow(page: Page, number: str) -> Locator:
    return row(page, number).locator(".call-arrow")


def live(page: Page) -> Page:
    """Wait until the page says that its data are fresh."""
    expect(page.locator("#link-badge")).to_have_attribute("data-level", "ok")
    return page


@pytest.mark.parametrize(
    ("state", "detail", "word", "icon", "blocked"),
    [
        ("off", "", "не в сети", "#i-handset-off", True),
        ("free", "", "свободен", "#i-handset", False),
        ("ringing", "", "звонит", "#i-bell", False),
        ("talking", "", "говорит", "#i-talk", True),
        ("talking", "dialing", "набирает номер", "#i-dial", True),
        ("talking", "on_hold", "на удержании", "#i-pause", True),
        ("free", "dnd", "не беспокоить", "#i-dnd", False),
        ("unknown", "", "нет данных", "#i-unknown", True),
    ],
)
def test_state_has_bar_icon_and_word(  # noqa: PLR0917 - the columns of the table
    office: Office, open_panel: Open, state: str, detail: str, word: str, icon: str, blocked: bool
) -> None:
    office.set(office=scenes.office(20))
    page = live(open_panel())
    office.set(office={"ext:203": scenes.extension("203", state, detail=detail)})
    expect(row(page, "203")).to_have_attribute("data-state", state)
    expect(row(page, "203").locator(".c-word")).to_have_text(word)
    assert row(page, "203").locator(".c-why use").get_attribute("href") == icon
    expect(arrow(page, "203")).to_have_attribute("aria-disabled", "true") if blocked else expect(
        arrow(page, "203")
    ).not_to_have_attribute("aria-disabled", "true")


def test_the_four_states_differ_in_colour(office: Office, open_panel: Open) -> None:
    colours = {}
    office.set(office=scenes.office(20))
    page = live(open_panel())
    for number, state in (("201", "off"), ("202", "free"), ("203", "ringing"), ("204", "talking")):
        office.set(office={f"ext:{number}": scenes.extension(number, state)})
        expect(row(page, number)).to_have_attribute("data-state", state)
        colours[state] = row(page, number).evaluate("node => getComputedStyle(node).backgroundColor")
    assert colours == {
        "off": "rgb(241, 243, 247)",  # grey
        "free": "rgb(255, 255, 255)",  # white
        "ringing": "rgb(253, 234, 242)",  # pink
        "talking": "rgb(255, 245, 214)",  # yellow
    }


def test_talking_counts_its_time(office: Office, open_panel: Open) -> None:
    office.set(office={"ext:200": scenes.extension("200", "talking", ago=125)})
    page = live(open_panel())
    expect(row(page, "200").locator(".c-time")).to_have_text(re.compile(r"02:1\d"))


def test_arrow_dials_and_shows_the_outcome(office: Office, open_panel: Open) -> None:
    office.set(office=scenes.office(20))
    office.do("outcome", outcome={"kind": "done", "reason": "own_phone_rings", "detail": ""})
    page = live(open_panel())
    arrow(page, "200").click()
    expect(page.locator(".toast")).to_contain_text("Абрамова Анна: Звонит ваш телефон: поднимите трубку.")
    commands = [(command["name"], command["args"]) for command in office.do("ports")]
    assert commands == [("originate", {"extension": "101", "number": "200"})]


def test_arrow_is_busy_until_the_outcome_comes(office: Office, open_panel: Open) -> None:
    office.set(office=scenes.office(20))
    office.do("outcome", outcome=None)
    page = live(open_panel())
    arrow(page, "200").click()
    expect(arrow(page, "200")).to_have_attribute("aria-busy", "true")
    expect(page.locator(".toast")).to_contain_text("команда могла и выполниться, и нет")
    expect(arrow(page, "200")).not_to_have_attribute("aria-busy", "true")


@pytest.mark.parametrize(
    ("state", "reason"),
    [("off", "Телефон не в сети: набор недоступен."), ("talking", "Коллега разговаривает: звоните, когда")],
)
def test_blocked_arrow_says_why_and_sends_nothing(office: Office, open_panel: Open, state: str, reason: str) -> None:
    office.set(office=scenes.office(20) | {"ext:200": scenes.extension("200", state)})
    page = live(open_panel())
    expect(row(page, "200")).to_have_attribute("data-state", state)
    press_disabled(arrow(page, "200"))
    expect(page.locator("#tip")).to_contain_text(reason)
    expect(page.locator("#announce")).to_contain_text(reason)
    assert office.do("ports") == []


def test_own_phone_off_blocks_every_arrow_and_says_so(office: Office, open_panel: Open) -> None:
    office.set(office=scenes.office(20, own="off"))
    page = live(open_panel())
    expect(page.locator("#own-phone-text")).to_have_text("Ваш телефон не в сети: включите его, сначала звонит он.")
    expect(arrow(page, "200")).to_have_attribute("aria-disabled", "true")
    office.set(office={"ext:101": scenes.extension("101", "free")})
    expect(arrow(page, "200")).not_to_have_attribute("aria-disabled", "true")
    expect(page.locator("#own-phone-notice")).to_be_hidden()


def test_why_this_colour(office: Office, open_panel: Open) -> None:
    office.set(office={"ext:200": scenes.extension("200", "talking", ago=65)})
    page = live(open_panel())
    row(page, "200").locator("[data-act=why]").click()
    expect(page.locator("#why-title")).to_have_text("Абрамова Анна: говорит")
    expect(page.locator("#why-list li")).to_have_text(
        ["Подсказка (hint) PJSIP/200: InUse", "Канал PJSIP/200-0000001a: Up"]
    )
    page.keyboard.press("Escape")
    expect(page.locator("#why")).to_be_hidden()


def test_groups_search_and_views(office: Office, open_panel: Open) -> None:
    page = live(open_panel())
    heads = page.locator(".group-head [role=rowheader]")
    expect(heads).to_have_text(["Продажи", "Поддержка", "Бухгалтерия", "Склад"])
    shown = page.locator("ap-colleague:not([hidden])")
    expect(shown).to_have_count(22)
    for query, names in {
        "орлов": ["Орлов Глеб"],
        "jhkjd": ["Орлов Глеб"],  # typed with the Latin layout
        "213": ["Орлов Глеб"],
        "абрамова анна": ["Абрамова Анна"],
        "никого такого": [],
    }.items():
        page.fill("#search", query)
        expect(shown.locator(".c-name b")).to_have_text(names)
    expect(page.locator("#people-empty-text")).to_contain_text("Никто не найден")
    page.press("#search", "Escape")
    expect(shown).to_have_count(22)
    page.click("button[data-filter=all]")
    expect(heads).to_have_count(0)
    page.click("button[data-view=tiles]")
    page.reload()
    expect(page.locator("#people")).to_have_attribute("data-view", "tiles")
    expect(page.locator("button[data-filter=all]")).to_have_attribute("aria-pressed", "true")


def test_favourites_are_kept(office: Office, open_panel: Open) -> None:
    page = live(open_panel())
    page.click("button[data-filter=favourites]")
    expect(page.locator("#people-empty-text")).to_contain_text("Избранных пока нет")
    page.click("button[data-filter=all]")
    with page.expect_response("**/panel/favourite/") as answer:
        row(page, "213").locator("[data-act=star]").click()
    assert answer.value.status == 204
    page.reload()
    page.click("button[data-filter=favourites]")
    expect(page.locator("ap-colleague .c-name b")).to_have_text(["Орлов Глеб"])
    with page.expect_response("**/panel/favourite/"):
        row(page, "213").locator("[data-act=star]").click()
    expect(page.locator("#people-empty-text")).to_contain_text("Избранных пока нет")


def test_typed_number_is_dialled(office: Office, open_panel: Open) -> None:
    office.set(office=scenes.office(20))
    page = live(open_panel())
    page.fill("#search", "+7 (495) 111-22-33")
    page.press("#search", "Enter")
    expect(page.locator(".toast")).to_contain_text("+74951112233")
    commands = [(command["name"], command["args"]) for command in office.do("ports")]
    assert commands == [("originate", {"extension": "101", "number": "+74951112233"})]


def test_my_calls_ring_talk_and_hang_up(office: Office, open_panel: Open) -> None:
    who = scenes.party("+79161234567", "PETR", scenes.ROMASHKA)
    office.set(office=scenes.office(20, own="ringing"), ext_101={"call:1": scenes.inbound("1", who, others=("203",))})
    page = live(open_panel())
    card = page.locator("article.call")
    expect(card).to_have_attribute("data-kind", "ringing")
    expect(card.locator(".call-name")).to_have_text("Пётр Лугов")
    expect(card.locator(".call-company")).to_have_text("ООО «Ромашка»")
    expect(card.locator(".call-number")).to_have_text("+7 916 123-45-67")
    expect(card.locator(".call-line")).to_have_text("очередь sales · линия +7 495 111-22-33")
    expect(card.locator("[data-act=hangup]")).to_have_text("Отклонить")
    expect(page).to_have_title("Звонит: Пётр Лугов")
    office.set(ext_101={"call:1": scenes.inbound("1", who, state="talking", ago=62)})
    expect(card).to_have_attribute("data-kind", "talking")
    expect(card.locator(".call-time")).to_have_text(re.compile(r"01:0\d"))
    expect(page).to_have_title("Панель · astpanel")
    office.do("outcome", outcome={"kind": "done", "reason": "hung_up", "detail": ""})
    card.locator("[data-act=hangup]").click()
    expect(page.locator(".toast")).to_contain_text("Пётр Лугов: Звонок завершён.")
    commands = [(command["name"], command["args"]) for command in office.do("ports")]
    assert commands == [("hangup", {"extension": "101", "call_id": "1"})]
    office.set(ext_101={"call:1": None})
    expect(card).to_have_count(0)
    expect(page.locator("#calls-empty")).to_be_visible()


def test_parked_calls(office: Office, open_panel: Open) -> None:
    contact = {**scenes.ROMASHKA, "name": "Вера Лесная"}
    slots = {
        "park:default:802": scenes.parked("802", scenes.party("+74955556677"), "102", 12),
        "park:default:801": scenes.parked("801", scenes.party("+79161112233", contact=contact), "200", 600),
    }
    office.set(office=slots)
    page = live(open_panel())
    cells = page.locator("#parked tr > :nth-child(-n+3)")
    expect(cells).to_have_text(["Вера Лесная", "801", "Абрамова Анна", "+7 495 555-66-77", "802", "Сидоров Павел"])
    expect(page.locator("#parked tr:nth-child(1) > :nth-child(4)")).to_have_text(re.compile(r"0?9:[345]\d"))
    office.set(office={"park:default:801": None, "park:default:802": None})
    expect(page.locator("#parked-section")).to_be_hidden()


def test_recent_calls(office: Office, open_panel: Open) -> None:
    page = live(open_panel())
    names = page.locator(".recent-who span:first-child")
    expect(names).to_have_text(
        ["Пётр Лугов", "+7 495 765-43-21", "+7 812 333-44-55", "Дмитриева Жанна", "+7 495 111-22-33"]
    )
    expect(page.locator(".recent-row[data-missed=true]")).to_have_count(1)


def test_only_supervisors_see_the_interlocutor(office: Office, open_panel: Open) -> None:
    office.do("replace", state=scenes.busy_office(20))
    peer = row(live(open_panel("supervisor")), "202").locator(".c-peer")
    expect(peer).to_have_text("Пётр Лугов")
    page = live(open_panel("operator"))
    expect(row(page, "202").locator(".c-word")).to_have_text("говорит")
    expect(row(page, "202").locator(".c-peer")).to_have_text("")
