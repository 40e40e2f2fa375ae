"""The pages of the number rules: who may, what is shown, what is written."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from crm.models import NumberingPlan
from tests.crm.numbering_data import posted
from tests.factories import (
    ContactInfoFactory,
    NumberingPlanFactory,
    PanelUserFactory,
    RewriteRuleFactory,
)

pytestmark = pytest.mark.django_db
HOSTILE = "<script>alert(1)</script>"
ENGLISH = {"accept-language": "en"}
TOWN = {"name": "Town", "pattern": "+7495.", "strip": "5", "ORDER": "1"}


def page() -> str:
    return reverse("admin:crm_numberingplan_changelist")


def box() -> str:
    return reverse("admin:numbering_try")


@pytest.fixture
def admin(client: Client) -> Client:
    client.force_login(PanelUserFactory(admin=True))
    return client


def staff(client: Client, *rights: str) -> Client:
    user = PanelUserFactory(staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=rights))
    client.force_login(user)
    return client


@pytest.mark.parametrize("who", [None, {}, {"supervisor": True}, {"is_active": False, "admin": True}])
def test_strangers_are_sent_to_the_log_in(client: Client, who: dict[str, Any] | None) -> None:
    if who is not None:
        client.force_login(PanelUserFactory(**who))
    for address in (page(), box()):
        for response in (client.get(address), client.post(address, posted(TOWN, try_number="101"))):
            assert (response.status_code, response.headers["Location"].split("?")[0]) == (302, reverse("admin:login"))
    assert NumberingPlan.objects.count() == 0


def test_staff_without_the_right_get_nothing(client: Client) -> None:
    staff(client)
    found = [client.get(page()), client.post(page(), posted()), client.post(box(), posted(try_number="101"))]
    assert [response.status_code for response in found] == [403, 403, 403]


def test_staff_who_may_look_try_numbers_by_the_stored_rules_only(client: Client) -> None:
    NumberingPlanFactory(area_code="812")
    staff(client, "view_numberingplan")
    shown = client.get(page(), headers=ENGLISH).content.decode()
    assert ("disabled" in shown, 'value="Save"' in shown) == (True, False)
    assert client.post(page(), posted()).status_code == 403
    typed = posted(try_number="111-22-33", area_code="495")
    for response in (client.post(box(), typed), client.post(page(), {**typed, "action": "try"})):
        assert (response.status_code, "+78121112233" in response.content.decode()) == (200, True)
    assert NumberingPlan.objects.get().area_code == "812"


def test_a_token_is_needed(client: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(PanelUserFactory(admin=True))
    assert [strict.post(address, posted()).status_code for address in (page(), box())] == [403, 403]


def test_the_box_answers_by_the_typed_form_and_writes_nothing(admin: Client) -> None:
    response = admin.post(box(), posted(TOWN, try_number="8 (495) 111-22-33"), headers=ENGLISH)
    text = " ".join(response.content.decode().split())
    assert response.status_code == 200
    for part in (">Outside number<", ">1112233<", "+74951112233", "+7 495 111-22-33", "Rewrite rule “Town”"):
        assert part in text
    assert NumberingPlan.objects.count() == 0
    assert admin.get(box()).status_code == 405


def test_the_box_lists_the_mistakes_of_the_form(admin: Client) -> None:
    data = posted({**TOWN, "pattern": "["}, try_number="101", internal_min="9")
    text = admin.post(box(), data, headers=ENGLISH).content.decode()
    assert "First correct the marked mistakes" in text
    assert "Longest internal number: The longest is shorter than the shortest." in text
    assert "Rule 1, Pattern: The bracket is not closed: [" in " ".join(text.split())


def test_saving_leads_back_to_the_page_with_the_job(admin: Client) -> None:
    ContactInfoFactory(value="111-22-33")
    response = admin.post(page(), posted(TOWN), headers=ENGLISH)  # a job keeps the language of who asked
    plan = NumberingPlan.objects.get()
    assert [(rule.name, rule.strip) for rule in plan.rules.all()] == [("Town", 5)]
    assert (response.status_code, response.headers["Location"].split("?")[0]) == (302, page())
    shown = admin.get(response.headers["Location"], headers=ENGLISH).content.decode()
    assert "Reading all phone numbers anew" in shown
    stored = {**TOWN, "id": plan.rules.get().pk}
    assert admin.post(page(), posted(stored, service="90")).headers["Location"] == page()
    assert [rule.name for rule in plan.rules.all()] == ["Town"]


def test_who_was_overtaken_by_somebody_else_is_told_and_may_insist(admin: Client) -> None:
    seen = admin.get(page()).context["form"]["seen"].value()
    plan = NumberingPlanFactory(area_code="812")
    RewriteRuleFactory(plan=plan)
    response = admin.post(page(), posted(TOWN, seen=seen), headers=ENGLISH)
    assert "Somebody has saved other number rules since" in response.content.decode()
    assert (NumberingPlan.objects.get().area_code, plan.rules.get().name) == ("812", "Город")
    again = response.context["form"]["seen"].value()
    assert admin.post(page(), posted(TOWN, seen=again)).status_code == 302
    assert (NumberingPlan.objects.get().area_code, plan.rules.get().name) == ("495", "Town")
    trying = posted({**TOWN, "id": plan.rules.get().pk}, seen=seen, try_number="101")
    assert "trial-mistakes" not in admin.post(box(), trying).content.decode()


def test_with_mistakes_nothing_is_written_and_nothing_typed_is_lost(admin: Client) -> None:
    data = posted({**TOWN, "pattern": "8("}, area_code="4x5", service="*98", try_number="111")
    response = admin.post(page(), data, headers=ENGLISH)
    text = response.content.decode()
    assert response.status_code == 200
    for part in ('value="4x5"', 'value="8("', 'value="*98"', 'value="111"', "Only digits.", "has no meaning here"):
        assert part in text
    assert NumberingPlan.objects.count() == 0


def test_the_try_button_works_without_a_script(admin: Client) -> None:
    text = admin.post(page(), {**posted(TOWN, try_number="105"), "action": "try"}, headers=ENGLISH).content.decode()
    assert (">Internal number<" in text, 'value="105"' in text) == (True, True)
    assert NumberingPlan.objects.count() == 0


def test_hostile_names_and_numbers_are_escaped(admin: Client) -> None:
    plan = NumberingPlanFactory()
    RewriteRuleFactory(plan=plan, name=HOSTILE, pattern="+7.", prepend="8")
    texts = [
        admin.get(page()).content.decode(),
        admin.post(box(), posted({**TOWN, "name": HOSTILE}, try_number="111-22-33")).content.decode(),
        admin.post(page(), {**posted(try_number=HOSTILE), "action": "try"}).content.decode(),
    ]
    assert [("<script>alert" in text, "&lt;script&gt;alert(1)" in text) for text in texts] == [(False, True)] * 3


@pytest.mark.parametrize("broken", [{}, {"rules-TOTAL_FORMS": "x"}, {"rules-TOTAL_FORMS": "99999"}])
def test_a_form_without_its_count_of_rules_is_refused_in_words(admin: Client, broken: dict[str, str]) -> None:
    data = {name: value for name, value in posted(TOWN).items() if not name.endswith("_FORMS")} | broken
    assert [admin.post(address, data).status_code for address in (page(), box())] == [200, 200]
    assert NumberingPlan.objects.count() == 0
