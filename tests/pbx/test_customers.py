"""Customers on a real PBX: who is calling, «Добавить номер» while it rings, the directory followed, one pop-up."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Locator, expect

from astpanel.accounts.models import PanelUser
from crm.models import ContactInfo, Counterparty
from tests.factories import ContactPersonFactory, CounterpartyFactory
from tests.pbx.conftest import Desk
from tests.pbx.panel import PATIENCE, Panel
from tests.servers import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.postgresql, pytest.mark.redis]
TO_101, TO_QUEUE = "74951112244", "74951112233"


def company(desk: Desk, name: str, phone: str, manager: str = "") -> int:
    """A counterparty with a number."""

    def make() -> int:
        user = PanelUser.objects.filter(username=manager).first()
        return int(CounterpartyFactory(name=name, phone=phone, manager=user).pk)

    return desk.portal.database.run(make)


def change(desk: Desk, pk: int, *, name: str = "", manager: str = "") -> None:
    """From this process, as another one of an installation would."""

    def write() -> None:
        row = Counterparty.objects.get(pk=pk)
        row.name = name or row.name
        row.manager = PanelUser.objects.get(username=manager) if manager else row.manager
        row.save()

    desk.portal.database.run(write)


def owners(desk: Desk, e164: str) -> list[str]:
    """Of a number, in the database."""
    rows = ContactInfo.objects.filter(e164=e164, counterparty__isnull=False)
    return desk.portal.database.run(lambda: list(rows.values_list("counterparty__name", flat=True)))


def rings(panel: Panel, title: str) -> None:
    """Until the call's card and the pop-up say who."""
    expect(panel.card()).to_have_attribute("data-kind", "ringing", timeout=PATIENCE)
    expect(panel.card().locator(".call-name")).to_have_text(title)


def ends(desk: Desk, *panels: Panel) -> None:
    """The client gives up; everybody is free again."""
    desk.office.phone("trunk").hang_up()
    for panel in panels:
        expect(panel.card()).to_have_count(0, timeout=PATIENCE)
        panel.shows("101", "free")
        panel.shows("102", "free")


def newest(panel: Panel) -> Locator:
    """The first row of the history."""
    return panel.page.locator("#history .recent-row").first


@pytest.mark.parametrize(
    ("line", "number", "shown", "users"),
    [
        (TO_101, "78125550301", "+7 812 555-03-01", ["operator"]),
        (TO_QUEUE, "78125550302", "+7 812 555-03-02", ["operator", "colleague"]),
    ],
    ids=["desk", "queue"],
)
def test_a_number_is_added_while_it_rings(desk: Desk, line: str, number: str, shown: str, users: list[str]) -> None:
    """Every panel that rings follows the directory; so does the history; and it can be taken back."""
    name = f"ООО «Тихая гавань {number[-1]}»"
    company(desk, name, f"+7812555031{number[-1]}", manager="gusev")
    panels = [desk.panel(user) for user in users]
    operator = panels[0]
    desk.office.phone("trunk").call(line, clid=number)
    for panel in panels:
        rings(panel, shown)
        expect(panel.customer().locator("h2")).to_have_text(shown)
        expect(panel.customer()).to_contain_text("Этого номера нет ни у кого в справочнике.")
        expect(panel.card().locator(".call-manager")).to_be_hidden()

    operator.click(operator.card().locator("[data-act=place]", has_text="Добавить номер"))
    expect(operator.page.locator("#place-q")).to_be_focused()
    operator.page.keyboard.type("тихая гав")
    operator.page.locator(".place-option", has_text=name).click()
    done = operator.page.locator("#place-done", has_text="Готово")
    expect(done).to_be_focused()
    done.click()
    for panel in panels:
        expect(panel.card().locator(".call-name")).to_have_text(name)
        expect(panel.customer().locator("h2")).to_have_text(name)
    for panel in panels:
        expect(panel.card()).to_have_attribute("data-kind", "ringing")
        expect(panel.card().locator("[data-act=place]")).to_be_hidden()
        expect(panel.card().locator(".call-number .num")).to_have_text(shown)
    follow_the_manager(desk, panels)
    assert owners(desk, f"+{number}") == [name]

    toast = operator.page.locator(".place-toast")
    expect(toast).to_contain_text(name)
    toast.hover()  # it stays as long as the mouse is there
    ends(desk, *panels)
    for panel in panels:
        expect(newest(panel).locator(".recent-name")).to_have_text(name)
    operator.click(toast.get_by_role("button", name="Отменить"))
    operator.says(f"Отменено: {shown}")
    expect(newest(operator).locator(".recent-name")).to_have_text(shown)
    expect(newest(operator).locator(".recent-place")).to_contain_text("Добавить номер")
    expect(operator.customer().locator("h2")).to_have_text(shown)
    assert owners(desk, f"+{number}") == []


def follow_the_manager(desk: Desk, panels: list[Panel]) -> None:
    """103, responsible for the caller: what that phone does is beside the name, on both cards."""
    gleb = desk.office.phone("103")
    for step, word in ((None, "свободен"), (gleb.unregister, "не в сети"), (gleb.register, "свободен")):
        if step is not None:
            step()
        for panel in panels:
            expect(panel.card().locator(".call-manager b")).to_have_text("Гусев Глеб")
            for place in (panel.card().locator(".call-manager"), panel.customer().locator(".card-manager")):
                expect(place.locator("[data-person] span")).to_have_text(word, timeout=PATIENCE)


