"""Read from 1C, placed by «Готово», written into 1C, read again: in every configuration nothing twice, nothing lost."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone

from crm.editing import delete_row, row_token
from crm.models import ContactInfoKind, Counterparty, NumberPlacement, PendingTransfer
from crm.placing.services import Asked, finish
from crm.placing.targets import new_draft, target_of, the_number
from crm.placing.undoing import undo
from crm.sources.transfers.sweep import sweep
from tests.crm.sources.expected import FAMILIES_ON_DATABASES
from tests.crm.sources.families import CUSTOMERS, MOBILE_KIND, PART, PARTNERS, REGISTER, base
from tests.crm.sources.importing import counts, directory, read, source_of
from tests.crm.sources.onec import OneCServer, serve
from tests.crm.sources.onec_base import ref
from tests.databases import PrivateDatabase
from tests.factories import PanelUserFactory

pytestmark = FAMILIES_ON_DATABASES
NUMBER, WRITTEN = "+79160001122", "+7 (916) 000-11-22"


@pytest.fixture
def onec(private_database: PrivateDatabase, code: str) -> Iterator[OneCServer]:
    with serve(base(code, customers=12)) as server:
        yield server


def entity_of(onec: OneCServer) -> str:
    return PARTNERS if PARTNERS in onec.base.tables else CUSTOMERS


def numbers_in_1c(onec: OneCServer, key: str) -> list[dict[str, Any]]:
    """Contact information of the customer as 1C has it."""
    if REGISTER in onec.base.tables:
        return [row for row in onec.base.rows(REGISTER) if row["Объект"] == key]
    row = onec.base.row(entity_of(onec), key)
    assert row is not None
    lines: list[dict[str, Any]] = row[PART]
    return lines


def place(customer: Counterparty, number: str, by: Any) -> NumberPlacement:
    """«Добавить номер» with the customer chosen, and «Готово» at once."""
    target = target_of("counterparty", customer.pk)
    finished = finish(draft=new_draft(the_number(number), target), target=target, asked=Asked(by))
    assert finished.placement is not None
    return finished.placement


def everything(onec: OneCServer) -> dict[str, list[dict[str, Any]]]:
    """All rows of all tables, without versions."""
    return {
        name: [{column: value for column, value in row.items() if column != "DataVersion"} for row in table.rows()]
        for name, table in onec.base.tables.items()
    }


def test_written_read_again_and_deleted(onec: OneCServer) -> None:
    ContactInfoKind.objects.create(name="Мобильный телефон", owner="counterparty", is_mobile=True)
    source_of(onec, write_back=True)
    read()
    by, before, key = PanelUserFactory(last_name="Чужанина"), everything(onec), ref(entity_of(onec), 1)
    customer = Counterparty.objects.get(external_ref=key)
    had = numbers_in_1c(onec, key)
    place(customer, NUMBER, by)
    assert sweep(now=timezone.now()) == {"done": 1}
    has = numbers_in_1c(onec, key)
    assert has[: len(had)] == had
    [new] = has[len(had) :]
    assert (new["Представление"], new.get("Вид_Key") or new["Вид"], new["Тип"]) == (WRITTEN, MOBILE_KIND, "Телефон")
    placed, row = directory(), customer.contact_info.get(e164=NUMBER)
    found = counts(read("full"), "numbers")
    assert (found.get("created", 0), found.get("gone", 0)) == (0, 0)
    now = directory()
    assert [one[2] for one in now[key].pop("numbers")] == [one[2] for one in placed[key].pop("numbers")]
    assert now == placed
    row.refresh_from_db()
    delete_row(owner=customer, row_id=row.pk, seen=row_token(row), by=by)
    assert sweep(now=timezone.now()) == {"done": 1}
    assert everything(onec) == before


def test_written_and_taken_back(onec: OneCServer) -> None:
    ContactInfoKind.objects.create(name="Мобильный телефон", owner="counterparty", is_mobile=True)
    source_of(onec, write_back=True)
    read()
    by, in_1c, here = PanelUserFactory(last_name="Чужанина"), everything(onec), directory()
    placement = place(Counterparty.objects.get(external_ref=ref(entity_of(onec), 1)), NUMBER, by)
    assert sweep(now=timezone.now()) == {"done": 1}
    undo(placement_id=placement.pk, by=by, now=timezone.now())
    assert sweep(now=timezone.now()) == {"done": 1}
    assert (everything(onec), directory()) == (in_1c, here)


def test_a_reading_in_between_neither_brings_back_nor_takes_away(onec: OneCServer) -> None:
    """Until it is written: a deleted number is not read again, a new one stays."""
    ContactInfoKind.objects.create(name="Мобильный телефон", owner="counterparty", is_mobile=True)
    source_of(onec)
    read()
    by, before, key = PanelUserFactory(last_name="Чужанина"), everything(onec), ref(entity_of(onec), 2)
    customer = Counterparty.objects.get(external_ref=key)
    place(customer, NUMBER, by)
    old = customer.contact_info.filter(type="phone").exclude(e164=NUMBER).get()
    delete_row(owner=customer, row_id=old.pk, seen=row_token(old), by=by)
    waiting = directory()
    for mode in ("changes", "full"):
        onec.base.change(entity_of(onec), key, Комментарий=mode)
        read(mode)
        now = directory()
        assert now[key].pop("note") == mode
        assert {**now, key: {**now[key], "note": waiting[key]["note"]}} == waiting
    assert sweep(now=timezone.now()) == {}
    assert [one.state for one in PendingTransfer.objects.all()] == ["waiting", "waiting"]
    onec.base.change(entity_of(onec), key, Комментарий="")
    assert everything(onec) == before
