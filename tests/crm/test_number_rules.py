"""The rules as every process knows them, and saving them."""

import subprocess
import sys
import time
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from pytest_django import DjangoAssertNumQueries

from astpanel.jobs.models import Job
from astpanel.lib.numbering import NO_PLAN, NumberRules, Rewrite
from crm.models import ContactInfo, NumberingPlan, RewriteRule
from crm.number_rules import RulesCache
from crm.selectors import contacts_by_numbers, keys_of, number_rules
from crm.services import save_numbering
from crm.tasks import recompute_keys
from telephony.models import CallRecord
from tests.factories import (
    CallRecordFactory,
    ContactInfoFactory,
    CounterpartyFactory,
    JobFactory,
    NumberingPlanFactory,
    PanelUserFactory,
    RewriteRuleFactory,
)

pytestmark = pytest.mark.django_db
RULE = Rewrite("Город", "XXXXXXX", 0, "8495")


def test_without_a_plan_numbers_are_dialled_as_typed() -> None:
    assert number_rules() == NO_PLAN


def test_rows_become_one_value_with_the_rules_in_order() -> None:
    plan = NumberingPlanFactory(outside_prefix="9", emergency="112, 101", service="90 0611")
    RewriteRuleFactory(plan=plan, order=2)
    RewriteRuleFactory(plan=plan, order=1, name="first", pattern="+7.", strip=2, prepend="8")
    RewriteRuleFactory(plan=plan, order=0, name="off", enabled=False)
    RewriteRule.objects.create(plan=plan, order=0, name="broken", pattern="[")
    assert number_rules() == NumberRules(
        area_code="495",
        outside_prefix="9",
        emergency=("112", "101"),
        service=("90", "0611"),
        rewrites=(Rewrite("first", "+7.", 2, "8"), RULE),
    )


def test_every_saved_or_deleted_row_is_seen_at_once() -> None:
    assert number_rules() == NO_PLAN
    plan = NumberingPlanFactory()
    assert number_rules() == NumberRules(area_code="495")
    rule = RewriteRuleFactory(plan=plan)
    assert number_rules() == NumberRules(area_code="495", rewrites=(RULE,))
    rule.delete()
    assert number_rules() == NumberRules(area_code="495")
    plan.delete()
    assert number_rules() == NO_PLAN