def test_several_owners_a_line_and_nobody(desk: Desk) -> None:
    """Whoever has the number is named, and why; of a hidden caller nothing is, and nothing is offered."""
    company(desk, "ООО «Первый причал»", "+7 812 555-03-21")
    company(desk, "ООО «Второй причал»", "+7 812 555-03-21")
    desk.portal.database.run(company_line)
    panel = desk.panel("operator")

    desk.office.phone("trunk").call(TO_101, clid="78125550321")
    rings(panel, "ООО «Первый причал»")
    expect(panel.card().locator(".call-owners button")).to_have_text(["ООО «Второй причал»"])
    expect(panel.card().locator(".call-reason")).to_be_hidden()
    expect(panel.customer().locator(".card-owners li b")).to_have_text(["ООО «Первый причал»", "ООО «Второй причал»"])
    panel.click(panel.card().locator(".call-owners button"))
    expect(panel.customer().locator("h2")).to_have_text("ООО «Второй причал»")
    ends(desk, panel)

    desk.office.phone("trunk").call(TO_101, clid="78125550322")
    rings(panel, "АО «Маяк»")
    expect(panel.card().locator(".call-reason")).to_have_text("линия компании")
    expect(panel.card().locator(".call-owners button")).to_have_text(["Зимин Лев, АО «Маяк»"])
    expect(panel.customer().locator("h2")).to_have_text("АО «Маяк»")
    expect(panel.customer().locator(".card-owners li b")).to_have_text(["АО «Маяк»", "Зимин Лев"])
    ends(desk, panel)

    desk.office.phone("trunk").call(TO_101, clid="anonymous")
    rings(panel, "номер скрыт")
    expect(panel.card().locator("[data-act=place]")).to_be_hidden()
    expect(panel.customer().locator("h2")).to_have_text("Номер скрыт")
    ends(desk, panel)
    expect(newest(panel).locator(".recent-name")).to_have_text("номер скрыт")
    for place in (panel.customer(), newest(panel)):
        expect(place.locator("[data-open-place]")).to_have_count(0)


def company_line() -> None:
    """A company whose number is known with an extension only, that of a person."""
    ContactPersonFactory(
        name="Зимин Лев", counterparty=CounterpartyFactory(name="АО «Маяк»"), phone="+7 812 555-03-22 доб. 12"
    )


def test_what_another_process_writes_shows_while_it_rings(desk: Desk) -> None:
    """A name, then a manager; the card in the third column follows too."""
    pk = company(desk, "ООО «Старое имя»", "+7 812 555-03-31", manager="gusev")
    panel = desk.panel("operator")
    desk.office.phone("trunk").call(TO_101, clid="78125550331")
    rings(panel, "ООО «Старое имя»")
    expect(panel.customer().locator("h2")).to_have_text("ООО «Старое имя»")
    manager = panel.card().locator(".call-manager b"), panel.customer().locator(".card-manager .card-text a")
    for place in manager:
        expect(place).to_have_text("Гусев Глеб")

    change(desk, pk, name="ООО «Новое имя»")
    expect(panel.card().locator(".call-name")).to_have_text("ООО «Новое имя»")
    expect(panel.customer().locator("h2")).to_have_text("ООО «Новое имя»")
    expect(panel.page).to_have_title("Звонит: ООО «Новое имя»")
    change(desk, pk, manager="colleague")
    for place in manager:
        expect(place).to_have_text("Орлова Инна")
    ends(desk, panel)


def test_the_card_opens_when_the_phone_is_answered(desk: Desk) -> None:
    company(desk, "ООО «Лоцман»", "+7 812 555-03-41")
    with card_opens(desk, "answered"):
        panel = desk.panel("operator")
        heard = len(panel.announced())
        desk.office.phone("trunk").call(TO_101, clid="78125550341")
        rings(panel, "ООО «Лоцман»")
        panel.hears("Входящий звонок: ООО «Лоцман»", after=heard)  # the pop-up is there
        assert (panel.card_is_open(), panel.customer().locator("h2").count()) == (False, 0)
        desk.office.phone("101").answer()
        expect(panel.customer().locator("h2")).to_have_text("ООО «Лоцман»")
        assert panel.card_is_open()
        expect(panel.card()).to_have_attribute("data-kind", "talking")
        ends(desk, panel)


@contextmanager
def card_opens(desk: Desk, when: str) -> Iterator[None]:
    """For the operator, until the end of the block."""
    users = PanelUser.objects.filter(username="operator")
    before = desk.portal.database.run(lambda: users.get().card_opens)
    desk.portal.database.run(lambda: users.update(card_opens=when))
    try:
        yield
    finally:
        desk.portal.database.run(lambda: users.update(card_opens=before))


def test_one_of_two_devices_shows_the_popup(desk: Desk) -> None:
    company(desk, "ООО «Дозор»", "+7 812 555-03-51", manager="gusev")
    panels = [desk.panel("operator", permissions=["notifications"]) for _ in range(2)]
    heard = [len(panel.announced()) for panel in panels]
    desk.office.phone("trunk").call(TO_101, clid="78125550351")
    for panel in panels:
        rings(panel, "ООО «Дозор»")
    wait_until(lambda: any(panel.popups() for panel in panels), "one of them to show it")
    (shows,) = [panel for panel in panels if panel.popups()]
    (other,) = [panel for panel in panels if panel is not shows]
    expect(shows.customer().locator("h2")).to_have_text("ООО «Дозор»")
    with other.page.expect_response("**/panel/popup/") as answer:  # it goes on asking
        pass
    assert answer.value.json()["mine"] is False
    assert [panel.card_is_open() for panel in (shows, other)] == [True, False]
    said = ["Входящий звонок" in " ".join(panel.announced()[n:]) for panel, n in zip(panels, heard, strict=True)]
    assert said == [panel is shows for panel in panels]
    assert {title for title, _ in shows.popups()} == {"ООО «Дозор»"}
    assert other.popups() == []
    ends(desk, *panels)
