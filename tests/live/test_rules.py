"""Who may what: the whole table."""

from dataclasses import replace

import pytest

from telephony.core.enums import PhoneState
from telephony.rules import UserFacts, Verdict, may_hangup, may_join, may_open, may_originate

OPERATOR = UserFacts(id=1, active=True, in_use=True, supervisor=False, pbx_id=1, numbers=frozenset({"101", "201"}))
SUPERVISOR = replace(OPERATOR, id=2, supervisor=True, numbers=frozenset())


def reason(verdict: Verdict) -> str:
    """Empty: allowed."""
    assert verdict.allowed == (not verdict.reason)
    return verdict.reason


def test_who_may_open() -> None:
    people = [
        OPERATOR,
        SUPERVISOR,
        replace(OPERATOR, in_use=False),
        replace(SUPERVISOR, in_use=False),
        replace(SUPERVISOR, active=False),
    ]
    assert [reason(may_open(user)) for user in people] == ["", "", "no_panel", "no_panel", "user_off"]


@pytest.mark.parametrize(
    ("user", "expected"),
    [
        (
            OPERATOR,
            {"office": "", "ext/101": "", "ext/201": "", "ext/102": "not_your_number", "board": "not_supervisor"},
        ),
        (SUPERVISOR, {"office": "", "ext/101": "not_your_number", "board": ""}),
        (replace(SUPERVISOR, pbx_id=None), {"office": "no_pbx", "ext/101": "no_pbx", "board": "no_pbx"}),
        (replace(SUPERVISOR, in_use=False), {"office": "no_panel", "ext/101": "no_panel", "board": "no_panel"}),
        (replace(SUPERVISOR, active=False), {"office": "user_off", "board": "user_off"}),
        (OPERATOR, {"": "not_your_number", "ext/": "not_your_number", "everything": "not_your_number"}),
    ],
)
def test_who_may_join(user: UserFacts, expected: dict[str, str]) -> None:
    assert {audience: reason(may_join(user, audience)) for audience in expected} == expected


def test_who_may_originate() -> None:
    def ask(extension: str, number: str, user: UserFacts = OPERATOR, **phones: PhoneState) -> str:
        known = {name.removeprefix("ext"): state for name, state in phones.items()}
        return reason(may_originate(user, extension, number, phones=known))

    assert [ask("101", number) for number in ("102", "+74951112233", "*8#", "1" * 32)] == ["", "", "", ""]
    assert [ask("101", number) for number in ("", "1" * 33, "1,2", "1\r\nAction: Command", "<b>", "١٢")] == [
        "not_dialable"
    ] * 6
    assert [ask("102", "101"), ask("101", "101"), ask("201", "101")] == ["not_your_number", "own_number", ""]
    assert ask("101", "102", ext101=PhoneState.OFF) == "own_phone_off"
    assert {state: ask("101", "102", ext102=state) for state in PhoneState} == {
        PhoneState.OFF: "colleague_off",
        PhoneState.FREE: "",
        PhoneState.RINGING: "",
        PhoneState.TALKING: "colleague_busy",
        PhoneState.UNKNOWN: "",
    }
    unfit = [replace(OPERATOR, active=False), replace(OPERATOR, in_use=False), replace(OPERATOR, pbx_id=None)]
    assert [ask("101", "102", user=user) for user in unfit] == ["user_off", "no_panel", "no_pbx"]


def test_who_may_hang_up() -> None:
    def ask(extension: str, call: str, calls: list[str] | None, user: UserFacts = OPERATOR) -> str:
        return reason(may_hangup(user, extension, call, calls=calls))

    assert [ask("101", "1.1", ["1.1"]), ask("101", "1.1", None), ask("101", "1.2", ["1.1"])] == ["", "", "no_such_call"]
    assert ask("102", "1.1", ["1.1"]) == "not_your_number"
    assert ask("101", "1.1", ["1.1"], user=SUPERVISOR) == "not_your_number"
    assert ask("101", "1.1", ["1.1"], user=replace(OPERATOR, active=False)) == "user_off"