def test_another_process_costs_one_small_query_now_and_then(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    plan = NumberingPlanFactory()
    fresh, stale = RulesCache(fresh_for=3600), RulesCache(fresh_for=0)
    assert (fresh.get(), stale.get()) == (NumberRules(area_code="495"),) * 2
    with django_assert_num_queries(0):
        fresh.get()
    with django_assert_num_queries(1):
        stale.get()
    RewriteRuleFactory(plan=plan)  # neither of the two is this process's own
    assert stale.get() == NumberRules(area_code="495", rewrites=(RULE,))
    assert fresh.get() == NumberRules(area_code="495")


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_is_not_kept() -> None:
    assert number_rules() == NO_PLAN

    def change_and_fail() -> None:
        with transaction.atomic():
            NumberingPlanFactory()
            assert number_rules() == NumberRules(area_code="495")
            raise LookupError

    with pytest.raises(LookupError):
        change_and_fail()
    end = time.monotonic() + 60
    while number_rules() != NO_PLAN and time.monotonic() < end:
        time.sleep(0.05)
    assert number_rules() == NO_PLAN


def test_numbers_are_read_by_the_rules_when_written_and_when_looked_up() -> None:
    NumberingPlanFactory()
    company = CounterpartyFactory(phone="111-22-33")
    row = ContactInfo.objects.get()
    assert (row.e164, row.last10) == ("+74951112233", "4951112233")
    assert keys_of("111-22-33") == ("+74951112233", "4951112233")
    found = contacts_by_numbers(["+74951112233", "1112233", "84951112233"])
    assert {number: contact.id for number, contact in found.items()} == dict.fromkeys(found, company.pk)
    assert len(found) == 3


# --- Saving ---------------------------------------------------------------------------------------------------------
def rule(name: str, pattern: str = "+7.", **values: Any) -> RewriteRule:
    return RewriteRule(name=name, pattern=pattern, **{"prepend": "8", **values})


def test_saving_keeps_exactly_the_given_rules_in_the_given_order() -> None:
    user = PanelUserFactory(admin=True)
    plan = save_numbering(plan=NumberingPlan(), rules=[rule("a"), rule("b"), rule("c")], by=user).plan
    a, b, c = plan.rules.all()
    b.name = "B"
    saved = save_numbering(plan=plan, rules=[c, b, rule("d")], by=user)
    assert [(row.pk, row.name, row.order) for row in plan.rules.all()] == [
        (c.pk, "c", 0),
        (b.pk, "B", 1),
        (RewriteRule.objects.get(name="d").pk, "d", 2),
    ]
    assert not RewriteRule.objects.filter(pk=a.pk).exists()
    assert saved.job is None
    assert [r.name for r in number_rules().rewrites] == ["c", "B", "d"]


def test_there_is_one_plan_even_if_two_make_the_first() -> None:
    first = save_numbering(plan=NumberingPlan(area_code="495"), rules=[rule("a")], by=None).plan
    second = save_numbering(plan=NumberingPlan(area_code="812"), rules=[], by=None).plan
    assert first.pk == second.pk
    assert list(NumberingPlan.objects.values_list("area_code", flat=True)) == ["812"]
    assert RewriteRule.objects.count() == 0


@pytest.mark.parametrize(
    ("plan", "rules", "field"),
    [
        ({"country": "XX"}, [], "country"),
        ({"area_code": "49A"}, [], "area_code"),
        ({"outside_prefix": "9\n"}, [], "outside_prefix"),
        ({"internal_min": 5, "internal_max": 4}, [], "internal_max"),
        ({"emergency": "112; rm"}, [], "emergency"),
        ({}, [rule("a", "8(495)X")], "pattern"),
        ({}, [rule("a", "+7X", strip=3, prepend="")], "strip"),
        ({}, [rule("a", prepend="8\r\n")], "prepend"),
        ({}, [rule("")], "name"),
    ],
)
def test_mistakes_are_refused_and_nothing_is_written(plan: dict[str, Any], rules: list[Any], field: str) -> None:
    with pytest.raises(ValidationError) as caught:
        save_numbering(plan=NumberingPlan(**plan), rules=rules, by=None)
    assert list(caught.value.error_dict) == [field]
    assert (NumberingPlan.objects.count(), number_rules()) == (0, NO_PLAN)


def test_another_area_code_has_all_numbers_read_anew() -> None:
    ContactInfoFactory(value="111-22-33")
    ContactInfoFactory(value="+7 916 111-22-33")
    user = PanelUserFactory(admin=True, number="101")
    saved = save_numbering(plan=NumberingPlan(area_code="495"), rules=[], by=user)
    job = saved.job
    assert job is not None
    assert (job.kind, job.function, job.total, job.asked_by_id) == (
        "recompute_keys",
        "crm.tasks.recompute_keys",
        2,
        user.pk,
    )
    Job.objects.filter(pk=job.pk).update(state=Job.State.RUNNING)
    assert recompute_keys(job) == {"read": 2, "changed": 1}
    assert sorted(ContactInfo.objects.values_list("e164", flat=True)) == ["+74951112233", "+79161112233", "101"]
    assert save_numbering(plan=saved.plan, rules=[rule("a")], by=user).job is None  # reads no number in another way


def test_calls_are_found_by_the_new_keys_too() -> None:
    town = {"outside_e164": "1112233", "outside_last10": "1112233"}
    CallRecordFactory(caller_number="111-22-33", **town)
    CallRecordFactory(direction="outbound", caller_number="101", called_number="91112233", participants=(), **town)
    answered_by_another = CallRecordFactory(
        direction="outbound", caller_number="101", called_number="90", participants=("101", "1112244"), **town
    )
    CallRecordFactory(
        direction="internal", caller_number="101", called_number="102", outside_e164="", outside_last10=""
    )
    CallRecordFactory(caller_number="", **town)  # nothing to compute from: what was known stays
    CallRecordFactory(caller_number="+7 916 111-22-33", outside_e164="+79161112233", outside_last10="9161112233")
    job = save_numbering(plan=NumberingPlan(area_code="495", outside_prefix="9"), rules=[], by=PanelUserFactory()).job
    assert job is not None
    assert job.total == 6
    Job.objects.filter(pk=job.pk).update(state=Job.State.RUNNING)
    assert recompute_keys(job) == {"read": 6, "changed": 3}
    assert [answered_by_another.participants.count(), (job.done, job.total)] == [2, (6, 6)]
    assert list(CallRecord.objects.order_by("id").values_list("outside_e164", "outside_last10")) == [
        ("+74951112233", "4951112233"),
        ("+74951112233", "4951112233"),
        ("+74951112244", "4951112244"),
        ("", ""),
        ("1112233", "1112233"),
        ("+79161112233", "9161112233"),
    ]


def test_keys_of_a_row_are_those_of_the_job() -> None:
    """An extension too; without a plan, 111-22-33 is a number of nowhere."""
    row = ContactInfoFactory(value="111-22-33 доб. 12")
    assert (row.e164, row.last10, row.extension) == ("1112233", "1112233", "12")
    ContactInfo.objects.filter(pk=row.pk).update(extension="")  # as rows of an older version have it
    NumberingPlanFactory(area_code="495")
    job = JobFactory(kind="recompute_keys", state=Job.State.RUNNING)
    assert recompute_keys(job) == {"read": 1, "changed": 1}
    row.refresh_from_db()
    assert (row.e164, row.last10, row.extension) == ("+74951112233", "4951112233", "12")


def test_a_change_in_the_middle_has_its_own_job_and_ends_the_older_one() -> None:
    ContactInfoFactory(value="111-22-33")
    older, _newer = JobFactory.create_batch(2, kind="recompute_keys", state=Job.State.RUNNING)
    assert recompute_keys(older) == {"read": 0, "changed": 0, "superseded": True}


def test_the_rules_need_no_web_process() -> None:
    """The value is pure: no Django is loaded for it."""
    code = "import sys, astpanel.lib.numbering as n; n.explain(n.NO_PLAN, '101'); sys.exit('django.db' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
