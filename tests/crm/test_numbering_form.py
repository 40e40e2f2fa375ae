"""The form of the number rules: what is typed, in order, and every mistake in words at its field."""

from typing import Any

import pytest
from django.utils.translation import override

from astpanel.lib.numbering import NumberRules, Rewrite
from crm.models import NumberingPlan
from crm.numbering_forms import NumberingForm, countries, example
from crm.numbering_trial import Line, trial
from tests.crm.numbering_data import posted
from tests.factories import NumberingPlanFactory, PanelUserFactory, RewriteRuleFactory

pytestmark = pytest.mark.django_db
MOBILE = {"name": "Мобильные", "pattern": "+79xxxxxxxxx", "strip": "2", "prepend": "8", "ORDER": "2"}
TOWN = {"name": "Город", "pattern": "+7495.", "strip": "5", "ORDER": "1"}
EMPTY = {"name": "", "pattern": "", "ORDER": "3"}


def errors(form: NumberingForm) -> dict[str, list[str]]:
    form.is_valid()
    found = {name: [str(text) for text in texts] for name, texts in form.errors.items()}
    for rule in form.rules.forms:
        found |= {rule.add_prefix(name): [str(text) for text in texts] for name, texts in rule.errors.items()}
    return found


def test_what_was_typed_becomes_the_rules() -> None:
    form = NumberingForm(posted(MOBILE, TOWN, EMPTY, area_code=" (495) ", emergency="112 101, 112", service="*98 90"))
    assert errors(form) == {}
    assert form.number_rules() == NumberRules(
        area_code="495",
        outside_prefix="9",
        internal_max=4,
        emergency=("112", "101"),
        service=("*98", "90"),
        rewrites=(Rewrite("Город", "+7495.", 5, ""), Rewrite("Мобильные", "+79XXXXXXXXX", 2, "8")),
    )
    assert NumberingPlan.objects.count() == 0
    plan = form.write(by=None).plan
    assert [rule.name for rule in plan.rules.all()] == ["Город", "Мобильные"]


def test_stored_rules_are_changed_moved_and_deleted() -> None:
    plan = NumberingPlanFactory()
    first, second = (RewriteRuleFactory(plan=plan, order=n, name=f"rule {n}") for n in range(2))
    rows = [
        {"id": first.pk, "name": "rule 0", "pattern": "XXXXXXX", "prepend": "8495", "ORDER": "1", "DELETE": "on"},
        {"id": second.pk, "name": "renamed", "pattern": "XXXXXXX", "prepend": "8495", "ORDER": "2"},
        TOWN,
    ]
    form = NumberingForm(posted(*rows))
    assert errors(form) == {}
    form.write(by=None)
    assert [(rule.pk == second.pk, rule.name) for rule in plan.rules.all()] == [(False, "Город"), (True, "renamed")]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (posted(country="XX"), {"country": ["Select a valid choice. XX is not one of the available choices."]}),
        (posted(area_code="абв"), {"area_code": ["Only digits."]}),
        (
            posted(country="DE", area_code="030"),
            {"area_code": ["Without the zero in front: it is dialled, but is no part of the code."]},
        ),
        (posted(internal_min="5"), {"internal_max": ["The longest is shorter than the shortest."]}),
        (posted(internal_max="11"), {"internal_max": ["Ensure this value is less than or equal to 10."]}),
        (
            posted({**MOBILE, "pattern": "8(495)X."}, {**TOWN, "prepend": "8;x"}),
            {
                "rules-0-pattern": ["“(” has no meaning here: X, Z, N, [1-5], digits, * # + and a dot at the end."],
                "rules-1-prepend": ["Only digits, * and #, and a plus in front."],
            },
        ),
        (
            posted({**TOWN, "pattern": "123", "strip": "3"}),
            {"rules-0-strip": ["Nothing would be left of a number of 3 characters."]},
        ),
        (posted({**TOWN, "name": ""}), {"rules-0-name": ["This field is required."]}),
    ],
)
def test_every_mistake_is_said_at_its_field(data: dict[str, str], expected: dict[str, list[str]]) -> None:
    with override("en"):
        assert errors(NumberingForm(data)) == expected


def test_an_unsaved_form_is_kept_whole_and_shown_again() -> None:
    data = posted(MOBILE, {**TOWN, "pattern": "["}, EMPTY, try_number="111-22-33")
    form = NumberingForm({**data, "csrfmiddlewaretoken": "secret", "go": "leave"})
    assert form.typed() == data
    again = NumberingForm(form.typed())
    assert errors(again) == errors(form)
    assert again.has_changed()
    assert 'value="["' in str(again.rules.forms[1]["pattern"])


def test_numbers_of_colleagues_are_left_out_of_the_first_list_of_emergency_numbers() -> None:
    PanelUserFactory(number="101")
    PanelUserFactory(number="103")
    assert NumberingForm()["emergency"].value() == "112, 102, 104"


def test_countries_are_named_in_the_language() -> None:
    assert [dict(countries(language))["DE"] for language in ("ru", "en", "xx")] == [
        "Германия (+49)",
        "Germany (+49)",
        "Germany (+49)",
    ]
    assert (example("RU"), example("XX")) == ("8 (301) 123-45-67", "")


# --- The box --------------------------------------------------------------------------------------------------------
def boxed(**typed: Any) -> Any:
    with override("en"):
        return trial(NumberingForm(posted({**TOWN, "name": "<b>Town</b>"}, **typed)))


def test_the_box_explains_by_the_typed_rules() -> None:
    PanelUserFactory(number="112")
    result = boxed(try_number="111-22-33")
    assert (result.kind, result.rule, result.explanation.dialled) == (
        "Outside number",
        "Rewrite rule “<b>Town</b>”",
        "1112233",
    )
    assert result.lines == (
        Line("Without spaces and brackets: 1112233", True),
        Line("No emergency number", False),
        Line("Not in the list of service numbers", False),
        Line("Not as long as an internal number", False),
        Line("International form: +74951112233", True),
        Line("Rule “<b>Town</b>” fits: 1112233", True),
    )
    assert [text.split(":")[0] for text in result.warnings] == ["112"]
    assert result.examples == ("8 (301) 123-45-67", "8 (912) 345-67-89", "112")
    assert NumberingPlan.objects.count() == 0


def test_with_mistakes_in_the_rules_the_box_says_nothing_of_the_number() -> None:
    result = boxed(try_number="111-22-33", internal_min="9")
    assert (result.mistakes, result.explanation) == (True, None)
    assert (boxed(try_number=" ").explanation, boxed(try_number="abc").invalid) == (None, True)
