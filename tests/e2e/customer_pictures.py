"""Scenes of customers that are looked at: who is in the directory, what the PBX says, what a person presses."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from playwright.sync_api import Page

from tests.e2e import scenes
from tests.e2e.conftest import Office

LINE: Final = "+78125550101"  # of the company with persons, a note and calls: tests/e2e/customers.py
UNKNOWN: Final = "+74957654321"  # of the missed call in the history: tests/e2e/seed.py
HAVEN, BEFORE, CROWD = "ООО «Тихая гавань»", "ИП Прежний К. П.", "АО «Тридцать номеров»"
LONG: Final = (
    "Общество с ограниченной ответственностью «Межрегиональная научно-производственная корпорация «Северо-Западные "
    "автоматизированные системы водоснабжения и водоотведения имени академика Верхнеозёрского»»"
)
NOTE: Final = (
    "Отгрузка только по предоплате. Пропуск на машину заказывать накануне до 16:00 у диспетчера, иначе не пустят на "
    "территорию.\nДиректор просит звонить после обеда; с бухгалтерией — только письмом. Акт сверки раз в квартал, "
    "оригиналы почтой.\nДоговор № 17/2024-ПОСТАВКА-СЕВЕР-ДОПОЛНИТЕЛЬНОЕ-СОГЛАШЕНИЕ-3 до конца года."
)


@dataclass(frozen=True, slots=True)
class Scene:
    """`customers`: arguments of directory.customer. `call`: of 101, as ext/101 has it."""

    way: Callable[[Page], None]
    user: str = "operator"
    customers: tuple[dict[str, Any], ...] = ()
    call: Callable[[], dict[str, Any]] | None = None

    def furnish(self, office: Office) -> None:
        """Its customers are in the directory, those of other scenes are not."""
        for name in (HAVEN, BEFORE, CROWD, LONG):
            office.do("forget", name=name)
        for customer in self.customers:
            office.do("customer", **customer)

    def state(self, people: int) -> dict[str, dict[str, Any]]:
        """What the PBX says."""
        state = scenes.busy_office(people)
        if self.call is not None:
            state["office"]["ext:101"] = scenes.extension("101", "ringing", ago=8)
            state["ext/101"] = {"call:1": self.call()}
        return state


def _haven(**more: Any) -> dict[str, Any]:
    rows = [("Рабочий", "+7 812 333-44-55", True), ("Мобильный", "+7 916 000-00-01", False)]
    return {"name": HAVEN, "rows": rows, "person": "Игнатий Парусов"} | more


def _before() -> dict[str, Any]:
    return {"name": BEFORE, "rows": [("Рабочий", "+7 495 765-43-21", True)]}


def _crowd() -> dict[str, Any]:
    rows = [("Рабочий" if i % 3 else "Мобильный", f"+7 812 444-{i:02d}-00", i == 1) for i in range(1, 31)]
    return {"name": CROWD, "rows": rows}


def _long() -> dict[str, Any]:
    return {"name": LONG, "rows": [("Рабочий", "+7 812 777-00-01", True)], "note": NOTE, "person": LONG[:120]}


# --- ways -------------------------------------------------------------------------------------------------------------
def _open_card(page: Page, number: str) -> None:
    detail = {"number": number, "call": ""}
    page.evaluate("detail => document.dispatchEvent(new CustomEvent('open-card', { detail }))", detail)
    page.locator("#card .card-head h2").wait_for()


def _ringing(page: Page) -> None:
    """The caller's card has opened by itself."""
    page.locator("article.call").first.wait_for()
    page.locator("#card .card-head h2").wait_for(state="attached")


def _table(page: Page, *, name: str = HAVEN) -> None:
    detail = {"number": UNKNOWN}
    page.evaluate("detail => document.dispatchEvent(new CustomEvent('open-place', { detail }))", detail)
    page.fill("#place-q", name[5:-1])
    page.locator(".place-option[name=choose]", has_text=name).first.click()
    page.locator("#place-table").wait_for()


def _holders(page: Page) -> None:
    detail = {"number": UNKNOWN}
    page.evaluate("detail => document.dispatchEvent(new CustomEvent('open-place', { detail }))", detail)
    page.locator(".place-holders").wait_for()


def _overwrite(page: Page) -> None:
    _table(page)
    page.locator("#place-table tr", has_text="333-44-55").dblclick()
    page.get_by_role("alertdialog").wait_for()


def _undo(page: Page) -> None:
    _table(page)
    page.click("#place-done")
    page.locator(".place-toast").wait_for()


def _several(page: Page) -> None:
    _open_card(page, LINE)
    page.click("#add-row")
    page.fill("#row-value-new", "8 (812) 555-03-01, 555-03-02; +7 921 555-03-03")
    page.keyboard.press("Enter")
    page.locator("#card [name=split]").wait_for()


def _unsaved(page: Page) -> None:
    _open_card(page, LINE)
    page.click("#edit-note")
    page.fill("#note-text", NOTE)
    page.locator("#card .card-person a").first.click()
    page.get_by_role("alertdialog").wait_for()


def _own_settings(page: Page) -> None:
    page.goto(f"{page.url}settings/")
    page.locator("main form").first.wait_for()


def _owners() -> dict[str, Any]:
    others = [
        *scenes.PETR["others"],
        {"kind": "counterparty", "id": 3, "name": "АО «Северный ветер»", "company": ""},
        {"kind": "person", "id": 3, "name": "Ветрова Алла Игоревна", "company": "АО «Северный ветер»"},
    ]
    return scenes.inbound("1", scenes.party("+79161234567", contact=scenes.PETR | {"others": others}))


def _long_call() -> dict[str, Any]:
    contact = {"name": LONG, "company": LONG, "manager": 2}
    return scenes.inbound("1", scenes.party("+78127770001", contact=scenes.ROMASHKA | contact))


SCENES: Final = {
    "owners": Scene(_ringing, call=_owners),
    "long-call": Scene(_ringing, customers=(_long(),), call=_long_call),
    "long-card": Scene(lambda page: _open_card(page, "+78127770001"), "editor", (_long(),)),
    "thirty": Scene(lambda page: _open_card(page, "+78124440100"), "editor", (_crowd(),)),
    "holders": Scene(_holders, customers=(_haven(), _before())),
    "share": Scene(_table, customers=(_haven(), _before())),
    "overwrite": Scene(_overwrite, customers=(_haven(),)),
    "undo": Scene(_undo, customers=(_haven(),)),
    "several": Scene(_several, "editor"),
    "unsaved": Scene(_unsaved, "editor"),
    "settings": Scene(_own_settings),
}
