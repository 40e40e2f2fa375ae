"""One value in 1C's columns, and the acts on rows: pure."""

import json

import pytest

from astpanel.lib.phone_numbers import Reading, number_keys, split_extension
from crm.sources.field_map import Contacts
from crm.sources.transfers.acts import Act
from crm.sources.transfers.finding import Finder
from crm.sources.transfers.parts import Part
from crm.sources.transfers.shapes import Phone, part_columns, phone_of, record_columns

MOSCOW = Reading(area_code="495")
TABULAR = Contacts(storage="tabular", kind="Вид_Key", digits="НомерТелефона", email="АдресЭП")
COLUMNS = ("Значение", "ЗначенияПолей", "НомерТелефона", "НомерТелефонаБезКодов", "АдресЭП", "ДоменноеИмяСервера")
FINDER = Finder(TABULAR, MOSCOW)
KIND, OTHER = (f"{number:08d}-0000-0000-0000-000000000000" for number in (1, 2))


@pytest.mark.parametrize(
    ("typed", "phone", "shown"),
    [
        ("8 (495) 111-22-33 доб. 5", Phone("7", "495", "1112233", "5"), "+7 (495) 111-22-33, доб. 5"),
        ("111-22-33", Phone("7", "495", "1112233"), "+7 (495) 111-22-33"),
        ("+79161112233", Phone("7", "916", "1112233"), "+7 (916) 111-22-33"),
        ("8 800 200 06 00", Phone("7", "800", "2000600"), "+7 (800) 200-06-00"),
        ("+49 30 123456", Phone("49", "30", "123456"), "+49 (30) 12-34-56"),
        ("+44 20 7123 4567", Phone("44", "20", "71234567"), "+44 (20) 7123-45-67"),
        ("112", Phone("", "", "112"), "112"),
    ],
)
def test_parts_of_a_phone(typed: str, phone: Phone, shown: str) -> None:
    assert (phone_of(typed, MOSCOW), str(phone)) == (phone, shown)
    same = (number_keys(shown, MOSCOW), split_extension(shown)[1])
    assert same == (number_keys(typed, MOSCOW), split_extension(typed)[1])  # what is read back is the same number


def test_columns_of_a_row_are_those_that_there_are() -> None:
    full = part_columns("phone", "+7 495 111-22-33", TABULAR, COLUMNS, MOSCOW)
    assert json.loads(full.pop("Значение"))["areaCode"] == "495"
    assert full == {
        "Представление": "+7 (495) 111-22-33",
        "ЗначенияПолей": "",
        "НомерТелефона": "74951112233",
        "НомерТелефонаБезКодов": "1112233",
    }
    assert part_columns("phone", "+7 495 111-22-33", TABULAR, (), MOSCOW) == {"Представление": "+7 (495) 111-22-33"}
    email = part_columns("email", "a@b.test", TABULAR, COLUMNS[1:], MOSCOW)
    assert email == {
        "Представление": "a@b.test",
        "ЗначенияПолей": "",
        "АдресЭП": "a@b.test",
        "ДоменноеИмяСервера": "b.test",
    }


def test_columns_of_a_record() -> None:
    fields = ("Поле1", "Поле2", "Поле3", "Поле4", "Поле5")
    register = Contacts(storage="register", kind="Вид")
    assert record_columns("phone", "+7 495 111-22-33 доб. 5", register, fields, MOSCOW) == {
        "Представление": "+7 (495) 111-22-33, доб. 5",
        "Поле1": "7",
        "Поле2": "495",
        "Поле3": "1112233",
        "Поле4": "5",
    }
    assert record_columns("email", "a@b.test", register, fields, MOSCOW) == {
        "Представление": "a@b.test",
        **dict.fromkeys(fields[:4], ""),
    }


def line(number: str, place: int, kind: str = KIND, **more: str) -> dict[str, str]:
    return {"LineNumber": str(place), "Тип": "Телефон", "Вид_Key": kind, "Представление": number, **more}


def edited(lines: list[dict[str, str]], *acts: Act) -> tuple[list[tuple[str, str]], list[str]]:
    part = Part([dict(one) for one in lines], FINDER, known=())
    part.apply(acts)
    return [(one["Представление"], one["Вид_Key"]) for one in part.lines], [one.reason for one in part.outcomes]


TWO = [line("+7 495 111-22-33", 1), line("8 (495) 111 22 33", 2, OTHER)]


def test_of_two_rows_with_the_number_the_one_of_the_kind() -> None:
    act = Act(1, "delete", "phone", "+74951112233", old="+74951112233", kinds=(OTHER,))
    assert edited(TWO, act) == ([("+7 495 111-22-33", KIND)], [""])


def test_what_is_not_there_need_not_be_deleted_but_cannot_be_changed() -> None:
    gone = Act(1, "delete", "phone", "+74950000000", old="+74950000000")
    changed = Act(2, "change", "phone", "+74950000001", old="+74950000000")
    assert edited(TWO, gone, changed) == (
        [("+7 495 111-22-33", KIND), ("8 (495) 111 22 33", OTHER)],
        ["", "row_changed"],
    )


def test_acts_upon_each_other() -> None:
    """In their order; a refused one changes nothing for those behind it."""
    acts = (
        Act(1, "add", "phone", "+7 916 000-00-01", kinds=(KIND,)),
        Act(2, "add", "address", "Москва", kinds=(KIND,)),
        Act(3, "change", "phone", "+7 916 000-00-02", old="8 916 000 00 01"),
        Act(4, "add", "phone", "+7 916 000-00-03"),
        Act(5, "main", "phone", "+7 916 000-00-02"),
        Act(6, "change", "phone", "+7 916 000-00-02", old="+7 916 000-00-02", kinds=(OTHER,), new_kind=True),
    )
    after = [*(("+7 495 111-22-33", KIND), ("8 (495) 111 22 33", OTHER)), ("+7 (916) 000-00-02", OTHER)]
    assert edited(TWO, *acts) == (after, ["", "no_type", "", "no_kind", "no_main", ""])


def test_a_row_with_more_than_the_number_is_left_alone() -> None:
    several = [line("111-22-33, 444-55-66", 1), line("+7 495 777-66-55", 2, НомерТелефона="74957776600")]
    first = Act(1, "change", "phone", "+7 495 111-22-34", old="+7 495 111-22-33")
    second = Act(2, "delete", "phone", "+7 495 777-66-55", old="+7 495 777-66-55")
    assert edited(several, first, second) == (
        [("111-22-33, 444-55-66", KIND), ("+7 495 777-66-55", KIND)],
        ["several", "several"],
    )


def test_nothing_to_change_is_nothing_to_write() -> None:
    part = Part([dict(one) for one in TWO], FINDER, known=())
    part.apply(
        [Act(1, "add", "phone", "8 495 1112233", kinds=(KIND,)), Act(2, "delete", "phone", "1", old="+74950000000")]
    )
    assert (part.changed, part.moved(), part.numbered()) == (False, {"1": "1", "2": "2"}, TWO)
