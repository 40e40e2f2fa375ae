"""A6 and the last page."""

from typing import Any

import pytest
from django.test import Client

from astpanel.accounts.models import PanelUser
from astpanel.setup.models import Step, StepRecord
from crm.models import NumberingPlan, RewriteRule
from tests.factories import PbxFactory
from tests.setup.conftest import Reach, page

pytestmark = pytest.mark.django_db
PAGE, FINISH = page(Step.NUMBERS), "/admin/setup/finish/"


@pytest.fixture(autouse=True)
def _reached(reach: Reach) -> None:
    reach(Step.NUMBERS)


def typed(**change: Any) -> dict[str, Any]:
    plan = {"country": "RU", "area_code": "495", "outside_prefix": "9", "internal_min": 3, "internal_max": 4}
    rules = {"rules-TOTAL_FORMS": 1, "rules-INITIAL_FORMS": 0, "rules-MIN_NUM_FORMS": 0, "rules-MAX_NUM_FORMS": 50}
    rule = {"rules-0-name": "", "rules-0-pattern": "", "rules-0-strip": 0, "rules-0-prepend": "", "rules-0-ORDER": 1}
    return {**plan, "emergency": "112", "service": "", **rules, **rule, "rules-0-enabled": "on", **change}


RULE = {"rules-0-name": "Мобильные", "rules-0-pattern": "+79XXXXXXXXX", "rules-0-strip": 2, "rules-0-prepend": "8"}


def state() -> str:
    return StepRecord.objects.get(step=Step.NUMBERS).state


def test_saved_and_finished(admin: Client, administrator: PanelUser) -> None:
    assert admin.post(PAGE, typed(**RULE)).headers["Location"] == FINISH
    plan = NumberingPlan.objects.get()
    assert (plan.country, plan.area_code, plan.outside_prefix, state()) == ("RU", "495", "9", "done")
    rule = RewriteRule.objects.get()
    assert (rule.name, rule.pattern, rule.strip, rule.prepend) == ("Мобильные", "+79XXXXXXXXX", 2, "8")
    PbxFactory(name="Главная", host="192.0.2.7")
    shown = admin.get(FINISH)
    text = shown.content.decode()
    lines = {line.step: str(line.text) for line in shown.context["summary"]}
    assert (lines[Step.PBX], "495" in lines[Step.NUMBERS], "Гусев Глеб" in lines[Step.AGREEMENT]) == (
        "Главная: 192.0.2.7:5038",
        True,
        True,
    )
    assert ('id="to-panel"' in text, admin.get("/admin/setup/").headers["Location"]) == (False, FINISH)
    PanelUser.objects.filter(pk=administrator.pk).update(in_use=True)
    assert 'id="to-panel"' in admin.get(FINISH).content.decode()


def test_a_rule_that_makes_no_sense(admin: Client) -> None:
    answer = admin.post(PAGE, typed(**RULE) | {"rules-0-pattern": "[5-"})
    assert (answer.status_code, answer.context["form"].rules.is_valid(), NumberingPlan.objects.exists()) == (
        200,
        False,
        False,
    )
    shown = admin.get(PAGE).context["form"]  # typed values come back, the rules' too
    assert (shown["area_code"].value(), shown.rules.forms[0]["pattern"].value()) == ("495", "[5-")
    assert state() == "open"


def test_try_a_number_without_a_script(admin: Client) -> None:
    answer = admin.post(PAGE, typed(try_number="111-22-33", action="try"))
    found = answer.context["trial"].explanation
    assert (answer.status_code, found.e164, NumberingPlan.objects.exists()) == (200, "+74951112233", False)
    assert StepRecord.objects.get(step=Step.NUMBERS).state == "open"


def test_left_and_found_again(admin: Client) -> None:
    admin.post(PAGE, typed(area_code="812", **RULE, go=Step.CONTACTS))
    shown = admin.get(PAGE)
    form = shown.context["form"]
    assert (form["area_code"].value(), form.rules.forms[0]["name"].value()) == ("812", "Мобильные")
    assert shown.context["draft"] is True
    admin.post(PAGE, {"discard": "1"})
    assert admin.get(PAGE).context["form"]["area_code"].value() == ""


def test_again_with_the_same_values_changes_nothing(admin: Client) -> None:
    admin.post(PAGE, typed(**RULE))
    plan, rule = NumberingPlan.objects.get(), RewriteRule.objects.values().get()
    again = {"rules-INITIAL_FORMS": 1, "rules-0-id": rule["id"], "rules-0-plan": plan.pk}
    assert admin.post(PAGE, typed(**RULE, **again)).headers["Location"] == FINISH
    assert (NumberingPlan.objects.get().pk, RewriteRule.objects.values().get()) == (plan.pk, rule)
