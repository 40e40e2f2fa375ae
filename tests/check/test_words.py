"""Every finding has words in every language, and no value of the PBX is lost in them."""

import ast
from pathlib import Path

import pytest
from django.utils import translation

from telephony.ami.rights import FEATURES
from telephony.check import words
from telephony.check.finding import Finding, Level, Snippet
from telephony.check.words_parts import FEATURE_NAMES

CHECK = Path(words.__file__).parent


def codes_in_the_source() -> set[str]:
    """The first argument of each `Finding(…)`, and the codes of tables and of `_reads`."""
    found: set[str] = set()
    for path in CHECK.glob("judge_*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in words.ALL:
                found.add(node.value)
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Finding":
                first = node.args[0]
                found |= {str(first.value)} if isinstance(first, ast.Constant) else set()
    return found


def test_every_code_has_words_and_every_word_a_code() -> None:
    assert codes_in_the_source() - {"login_failed"} == set(words.ALL)


def test_every_feature_has_a_name() -> None:
    assert set(FEATURE_NAMES) == {feature.code for feature in FEATURES}


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("code", sorted(words.ALL))
def test_words_can_be_filled(code: str, language: str) -> None:
    """Also when a value is missing, as in a finding that another version of the portal stored."""
    with translation.override(language):
        finding = Finding(code, Level.INFO)
        assert finding.title
        assert isinstance(finding.meaning + finding.act, str)


def test_values_are_shown_as_they_are() -> None:
    with translation.override("en"):
        finding = Finding("hint_missing", Level.ERROR, {"numbers": [str(number) for number in range(101, 134)]})
        assert finding.title.startswith("No hint for: 101, 102, 103,")
        assert finding.title.endswith("129, 130 and 3 more")
        hostile = Finding("queues_ok", Level.OK, {"queues": ["<script>", "%(x)s", "100 %"]})
        assert hostile.title == "Queues: <script>, %(x)s, 100 %"
        right = Finding(
            "right_missing", Level.ERROR, {"account": "a", "features": ["park", "new"], "classes": ["call"]}
        )
        assert right.title == "The account a may not: parking a call, new"


def test_a_closed_door_speaks_the_words_of_the_link() -> None:
    with translation.override("en"):
        finding = Finding("login_failed", Level.ERROR, {"account": "astpanel", "duty": "all", "reason": "denied"})
        assert finding.title == "astpanel: The PBX does not accept the AMI login."
        assert finding.meaning.startswith("The name or password is wrong")


def test_an_unknown_code_is_its_own_word() -> None:
    finding = Finding("of_tomorrow", Level.WARNING, {"x": 1})
    assert (finding.title, finding.meaning, finding.act) == ("of_tomorrow", "", "")


def test_through_the_database_and_back() -> None:
    lines = (Snippet("manager.conf", "[a]\n", "manager reload", "freepbx"),)
    finding = Finding("hint_missing", Level.ERROR, {"numbers": ["101"]}, lines)
    assert Finding.from_json(finding.as_json()) == finding


def test_where_the_pbx_keeps_such_a_file() -> None:
    with translation.override("en"):
        assert Snippet("manager.conf", "").place == ""
        place = Snippet("manager_custom.conf", "", kind="freepbx").place
        assert place == "In FreePBX: Admin → Config Edit → manager_custom.conf; then Apply Config."
