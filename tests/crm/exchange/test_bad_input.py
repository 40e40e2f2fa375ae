"""Files as nobody should make them: each row that is refused says why, the others are imported."""

import io
import zipfile
from datetime import date, datetime
from typing import Any

import pytest
from django.utils import translation
from openpyxl import Workbook

from astpanel.lib.tables.base import FileError
from crm.exchange.columns import LONGEST_NOTE
from crm.exchange.services import take_file
from crm.models import ContactInfo, Counterparty, DirectoryImport
from tests.crm.exchange.files import bring, counts, csv_file, faults, xlsx_file
from tests.lib.hostile_tables import bomb, deep_row, many_empty_rows, with_external_link, wrong_size

pytestmark = pytest.mark.django_db
CUT = "The spreadsheet has cut this number. Format the column as text and type it anew."
DATE = "This is a date: the spreadsheet has changed the number. Format the column as text."
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01"


def refused(data: bytes) -> str:
    with translation.override("en"), pytest.raises(FileError) as caught:
        take_file(data=data, name="клиенты.csv", by=None)
    assert not DirectoryImport.objects.exists()
    return str(caught.value)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "The file is empty."),
        (b"\r\n \r\n;;\r\n", "The file is empty."),
        (PNG, "This is neither a CSV nor an XLSX file."),
        (b"%PDF-1.7\n%\xe2\xe3", "This is neither a CSV nor an XLSX file."),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "This is a file of an old Excel (XLS): save it as XLSX or CSV."),
        (b"PK\x03\x04 no archive", "This is no XLSX file that can be read."),
        (
            "Имя;Телефон\nЛуч;1\n".encode(),
            "No column “Контрагент”: the first row must hold the headers, as in the template.",
        ),
        ("Контрагент;Телефон;телефоны\nЛуч;1;2\n".encode(), "There are two columns “Телефоны”."),
        ("Контрагент;Company\nЛуч;1\n".encode(), "There are two columns “Контрагент”."),
        ("Контрагент\n".encode(), "The file has no rows below the headers."),
        (("Контрагент" + ";x" * 60 + "\nЛуч\n").encode(), "The file has more than 60 columns."),
        (b"x" * 60_000_001, "The file is larger than 60 MB."),
    ],
)  # fmt: skip
def test_files_that_are_no_table_of_customers(data: bytes, expected: str) -> None:
    assert refused(data) == expected


def test_bombs() -> None:
    assert refused(bomb()) == "The file is too large when unpacked."
    assert refused(deep_row()) == "The sheet has more rows than a spreadsheet can have."


def test_a_million_empty_rows() -> None:
    made = bring(many_empty_rows(["Контрагент"], ["Луч"], below=1_000_000))
    assert (counts(made), made.rows, Counterparty.objects.get().name) == ({"new": 1}, 1, "Луч")


def test_a_sheet_that_says_it_is_smaller() -> None:
    assert counts(bring(wrong_size(["Контрагент", "Телефон"], ["Луч", "84951112233"]))) == {"new": 1}
    assert ContactInfo.objects.count() == 1


def test_links_to_elsewhere_are_not_followed() -> None:
    assert counts(bring(with_external_link(["Контрагент"], ["Луч"]))) == {"new": 1}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_encodings_and_separators(encoding: str, separator: str) -> None:
    text = "Контрагент;Телефон\r\nООО «Луч»;84951112233\r\n".replace(";", separator)
    assert counts(bring(text.encode(encoding))) == {"new": 1}
    assert ContactInfo.objects.values_list("counterparty__name", "e164").get() == ("ООО «Луч»", "+74951112233")


def test_excels_line_with_the_separator() -> None:
    assert counts(bring("sep=,\r\nКонтрагент,Телефон\r\nЛуч,84951112233\r\n".encode())) == {"new": 1}


