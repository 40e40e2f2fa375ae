"""Number rules: what a typed number is and what is dialled for it."""

import re

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from astpanel.lib.numbering import (
    NO_PLAN,
    Concern,
    Explanation,
    Kind,
    NumberRules,
    PatternError,
    Reason,
    Rewrite,
    Step,
    StepCode,
    Warned,
    explain,
    numbers_of,
    warnings,
)
from astpanel.lib.numbering.patterns import lengths

MOSCOW = NumberRules(area_code="495", service=("90", "0611"))
OUTSIDE = NumberRules(area_code="495", outside_prefix="9", emergency=("112",))
MOBILES = Rewrite("GSM", "+79XXXXXXXXX", 2, "77")
TRUNK = Rewrite("Town", "+7495.", 5, "")
BERLIN = NumberRules(region="DE", area_code="30", emergency=("112", "110"))
REWRITING = NumberRules(area_code="495", outside_prefix="9", rewrites=(MOBILES, TRUNK, Rewrite("All", "+7.", 1, "#")))


def found(rules: NumberRules, text: str) -> tuple[str, str, str, str]:
    explanation = explain(rules, text)
    return explanation.kind, explanation.rule, explanation.e164, explanation.dialled


@pytest.mark.parametrize(
    ("rules", "text", "expected"),
    [
        (MOSCOW, "101", ("emergency", "emergency", "", "101")),
        (MOSCOW, "112", ("emergency", "emergency", "", "112")),
        (MOSCOW, "105", ("internal", "internal", "", "105")),
        (MOSCOW, "1-05", ("internal", "internal", "", "105")),
        (MOSCOW, "90", ("service", "service", "", "90")),
        (MOSCOW, "0611", ("service", "service", "", "0611")),
        (MOSCOW, "*98", ("service", "feature_code", "", "*98")),
        (MOSCOW, "#21#", ("service", "feature_code", "", "#21#")),
        (MOSCOW, "0", ("service", "short", "", "0")),
        (MOSCOW, "111-22-33", ("external", "in_country", "+74951112233", "84951112233")),
        (MOSCOW, "8 (812) 111-22-33", ("external", "in_country", "+78121112233", "88121112233")),
        (MOSCOW, "+7 916 111 22 33 доб. 5", ("external", "in_country", "+79161112233", "89161112233")),
        (MOSCOW, "tel:+7-916-111-22-33", ("external", "in_country", "+79161112233", "89161112233")),
        (MOSCOW, "+49 30 1234567", ("external", "abroad", "+49301234567", "81049301234567")),
        (MOSCOW, "123456", ("external", "unknown", "", "123456")),
        (MOSCOW, "+12", ("invalid", "no_number", "", "")),
        (OUTSIDE, "112", ("emergency", "emergency", "", "112")),
        (OUTSIDE, "9 112", ("emergency", "emergency", "", "112")),
        (OUTSIDE, "101", ("internal", "internal", "", "101")),
        (OUTSIDE, "111-22-33", ("external", "in_country", "+74951112233", "984951112233")),
        (OUTSIDE, "9 111-22-33", ("external", "in_country", "+74951112233", "984951112233")),
        (OUTSIDE, "984951112233", ("external", "in_country", "+74951112233", "984951112233")),
        (OUTSIDE, "*98", ("service", "feature_code", "", "*98")),
        (OUTSIDE, "123456", ("external", "unknown", "", "9123456")),
        (OUTSIDE, "912345678", ("external", "unknown", "", "912345678")),
        (REWRITING, "8 916 111-22-33", ("external", "GSM", "+79161112233", "779161112233")),
        (REWRITING, "111-22-33", ("external", "Town", "+74951112233", "1112233")),
        (REWRITING, "8 812 111-22-33", ("external", "All", "+78121112233", "#78121112233")),
        (BERLIN, "1234567", ("external", "in_country", "+49301234567", "0301234567")),
        (BERLIN, "+7 495 111-22-33", ("external", "abroad", "+74951112233", "0074951112233")),
        (NumberRules(region="US"), "202 555 0123", ("external", "in_country", "+12025550123", "12025550123")),
        (NumberRules(region="BR"), "+49 30 1234567", ("external", "abroad", "+49301234567", "+49301234567")),
        (NO_PLAN, "112", ("internal", "internal", "", "112")),
        (NO_PLAN, "8 (495) 111-22-33", ("external", "no_plan", "+74951112233", "84951112233")),
        (NO_PLAN, "+74951112233", ("external", "no_plan", "+74951112233", "+74951112233")),
        (NO_PLAN, "*21*84951112233#12", ("service", "feature_code", "", "*21*84951112233#12")),
        (MOSCOW, "", ("invalid", "empty", "", "")),
        (MOSCOW, "+", ("invalid", "empty", "", "")),
        (MOSCOW, "101\n", ("invalid", "control", "", "")),
        (MOSCOW, "101\0", ("invalid", "control", "", "")),
        (MOSCOW, "Иванов", ("invalid", "characters", "", "")),
        (MOSCOW, "1;rm", ("invalid", "characters", "", "")),
        (MOSCOW, "8+495", ("invalid", "characters", "", "")),
        (MOSCOW, "1" * 33, ("invalid", "too_long", "", "")),
        (MOSCOW, "1" * 10_000, ("invalid", "too_long", "", "")),
    ],
)
def test_what_is_dialled(rules: NumberRules, text: str, expected: tuple[str, ...]) -> None:
    """`expected`: kind, rule, E.164, what is dialled."""
    assert found(rules, text) == expected


