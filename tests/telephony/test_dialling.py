"""What a click dials by the office's rules, and whom nothing blocks."""

from typing import Any

import pytest

from astpanel.lib.numbering import NO_PLAN, NumberRules, Rewrite
from telephony.core.enums import PhoneState
from telephony.dialling import may_dial
from telephony.rules import UserFacts

OPERATOR = UserFacts(id=1, active=True, in_use=True, supervisor=False, pbx_id=1, numbers=frozenset({"101", "112"}))
RULES = NumberRules(
    area_code="495",
    outside_prefix="9",
    emergency=("112", "102"),
    rewrites=(Rewrite("empty", "+79.", 15), Rewrite("short", "+7812.", 15, "112")),
)


def asked(number: str, rules: NumberRules = RULES, extension: str = "101", **phones: PhoneState) -> tuple[str, str]:
    """→ the reason of a refusal, what would be dialled."""
    states: dict[str, Any] = {name.removeprefix("ext"): state for name, state in phones.items()}
    verdict, explanation = may_dial(OPERATOR, extension, number, rules=rules, state_of=states.get)
    assert verdict.allowed == (verdict.reason == "")
    return verdict.reason, explanation.dialled


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("103", ("", "103")),
        ("111-22-33", ("", "984951112233")),
        ("8 (343) 111-22-33", ("", "983431112233")),
        ("+49 30 1234567", ("", "981049301234567")),
        ("*98", ("", "*98")),
        ("+7 916 111-22-33", ("rule_breaks_number", "")),
        ("+7 812 111-22-33", ("emergency_by_accident", "")),
        ("+12", ("no_such_number", "")),
        ("101;rm", ("not_dialable", "")),
        ("101\r\nAction: Command", ("not_dialable", "")),
        ("", ("not_dialable", "")),
        ("1-01", ("own_number", "101")),
    ],
)
def test_the_rules_stand_between_a_click_and_the_pbx(number: str, expected: tuple[str, str]) -> None:
    assert asked(number) == expected


def test_without_a_plan_a_number_is_dialled_as_typed_but_for_separators() -> None:
    typed = ["103", "+74951112233", "8 (495) 111-22-33", "112", "*21*1#", "1" * 32]
    assert [asked(number, NO_PLAN) for number in typed] == [
        ("", "103"),
        ("", "+74951112233"),
        ("", "84951112233"),
        ("", "112"),
        ("", "*21*1#"),
        ("", "1" * 32),
    ]


def test_a_grey_or_yellow_colleague_is_found_behind_the_typed_separators() -> None:
    assert asked("1-03", ext103=PhoneState.TALKING) == ("colleague_busy", "103")
    assert asked("103", ext103=PhoneState.OFF) == ("colleague_off", "103")


def test_no_colleague_stands_between_a_click_and_an_emergency_number() -> None:
    for state in PhoneState:
        assert asked("102", ext102=state) == ("", "102")
        assert asked("9 112", ext112=state) == ("", "112")
    assert asked("112", extension="112") == ("", "112")
    assert asked("112", ext101=PhoneState.OFF) == ("own_phone_off", "112")  # this phone cannot call anybody
    assert asked("112", extension="103") == ("not_your_number", "112")
