"""The table of the dialog, act by act."""

import pytest

from astpanel.lib.numbering import NumberRules
from crm.placing.automatic import place_automatically
from crm.placing.draft import KEPT, Draft, Refusal, RefusedError
from crm.placing.numbers import Unplaceable, read_number, why_not_placeable
from crm.placing.posted import BadDraftError, from_text, to_text
from crm.placing.rebase import Difference, differences, rebase
from crm.placing.rows import Changed, Created, Deleted, Kind, Stored
from tests.crm.placing.drafts import CELL, LANDLINE, OLD, draft, table

NUMBER = LANDLINE.value
FIRST = Stored(7, 1, OLD, True)
DIRECT = (Kind(5, "Прямой", "phone"), Kind(6, "Общий", "phone"))
MAIL = Stored(8, 3, "info@example.org", True)


def test_an_owner_without_numbers_is_offered_a_row_for_each_phone_kind() -> None:
    assert table(draft(MAIL)) == [("k1", "", ""), ("k2", "", ""), ("8", "info@example.org", "m")]


def test_a_double_click_fills_an_empty_row() -> None:
    done = draft(FIRST).set_number("k2")
    assert table(done) == [("7", OLD, "m"), ("k2", NUMBER, "h")]
    assert done.changes() == [Created(2, NUMBER, False)]


def test_a_row_with_something_else_asks_first() -> None:
    assert draft(FIRST).overwrites("7") == OLD
    assert draft(FIRST).overwrites("k2") == ""


def test_overwritten() -> None:
    done = draft(FIRST).set_number("7")
    assert table(done) == [("7", NUMBER, "mh"), ("k2", "", "")]
    assert done.changes() == [Changed(7, 1, NUMBER, True)]


def test_what_stood_there_is_kept_beside_it() -> None:
    done = draft(FIRST).set_number("7", keep=True)
    assert table(done) == [("7", NUMBER, "mh"), (KEPT, OLD, ""), ("k2", "", "")]
    assert done.changes() == [Changed(7, 1, NUMBER, True), Created(1, OLD, False)]


def test_another_row_takes_it_over() -> None:
    done = draft(FIRST).set_number("7", keep=True).set_number("k2")
    assert table(done) == [("7", OLD, "m"), ("k2", NUMBER, "h")]


def test_the_row_of_what_was_displaced_takes_it() -> None:
    assert table(draft(FIRST).set_number("7", keep=True).set_number(KEPT)) == [
        ("7", OLD, "m"),
        ("n1", NUMBER, "h"),
        ("k2", "", ""),
    ]


def test_a_number_stands_in_no_mail_row() -> None:
    with pytest.raises(RefusedError) as refused:
        draft(MAIL).set_number("8")
    assert refused.value.reason is Refusal.NOT_PHONE


def test_the_owner_has_the_number_already() -> None:
    """In another writing; with an extension it would be another line."""
    one = draft(Stored(5, 1, "8 (495) 111-22-33", True))
    assert one.set_number("5") == one
    with pytest.raises(RefusedError) as refused:
        one.set_number("k2")
    assert (refused.value.reason, refused.value.row and refused.value.row.key) == (Refusal.ALREADY, "5")
    assert draft(Stored(5, 1, "8 (495) 111-22-33 доб. 4", True)).place is None


def test_a_red_cross_strikes_through_and_is_taken_back() -> None:
    one = draft(FIRST).delete("7")
    assert table(one) == [("7", OLD, "d"), ("k1", "", ""), ("k2", "", "")]
    assert one.changes() == [Deleted(7)]
    assert one.restore("7") == draft(FIRST)


def test_a_red_cross_empties_a_new_row() -> None:
    assert draft(FIRST).set_number("k2").delete("k2") == draft(FIRST)


def test_the_main_row_goes_and_another_is_main() -> None:
    second = Stored(9, 2, "+7 916 000-00-01", False)
    assert draft(FIRST, second).delete("7").changes() == [Deleted(7), Changed(9, 2, "+7 916 000-00-01", True)]


def test_set_main() -> None:
    done = draft(FIRST).set_number("k2").set_main("k2")
    assert done.changes() == [Changed(7, 1, OLD, False), Created(2, NUMBER, True)]
    with pytest.raises(RefusedError) as refused:
        draft(FIRST).set_main("k2")
    assert refused.value.reason is Refusal.EMPTY


def test_the_full_dialog() -> None:
    done = draft(FIRST).edit("7", kind=2, value="+7 916 000-00-01").edit("", kind=3, value="a@example.org", main=True)
    assert done.changes() == [Changed(7, 2, "+7 916 000-00-01", True), Created(3, "a@example.org", True)]


def test_the_number_with_an_extension_typed_in_the_full_dialog_is_placed() -> None:
    done = draft(FIRST).edit("k2", kind=2, value=f"{NUMBER} доб. 12")
    assert place_automatically(done) == done