def test_the_way_to_the_answer_is_told() -> None:
    assert explain(REWRITING, "111-22-33 доб. 7") == Explanation(
        kind=Kind.EXTERNAL,
        reason=Reason.REWRITTEN,
        dialled="1112233",
        e164="+74951112233",
        readable="+7 495 111-22-33",
        rewrite="Town",
        extension="7",
        steps=(
            Step(StepCode.CLEANED, True, "1112233"),
            Step(StepCode.EXTENSION_DROPPED, True, "7"),
            Step(StepCode.EMERGENCY, False),
            Step(StepCode.SERVICE, False),
            Step(StepCode.INTERNAL, False),
            Step(StepCode.E164, True, "+74951112233"),
            Step(StepCode.REWRITE, False, "", "GSM"),
            Step(StepCode.REWRITE, True, "1112233", "Town"),
        ),
    )


def test_no_rule_turns_another_number_into_an_emergency_call() -> None:
    rules = NumberRules(outside_prefix="9", rewrites=(Rewrite("a", "812112", 3), Rewrite("b", "81211X", 0, "9")))
    assert found(rules, "812112") == ("invalid", "a", "", "")
    assert explain(rules, "812112").reason == Reason.EMERGENCY_BY_ACCIDENT
    behind_prefix = NumberRules(outside_prefix="9", rewrites=(Rewrite("b", "555555", 6, "9112"),))
    assert explain(behind_prefix, "555555").reason == Reason.EMERGENCY_BY_ACCIDENT


@pytest.mark.parametrize(("strip", "prepend"), [(15, ""), (0, "1" * 40), (0, "A"), (0, "\r\n")])
def test_a_rule_that_leaves_nothing_dialable_dials_nothing(strip: int, prepend: str) -> None:
    explanation = explain(NumberRules(rewrites=(Rewrite("bad", "+7.", strip, prepend),)), "+7 495 111-22-33")
    assert (explanation.kind, explanation.reason, explanation.dialled) == (Kind.INVALID, Reason.NOT_DIALABLE, "")


@pytest.mark.parametrize(
    ("pattern", "fits", "fails"),
    [
        ("XXX", ["000", "999"], ["00", "0000", "+00", "00*"]),
        ("xZn", ["012"], ["002", "011"]),
        ("+7[3489]X.", ["+7312", "+7912345"], ["+7", "+7312a", "+7212"]),
        ("[1-35]0", ["10", "30", "50"], ["40", "00"]),
        ("*21*X.", ["*21*12", "*21*1#"], ["*21*1", "21*12"]),
    ],
)
def test_patterns(pattern: str, fits: list[str], fails: list[str]) -> None:
    rewrite = Rewrite("r", pattern)
    assert [n for n in fits + fails if rewrite.fits(n)] == fits


@pytest.mark.parametrize(
    ("pattern", "problem", "part"),
    [
        ("", "empty", ""),
        ("X" * 65, "too_long", ""),
        ("_8X", "character", "_"),
        ("8(495)", "character", "("),
        ("8[12", "set_open", "[12"),
        ("8]", "character", "]"),
        ("[]", "set_empty", "[]"),
        ("[1-]", "set_part", "[1-]"),
        ("[a-z]", "set_part", "[a-z]"),
        ("[^1]", "set_part", "[^1]"),
        ("[5-1]", "set_range", "5-1"),
        ("8.X", "rest_inside", ""),
        ("٣", "character", "٣"),
    ],
)
def test_bad_patterns_say_what_is_wrong(pattern: str, problem: str, part: str) -> None:
    with pytest.raises(PatternError) as caught:
        Rewrite("r", pattern)
    assert (caught.value.problem, caught.value.part) == (problem, part)


