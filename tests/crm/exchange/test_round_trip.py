"""An export that is imported again changes nothing, whatever the directory holds."""

import io
from typing import Any

import pytest
from django.db.models import Model
from django.utils import translation
from openpyxl import load_workbook

from crm.exchange.exporting import directory_file, template_file
from crm.exchange.services import begin_import, take_file
from crm.models import ContactInfo, ContactPerson, Counterparty
from tests.crm.exchange.files import bring, counts, faults
from tests.factories import (
    ContactInfoFactory,
    ContactInfoKindFactory,
    ContactPersonFactory,
    CounterpartyFactory,
    CustomerSourceFactory,
    PanelUserFactory,
)

pytestmark = pytest.mark.django_db
HOSTILE = (
    *(
        "=1+1",
        "+7",
        "-1",
        "@SUM(A1)",
        "'=1+1",
        "''=1",
        "=",
        "＝1",
        '"кавычки"',
        "a;b,c\td",
        "«Луч»  два пробела",
        " края ",
    ),
    *(
        "#N/A",
        "1",
        "007",
        "1E5",
        "2026-03-02",
        "<b>x</b>",
        "\u202eчуЛ",
        "O'Нил",
        "строка\nвторая",
        "\x1b[31m",
        "да",
        "_x0041_",
    ),
)


def furnish() -> None:
    """Names of all sorts, twins, numbers that no field would take any more, a source's customers, merged-away ones."""
    source = CustomerSourceFactory()
    manager = PanelUserFactory(username="=petrov", number="101")
    for number, name in enumerate(HOSTILE):
        company = CounterpartyFactory(name=name, note=f"{name}\r\n\n{name} ", manager=manager if number % 2 else None)
        ContactPersonFactory(counterparty=company, name=name, position=name, archived=bool(number % 3))
    for _ in range(2):
        twin = CounterpartyFactory(name="Близнецы", kind="person", archived=True, phone="+7 495 111-22-33")
        for _person in range(2):
            ContactPersonFactory(counterparty=twin, name="Анна", phone="+7 495 111-22-33")
    CounterpartyFactory(name="Близнецы", external_ref="A-1")
    of_source = CounterpartyFactory(name="Из 1С", source=source, external_ref="A-2", note="n" * 40_000)
    ContactPersonFactory(counterparty=of_source, source=source, external_ref="P-1", phone="8 (495) 111-22-33 доб. 5")
    CounterpartyFactory(name="Уехали", merged_into=of_source)
    odd = CounterpartyFactory(name="Чудные номера")
    phone = ContactInfoKindFactory(name="Чудной")
    for value in (
        "111-22-33/34",
        "доб. 12",
        "+7 (910)",
        "+7 495 111-22-33; 34",
        "=1",
        "нет",
        "2026-03-02",
        "1E5",
        "a\tb",
    ):
        ContactInfo.objects.bulk_create([ContactInfo(counterparty=odd, kind=phone, value=value)])
    ContactInfoFactory(counterparty=odd, kind=phone, value="8(495)1112233,,5", is_main=True)
    for kind_type, value in (("email", "не почта"), ("email", "A@example.com"), ("address", "=Москва; Садовая, 1")):
        kind = ContactInfoKindFactory(name=f"{kind_type} {value}", type=kind_type)
        ContactInfo.objects.bulk_create([ContactInfo(counterparty=odd, kind=kind, value=value)])


def everything() -> list[Any]:
    models: tuple[type[Model], ...] = (Counterparty, ContactPerson, ContactInfo)
    return [list(model._default_manager.order_by("pk").values()) for model in models]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("language", ["ru", "en"])
def test_nothing_changes(kind: str, language: str) -> None:
    furnish()
    before = everything()
    with translation.override(language):
        made = take_file(data=directory_file(None, kind), name=f"export.{kind}", by=None)
        rows = Counterparty.objects.filter(merged_into=None).count() + ContactPerson.objects.count()
        assert (faults(made), counts(made), made.unknown) == ([], {"same": rows}, [])
        begin_import(made=made, by=None, only_valid=False, with_duplicates=True)
    assert everything() == before


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_an_empty_directory_takes_the_file_of_another(kind: str) -> None:
    """The same customers, but for what only the portal itself can tell apart: twins without a reference (`'=1` is one
    of `=1`), and for what no field would take.
    """
    furnish()
    Counterparty.objects.filter(name="Близнецы", external_ref="").delete()
    Counterparty.objects.filter(name__in=("Чудные номера", "Из 1С", "Уехали", "'=1+1", "''=1")).delete()
    PanelUserFactory(username="other")
    data = directory_file(None, kind)
    names = set(Counterparty.objects.values_list("name_key", flat=True))
    Counterparty.objects.all().delete()
    made = bring(data)
    assert (faults(made), set(Counterparty.objects.values_list("name_key", flat=True))) == ([], names)
    assert counts(bring(data)) == {"same": made.counts["new"]}


def test_only_the_chosen_ones() -> None:
    CounterpartyFactory(name="Луч")
    chosen = CounterpartyFactory(name="Заря")
    text = directory_file([chosen.pk], "csv").decode("utf-8-sig")
    assert [line.split(";")[0] for line in text.splitlines()] == ["Контрагент", "Заря"]


@pytest.mark.parametrize("name", ["=HYPERLINK(0)", "+1", "-1", "@a", "\t=1"])
def test_no_cell_is_a_formula(name: str) -> None:
    CounterpartyFactory(name=name, note=name)
    text = directory_file(None, "csv").decode("utf-8-sig")
    assert text.splitlines()[1].startswith(f"'{name.strip()};")
    sheet = load_workbook(io.BytesIO(directory_file(None, "xlsx"))).active
    cell = sheet["A2"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == (name.strip(), "s", True)


def test_russian_excel_opens_it() -> None:
    data = directory_file(None, "csv")
    assert data.startswith(b"\xef\xbb\xbf\xd0\x9a")
    assert data.decode("utf-8-sig").split("\r\n")[0].count(";") == 13


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_template_can_be_imported(kind: str) -> None:
    PanelUserFactory(username="petrov")
    made = bring(template_file(kind))
    assert (faults(made), counts(made)) == ([], {"new": 2})


@pytest.mark.parametrize("companies", [1, 3])
def test_queries_of_an_export(companies: int, django_assert_num_queries: Any) -> None:
    for _ in range(companies):
        ContactPersonFactory(counterparty=CounterpartyFactory(phone="+74951112233"), phone="+74951112234")
    with django_assert_num_queries(2 + 4 + 1):  # managers; a chunk; that there is no other
        directory_file(None, "csv")