def test_broken_bytes_in_one_row() -> None:
    lines = [f"Луч {number};;;" for number in range(20)]
    data = csv_file(*lines).replace("Луч 3".encode(), "Лу".encode() + b"\xd1" + b" 3")
    made = bring(data)
    text = "Some of its bytes are no text: the file is damaged here, or was saved in an unusual encoding."
    assert (counts(made), faults(made)) == ({"new": 19, "error": 1}, [(5, text)])
    data = (
        csv_file("Заря;;;", "Маяк;;;").decode().encode("cp1251").replace("Маяк".encode("cp1251"), b"\xcc\xe0\x98\xea")
    )
    assert faults(bring(data)) == [(3, text)]


def test_cells_of_a_megabyte() -> None:
    made = bring(csv_file(f"{'Л' * 1_000_000};;;", "Заря;;;", f"Маяк;;;{'1' * 1_000_000}"))
    assert (counts(made), faults(made)) == (
        {"new": 1, "error": 2},
        [
            (2, f"Контрагент: Too long: at most {LONGEST_NOTE} characters."),
            (4, f"Телефоны: Too long: at most {LONGEST_NOTE} characters."),
        ],
    )


@pytest.mark.parametrize(
    ("phone", "expected"),
    [
        ("доб. 12", "доб. 12: An extension without its number."),
        ("+7 (910)", "+7 (910): This is not the whole number."),
        ("нет", "нет: A phone number has digits."),
        ("7,91611E+10", f"7,91611E+10: {CUT}"),
        ("2026-03-02", f"2026-03-02: {DATE}"),
        ("02.03.2026", f"02.03.2026: {DATE}"),
        ("1234567890123456", "1234567890123456: Too long: a phone number has at most 15 digits."),
        ("111-22-33/34", "111-22-33/34: Several numbers in one field: give each a row of its own."),
        ("\x00+74951112233", "Телефоны: There are control characters in it."),
        ("+7495\x1b[31m", "Телефоны: There are control characters in it."),
    ],
)  # fmt: skip
def test_numbers_that_are_refused(phone: str, expected: str) -> None:
    made = bring(csv_file(f"Луч;;;{phone}", "Заря;;;"))
    assert (faults(made), list(Counterparty.objects.values_list("name", flat=True))) == ([(2, expected)], ["Заря"])


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("8(495)1112233,,5", [("8(495)1112233,,5", "+74951112233", "5")]),
        ("+7 495 111-22-33 доб. 12", [("+7 495 111-22-33 доб. 12", "+74951112233", "12")]),
        ("4.951112233E+09", [("4951112233", "+74951112233", "")]),
        ("7,4951112233E+10", [("74951112233", "+74951112233", "")]),
        ("'+7 495 111-22-33", [("+7 495 111-22-33", "+74951112233", "")]),
        (
            "8 495 111-22-33, 8 495 111-22-34",
            [("8 495 111-22-33", "+74951112233", ""), ("8 495 111-22-34", "+74951112234", "")],
        ),
    ],
)
def test_numbers_that_are_understood(cell: str, expected: list[tuple[str, str, str]]) -> None:
    assert counts(bring(csv_file(f'Луч;;;"{cell}"'))) == {"new": 1}
    assert list(ContactInfo.objects.order_by("id").values_list("value", "e164", "extension")) == expected


@pytest.mark.parametrize("sign", ["=", "+", "-", "@"])
def test_formulas_are_texts(sign: str) -> None:
    bring(csv_file(f"'{sign}cmd|calc;;;", f"{sign}1+1;;;"))
    assert set(Counterparty.objects.values_list("name", flat=True)) == {f"{sign}cmd|calc", f"{sign}1+1"}


def test_line_ends_and_tabs_in_a_name_are_blanks() -> None:
    bring(csv_file('"ООО\r\n\tЛуч\u2028";;;'))
    assert Counterparty.objects.get().name == "ООО Луч"


def test_rows_that_are_longer_or_shorter_than_the_headers() -> None:
    made = bring(csv_file("Луч;;;84951112233;лишнее", "Заря", "Маяк;;;;;;"))
    assert (counts(made), faults(made)) == ({"new": 2, "error": 1}, [(2, "It has more cells than there are headers.")])


