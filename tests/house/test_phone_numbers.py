"""Numbers as people type them and PBXs send them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from astpanel.lib.phone_numbers import Reading, clean_text, number_keys, readable, split_extension

MOSCOW = ("+74951112233", "4951112233")


@pytest.mark.parametrize(
    "text",
    [
        "+74951112233",
        "84951112233",
        "74951112233",
        "4951112233",
        "8 (495) 111-22-33",
        "+7 495 111 22 33 доб. 12",
        "(495)1112233 (доб.12)",
        "8 495 111-22-33 внутр. 5",
        "8 495 111-22-33 добавочный: 5",
        "+7 495 111-22-33 ext. 12",
        "+7 495 111-22-33 x12",
        "84951112233#12",
        "84951112233,,12",
        "tel:+7-495-111-22-33",
        "tel:+74951112233;ext=12",
        "sip:+74951112233@10.0.0.1",
        "\u202a+7 (495) 111-22-33\u202c",
        "＋７４９５１１１２２３３",
        "0074951112233",
    ],
)
def test_one_number_in_many_writings(text: str) -> None:
    assert number_keys(text) == MOSCOW


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("101", ("101", "101")),
        ("sip:101@10.0.0.1", ("101", "101")),
        ("112", ("112", "112")),
        ("111-22-33", ("1112233", "1112233")),  # a town's own number: no area code, nothing guessed
        ("8~10 49 30 1234567", ("+49301234567", "9301234567")),
        ("+1 202 555 0123", ("+12025550123", "2025550123")),
        ("", ("", "")),
        ("anonymous", ("", "")),
        ("<unknown>", ("", "")),
        ("скрыт", ("", "")),
        ("*98", ("", "")),
        ("#21#", ("", "")),
        ("+7 (910)", ("", "")),
        ("доб. 12", ("", "")),
        ("12 кв.", ("", "")),
        ("8(495)1112233,,5", ("+74951112233", "4951112233")),
        ("84951112233 89162223344", ("", "")),
        ("1" * 16, ("", "")),
        ("1" * 100_000, ("", "")),
    ],
)
def test_keys(text: str, keys: tuple[str, str]) -> None:
    assert number_keys(text) == keys


def test_region() -> None:
    assert number_keys("030 1234567", Reading("DE")) == ("+49301234567", "9301234567")


MOSCOW_OFFICE = Reading("RU", "495", "9", 5)
KALUGA_OFFICE = Reading("RU", "4842", "", 4)
BERLIN_OFFICE = Reading("DE", "30", "0", 4)


@pytest.mark.parametrize(
    ("text", "reading", "e164"),
    [
        ("111-22-33", MOSCOW_OFFICE, "+74951112233"),
        ("9 111-22-33", MOSCOW_OFFICE, "+74951112233"),
        ("8 (812) 111-22-33", MOSCOW_OFFICE, "+78121112233"),
        ("9 8 812 111-22-33", MOSCOW_OFFICE, "+78121112233"),
        ("9161112233", MOSCOW_OFFICE, "+79161112233"),  # a mobile number, not an outside line and 161112233
        ("9 810 49 30 1234567", MOSCOW_OFFICE, "+49301234567"),
        ("812-34-56", MOSCOW_OFFICE, "+74958123456"),  # begins like a trunk prefix, is a number of the town
        ("12345", MOSCOW_OFFICE, "12345"),
        ("123456", MOSCOW_OFFICE, "123456"),
        ("57-01-23", KALUGA_OFFICE, "+74842570123"),
        ("8 4842 57-01-23", KALUGA_OFFICE, "+74842570123"),
        ("1234567", BERLIN_OFFICE, "+49301234567"),
        ("030 1234567", BERLIN_OFFICE, "+49301234567"),
        ("0 030 1234567", BERLIN_OFFICE, "+49301234567"),
        ("00 7 495 111-22-33", BERLIN_OFFICE, "+74951112233"),
    ],
)
def test_numbers_of_the_own_town_and_behind_the_outside_prefix(text: str, reading: Reading, e164: str) -> None:
    assert number_keys(text, reading)[0] == e164


def test_split_extension() -> None:
    assert split_extension("+7 495 111-22-33 доб. 12") == ("+7 495 111-22-33", "12")
    assert split_extension("101 x5") == ("101 x5", "")  # an extension has no extension
    assert split_extension("+7 495 111-22-33") == ("+7 495 111-22-33", "")


def test_readable() -> None:
    assert [readable(text) for text in ("+74951112233", "101", "anonymous", "+", "<b>")] == [
        "+7 495 111-22-33",
        "101",
        "anonymous",
        "+",
        "<b>",
    ]


@given(st.text(max_size=300))
def test_keys_of_any_text_fit_their_columns(text: str) -> None:
    e164, last10 = number_keys(text)
    assert (len(e164) <= 16, len(last10) <= 10) == (True, True)
    assert set(e164.removeprefix("+") + last10) <= set("0123456789")
    assert bool(e164) == bool(last10)
    assert number_keys(clean_text(text)) == (e164, last10)
    assert isinstance(readable(text), str)


@given(st.text("0123456789 ()-+", max_size=30))
def test_an_e164_key_finds_itself(text: str) -> None:
    e164, last10 = number_keys(text)
    if e164.startswith("+"):
        assert number_keys(e164) == (e164, last10)