def test_lengths() -> None:
    assert [lengths(p) for p in ("XXX", "+7[1-5]X.", "*")] == [(3, 3), (5, None), (1, 1)]


def test_numbers_of_a_list() -> None:
    assert numbers_of(" 112, 101 ,,*98 101") == ("112", "101", "*98")


def test_warnings() -> None:
    rules = NumberRules(
        outside_prefix="9",
        emergency=("101",),
        service=("90",),
        internal_min=2,
        internal_max=3,
        rewrites=(Rewrite("inside", "1XX"), Rewrite("first", "+7."), Rewrite("again", "+7."), Rewrite("star", "*X")),
    )
    assert warnings(rules, ["101", "9101", "90", "1000", "105"]) == (
        Warned(Concern.INTERNAL_IS_EMERGENCY, "101, 9101"),
        Warned(Concern.INTERNAL_IS_SERVICE, "90"),
        Warned(Concern.INTERNAL_OUT_OF_RANGE, "1000"),
        Warned(Concern.NO_EMERGENCY, "112"),
        Warned(Concern.RULE_NEVER_FITS, "inside"),
        Warned(Concern.RULE_HIDDEN, "again"),
    )
    assert warnings(MOSCOW, ["105"]) == ()


# --- Properties -----------------------------------------------------------------------------------------------------
patterns = st.lists(st.sampled_from(["X", "Z", "N", "[1-5]", "+", "7", "9", "*", "#"]), min_size=1, max_size=14)
rewrites = st.builds(
    lambda parts, rest, strip, prepend: Rewrite("rule", "".join(parts) + rest, strip, prepend),
    patterns,
    st.sampled_from(["", "."]),
    st.integers(0, 15),
    st.text("0123456789*#+", max_size=16),
)
rules_of = st.builds(
    NumberRules,
    region=st.sampled_from(["RU", "DE", "US", "IT", "BR", "KZ", "AR", "XX", ""]),
    area_code=st.text("0123456789", max_size=5),
    outside_prefix=st.text("0123456789*#", max_size=3),
    internal_min=st.integers(1, 4),
    internal_max=st.integers(2, 10),
    emergency=st.lists(st.sampled_from(["112", "101", "911", "01"]), max_size=3).map(tuple),
    service=st.lists(st.text("0123456789*#", min_size=1, max_size=4), max_size=3).map(tuple),
    rewrites=st.lists(rewrites, max_size=4).map(tuple),
    as_typed=st.booleans(),
)
typed = st.one_of(st.text(max_size=60), st.text("0123456789 ()-+*#.доб", max_size=40))


@given(rules_of, typed)
def test_any_text_gives_something_dialable_or_says_invalid(rules: NumberRules, text: str) -> None:
    explanation = explain(rules, text)
    if explanation.kind is Kind.INVALID:
        assert explanation.dialled == ""
    else:
        assert re.fullmatch(r"[0-9*#+]{1,32}", explanation.dialled)
    assert (explanation.e164 == "") or re.fullmatch(r"\+[0-9]{3,15}", explanation.e164)


@given(rules_of, typed)
def test_nothing_but_an_emergency_call_reaches_an_emergency_number(rules: NumberRules, text: str) -> None:
    explanation = explain(rules, text)
    if explanation.dialled in rules.emergency:
        assert explanation.kind is Kind.EMERGENCY


@given(rules_of, st.sampled_from(["112", "101", "911", "01"]))
def test_an_emergency_number_is_dialled_bare_whatever_the_rules(rules: NumberRules, number: str) -> None:
    for text in {number, rules.outside_prefix + number, f" {number} "}:
        if number in rules.emergency and text.strip() not in set(rules.emergency) - {number}:
            assert found(rules, text)[::3] == ("emergency", number)


@given(rules_of, typed)
def test_e164_explains_itself(rules: NumberRules, text: str) -> None:
    e164 = explain(rules, text).e164
    if e164:
        assert explain(rules, e164).e164 == e164


@given(st.sampled_from([MOSCOW, OUTSIDE, BERLIN]), st.text("0123456789", min_size=6, max_size=14))
def test_what_is_dialled_by_the_built_in_rules_is_read_as_the_same_number(rules: NumberRules, text: str) -> None:
    explanation = explain(rules, text)
    if explanation.reason is Reason.IN_COUNTRY and phonenumbers.is_valid_number(phonenumbers.parse(explanation.e164)):
        assert explain(rules, explanation.dialled).e164 == explanation.e164
