"""Several numbers in one field: told apart, or said to be several."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from astpanel.lib.phone_numbers import digits_of
from crm.folding import fold
from crm.models import AddressType
from crm.values import clean_value, split_numbers


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("", []),
        (" \u202a\u202c ", []),
        ("8 495 111-22-33", ["8 495 111-22-33"]),
        ("8(495)1112233,,5", ["8(495)1112233,,5"]),
        ("8 495 111-22-33 доб. 5", ["8 495 111-22-33 доб. 5"]),
        ("8 495 111-22-33, доб. 5", ["8 495 111-22-33, доб. 5"]),
        ("+7 495 111-22-33;ext=12", ["+7 495 111-22-33;ext=12"]),
        ("8 495 111-22-33, 8 916 000-11-22", ["8 495 111-22-33", "8 916 000-11-22"]),
        ("8 495 111-22-33 доб. 5; 8 916 000-11-22 доб. 7", ["8 495 111-22-33 доб. 5", "8 916 000-11-22 доб. 7"]),
        ("+7 495 111-22-33 +7 916 000-11-22", ["+7 495 111-22-33", "+7 916 000-11-22"]),
        ("+7(495)1112233+7(916)0001122", ["+7(495)1112233", "+7(916)0001122"]),
        ("111-22-33 и 444-55-66 или 777-88-99", ["111-22-33", "444-55-66", "777-88-99"]),
        ("111-22-33\n444-55-66", ["111-22-33", "444-55-66"]),
        ("111-22-33 | 444-55-66 \\ 777-88-99", ["111-22-33", "444-55-66", "777-88-99"]),
        ("8 495 111-22-33, 22-33-44", ["8 495 111-22-33", "22-33-44"]),
        ("101, 102, 103", ["101", "102", "103"]),
        ("8 916 000-11-22 (Иван), 8 916 000-11-33 Анна", ["8 916 000-11-22 (Иван)", "8 916 000-11-33 Анна"]),
        ("нет; 8 916 000-11-22; спросить", ["нет; 8 916 000-11-22; спросить"]),
        ("111-22-33/34", ["111-22-33/34"]),  # 111-22-34, or extension 34?
        ("8 916 000-11-22, 8 495 111-22-33/34", ["8 916 000-11-22, 8 495 111-22-33/34"]),
        ("１１１-22-33；444-55-66", ["111-22-33", "444-55-66"]),
        ("доб. 12", ["доб. 12"]),
        (";;;", [";;;"]),
    ],
)
def test_numbers_in_one_field(text: str, numbers: list[str]) -> None:
    assert split_numbers(text) == numbers


@pytest.mark.parametrize("text", ["111-22-33/34", "тел. 111-22-33 факс 444-55-66", "111-22-33, 444-55-66", "+7 +7 916"])
def test_several_numbers_are_refused_as_one(text: str) -> None:
    with pytest.raises(ValidationError) as caught:
        clean_value(AddressType.PHONE, text)
    assert caught.value.code == "several"


@given(st.text(alphabet="0123456789+-() ,;/\\|доби\n.ext"))
def test_no_digit_is_lost(text: str) -> None:
    assert digits_of("".join(split_numbers(text))) == digits_of(text)


@given(
    st.lists(st.from_regex(r"\+7 \(?[0-9]{3}\)? [0-9]{3}-[0-9]{2}-[0-9]{2}", fullmatch=True), min_size=2, max_size=4)
)
def test_whole_numbers_come_apart_in_any_way_they_are_listed(numbers: list[str]) -> None:
    for gap in (", ", ";", " / ", "\n", " ", " и "):
        assert split_numbers(gap.join(numbers)) == numbers


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("ООО «Ёлка»", "ооо елка"),
        ("  ООО\t“Елка” \n", "ооо елка"),
        ("ООО Ёл\u00adка\u200b\u202e\0", "ооо елка"),
        ("ＯＯＯ Straße", "ooo strasse"),
        ("И\u0306од", "йод"),
        ("😀" * 400, "😀" * 300),
        ("\ud800", ""),
    ],
)
def test_folded_names(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("доб. 12", "extension_alone"),
        ("вн 5", "extension_alone"),
        ("ext.12", "extension_alone"),
        ("доб.", "digits"),
        ("+7 (910)", "part"),
        ("+", "digits"),
        ("1" * 16, "too_long"),
    ],
)
def test_what_is_no_whole_number(text: str, code: str) -> None:
    with pytest.raises(ValidationError) as caught:
        clean_value(AddressType.PHONE, text)
    assert caught.value.code == code


@pytest.mark.parametrize("text", ["101", "02", "*98", "8 800", "8(495)1112233,,5", "+7 910 1112233"])
def test_short_and_odd_numbers_are_kept(text: str) -> None:
    assert clean_value(AddressType.PHONE, text) == text
