"""Files as people make them, and as nobody should."""

import io
import zipfile

import pytest
from django.utils import translation
from openpyxl import Workbook, load_workbook

from astpanel.accounts.importing.columns import COLUMNS
from astpanel.accounts.importing.export import EXAMPLE, template_file
from astpanel.accounts.importing.parse import LIMITS, Row, parse
from astpanel.lib.tables.base import FileError
from astpanel.lib.tables.formulas import escaped, unescaped

PEOPLE = "Логин;Фамилия;Внутренний номер\r\npetrov;Петров;101\r\n;;\r\nivanov;Иванов;102\r\n"
ROWS = (
    Row(2, {"username": "petrov", "last_name": "Петров", "number": "101"}),
    Row(4, {"username": "ivanov", "last_name": "Иванов", "number": "102"}),
)


def xlsx(*rows: list[object]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251", "utf-16"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_encodings_and_separators(encoding: str, separator: str) -> None:
    assert parse(PEOPLE.replace(";", separator).encode(encoding)).rows == ROWS


def test_an_excel_file_with_numbers_as_numbers() -> None:
    data = xlsx(["Логин", "Фамилия", "Внутренний номер"], ["petrov", "Петров", 101], [], ["ivanov", "Иванов", 102.0])
    assert parse(data).rows == ROWS


def test_headers_in_any_order_language_and_case_and_unknown_ones() -> None:
    table = parse("Extension,Цвет,LOG-IN , last  name\n101,red,petrov,Petrov\n".encode())
    assert (table.rows, table.unknown) == (
        (Row(2, {"number": "101", "username": "petrov", "last_name": "Petrov"}),),
        ("Цвет",),
    )


def test_quotes_and_line_ends_in_a_cell() -> None:
    table = parse('Логин;Фамилия\npetrov;"Петров; ""младший""\nвторая строка"\n'.encode())
    assert table.rows == (Row(2, {"username": "petrov", "last_name": 'Петров; "младший" вторая строка'}),)


def test_control_characters_are_blanks() -> None:
    table = parse("Логин;Фамилия\npet\x00rov;\x1b[31mПетров\x85\u2028x\n".encode("utf-16"))
    assert table.rows == (Row(2, {"username": "pet rov", "last_name": "[31mПетров x"}),)


def bomb() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 150_000_000)
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "The file is empty"),
        (b"\x89PNG\r\n\x1a\n\0\0", "neither a CSV nor an XLSX"),
        (b"PK\x03\x04 not a zip", "no XLSX file that can be read"),
        ("Фамилия\nПетров\n".encode(), "No column “Логин”"),
        ("Логин;login\na;b\n".encode(), "two columns “Логин”"),
        ("Логин\n".encode(), "no rows below"),
        (("Логин" + ";x" * 70 + "\na\n").encode(), "more than 60 columns"),
        (("Логин\n" + "a\n" * (LIMITS.rows + 1)).encode(), f"more than {LIMITS.rows} rows"),
        (b"x" * 5_000_001, "larger than 5 MB"),
    ],
)  # fmt: skip
def test_refused_files(data: bytes, expected: str) -> None:
    with translation.override("en"), pytest.raises(FileError, match=expected):
        parse(data)


def test_a_bomb_is_not_unpacked() -> None:
    with translation.override("en"), pytest.raises(FileError, match="too large when unpacked"):
        parse(bomb())


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_template_can_be_imported(kind: str) -> None:
    table = parse(template_file(kind))
    assert (table.rows, table.unknown) == ((Row(2, EXAMPLE),), ())


def test_the_template_opens_in_russian_excel() -> None:
    data = template_file("csv")
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.decode("utf-8-sig").splitlines()[0].split(";") == [column.title for column in COLUMNS]
    headers = next(load_workbook(io.BytesIO(template_file("xlsx"))).active.iter_rows(values_only=True))
    assert list(headers) == [column.title for column in COLUMNS]


@pytest.mark.parametrize("text", ["=1+1", "+7 916", "-1", "@SUM(A1)", "\t=1", "＝1"])
def test_formulas_are_texts_and_come_back(text: str) -> None:
    assert (escaped(text), unescaped(escaped(text))) == (f"'{text}", text)


@pytest.mark.parametrize("text", ["", "Петров", "'quoted'", "О'Нил", "101"])
def test_other_texts_stay(text: str) -> None:
    assert (escaped(text), unescaped(text)) == (text, text)