def test_a_quotation_mark_that_is_not_closed() -> None:
    made = bring(csv_file("Луч;;;", '"Заря;;;', "Маяк;;;", "Гранит;;;"))
    text = "A quotation mark is not closed: this cell holds the rows that follow."
    assert (counts(made), faults(made)) == ({"new": 1, "error": 1}, [(3, text)])


def test_rows_without_names() -> None:
    made = bring(csv_file(";A-1;;", "«»;;;", "Луч;;;", header="Контрагент;Внешний код;Контактное лицо;Должность"))
    assert faults(made) == [(2, "There is no name of a counterparty."), (3, "There is no name of a counterparty.")]
    made = bring(csv_file("Луч;;;бухгалтер", header="Контрагент;Внешний код;Контактное лицо;Должность"))
    assert faults(made) == [(2, "A position or a code of a contact person without the name.")]


def test_words_that_are_none() -> None:
    made = bring(csv_file("Луч;завод;может быть;x", header="Контрагент;Вид;В архиве;Код в портале"))
    text = "Вид: Say company or person. В архиве: Say yes or no. Код в портале: This is no code of this portal."
    assert faults(made) == [(2, text)]


def test_several_faults_of_a_row_are_said_together() -> None:
    made = bring(csv_file("Луч;Никто;доб. 1;не почта", header="Контрагент;Менеджер;Телефон;E-mail"))
    assert faults(made) == [
        (
            2,
            "There is no panel user “Никто”. доб. 1: An extension without its number. "
            "не почта: Enter a valid email address.",
        )
    ]


def test_an_excel_file_of_numbers_dates_formulas_and_errors() -> None:
    made = bring(
        xlsx_file(
            ["Контрагент", "Телефон", "Примечание"],
            ["Луч", 84951112233, 1.5],
            ["Заря", 4951112233.0, datetime(2026, 3, 2)],  # noqa: DTZ001 - a cell has no zone
            ["Маяк", date(2026, 3, 2), True],
            ["Гранит", "=A1", None],
            ["#REF!", None, None],
        )
    )
    assert (counts(made), faults(made)) == (
        {"new": 2, "error": 3},
        [
            (4, f"2026-03-02: {DATE}"),
            (5, "A cell is a formula whose value was not saved: paste it as a value."),
            (6, "A cell is an error of the spreadsheet: #REF!."),
        ],
    )
    rows = ContactInfo.objects.order_by("id").values_list("counterparty__name", "e164", "counterparty__note")
    assert list(rows) == [("Луч", "+74951112233", "1.5"), ("Заря", "+74951112233", "2026-03-02")]


def test_a_formula_counts_by_its_saved_value() -> None:
    assert counts(bring(_with_saved_formula())) == {"new": 1}
    assert Counterparty.objects.get().name == "Луч"


def _with_saved_formula() -> bytes:
    """openpyxl saves none: the value is put into the file."""
    book = Workbook()
    book.active.append(["Контрагент"])
    book.active.append(['="Лу"&"ч"'])
    file = io.BytesIO()
    book.save(file)
    out = io.BytesIO()
    with zipfile.ZipFile(file) as source, zipfile.ZipFile(out, "w") as target:
        for entry in source.infolist():
            data = source.read(entry)
            if entry.filename == "xl/worksheets/sheet1.xml":
                data = data.replace(b'<c r="A2"><f>', b'<c r="A2" t="str"><f>').replace(b"<v />", "<v>Луч</v>".encode())
                assert "<v>Луч</v>".encode() in data
            target.writestr(entry, data)
    return out.getvalue()


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", "Robert'); DROP TABLE--", "{{ 7*7 }}", "\u202eчуЛ", "a" * 255]
)
def test_hostile_names_are_names(name: str) -> None:
    quoted: Any = name.replace('"', '""')
    bring(csv_file(f'"{quoted}";;;'))
    assert Counterparty.objects.get().name == name