@pytest.mark.parametrize(
    ("one", "placed"),
    [
        (draft(), Created(1, NUMBER, True)),  # the first phone is the main one
        (draft(number=CELL), Created(2, CELL.value, True)),
        (draft(FIRST), Created(1, NUMBER, False)),  # no empty row but the mobile's: a row more
        (draft(FIRST, number=CELL), Created(2, CELL.value, False)),
        (draft(Stored(1, 2, OLD, True), number=CELL), Created(2, CELL.value, False)),
        (draft(kinds=(Kind(4, "Сотовый", "phone", True),)), Created(4, NUMBER, True)),
        (
            draft(number=CELL, kinds=(Kind(5, "Прямой", "phone"), Kind(6, "Общий", "phone"))),
            Created(5, CELL.value, True),
        ),
        (
            draft(Stored(1, 5, OLD, True), kinds=DIRECT),
            Created(6, NUMBER, False),
        ),
    ],
)
def test_done_without_having_put_it_anywhere(one: Draft, placed: Created) -> None:
    assert place_automatically(one).changes() == [placed]


def test_somebody_else_was_there() -> None:
    one = draft(FIRST, MAIL).set_number("7", keep=True).edit("8", kind=3, value="new@example.org")
    now = (Stored(7, 1, "+7 812 000-00-00", True), Stored(9, 2, "+7 916 000-00-01", False))
    assert differences(one, now) == [
        Difference(7, FIRST, now[0], NUMBER),
        Difference(8, MAIL, None, "new@example.org"),
        Difference(9, None, now[1]),
    ]
    assert table(rebase(one, now)) == [
        ("7", NUMBER, "mh"),
        ("n1", OLD, ""),
        ("9", "+7 916 000-00-01", ""),
        ("n2", "new@example.org", "m"),
    ]
    assert table(rebase(draft(FIRST).set_number("7", keep=True), now[:1])) == [
        ("7", NUMBER, "mh"),
        (KEPT, "+7 812 000-00-00", ""),
        ("k2", "", ""),
    ]


def test_somebody_else_has_put_the_number_there() -> None:
    now = (FIRST, Stored(9, 2, NUMBER, False))
    assert table(rebase(draft(FIRST).set_number("7"), now)) == [("7", OLD, "m"), ("9", NUMBER, "h")]


BAD_KEYS = ("8", "k3", "k9", "n1", "kept", "k-1", "k²", "n" * 99)
BAD_CELLS = ('{"9":[1,"x"]}', '{"n1":[9,"x"]}', '{"n1":[1]}')
GOOD = to_text(draft(FIRST).set_number("7", keep=True))


@pytest.mark.parametrize(
    "text",
    [
        *("", "[]", "{}", "null", "7", "[" * 100_000, GOOD[:-1], GOOD.replace("[7,1", '["7",1'), "x" * 300_000),
        *(GOOD.replace("[7,1", "[7,99"), GOOD.replace("[7,1", "[-7,1"), GOOD.replace("[7,1", "[7.5,1")),
        *(
            GOOD.replace('"put":"7"', f'"put":"{key}"')
            for key in ("8", "k3", "k9", "n1", "kept", "k-1", "k²", "n" * 99)
        ),
        *(GOOD.replace('"deleted":[]', f'"deleted":{value}') for value in ('["9"]', "[7]", "7")),
        *(
            GOOD.replace('"cells":{}', f'"cells":{value}')
            for value in ('{"9":[1,"x"]}', '{"n1":[9,"x"]}', '{"n1":[1]}')
        ),
        GOOD.replace('"cells":{}', '"cells":{"n1":[1,"' + "9" * 300 + '"]}'),
        GOOD.replace('"cells":{}', '"cells":{' + ",".join(f'"n{i}":[1,"x"]' for i in range(300)) + "}"),
    ],
)
def test_what_our_page_never_posts(text: str) -> None:
    with pytest.raises(BadDraftError):
        from_text(text, draft())


RULES = NumberRules(area_code="495", internal_max=4, service=("09",))


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ("+74951112233", Unplaceable.NONE),
        ("84951112233", Unplaceable.NONE),
        ("1112233", Unplaceable.NONE),
        ("anonymous", Unplaceable.HIDDEN),
        ("", Unplaceable.HIDDEN),
        ("Скрыт", Unplaceable.HIDDEN),
        ("101", Unplaceable.SERVICE),
        ("205", Unplaceable.INTERNAL),
        ("*98", Unplaceable.SERVICE),
        ("112", Unplaceable.SERVICE),
        ("1234567890123456", Unplaceable.MALFORMED),
        ("+7495" + "1" * 300, Unplaceable.MALFORMED),
    ],
)
def test_what_can_be_placed(given: str, why: Unplaceable) -> None:
    assert why_not_placeable(given, RULES) is why


def test_how_it_is_written() -> None:
    assert [read_number(given, RULES).value for given in ("1112233", "84951112233", "+33142685300")] == [
        "+7 495 111-22-33",
        "+7 495 111-22-33",
        "+33 1 42 68 53 00",
    ]


@pytest.mark.parametrize("name", ["Мобильный", "МОБИЛЬНЫЙ телефон", "Mobile", "Сотовый"])
def test_a_kind_that_is_called_mobile_is_one_without_the_mark(name: str) -> None:
    kinds = (Kind(1, name, "phone"), Kind(2, "Рабочий", "phone"))
    placed = [place_automatically(draft(number=number, kinds=kinds)).changes() for number in (LANDLINE, CELL)]
    assert placed == [[Created(2, NUMBER, True)], [Created(1, CELL.value, True)]]
    alone = place_automatically(draft(kinds=kinds[:1]))
    assert alone.changes() == [Created(1, NUMBER, True)]  # no other phone kind: better there than nowhere
