"""What is written about contact information, and the number rules."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from astpanel.jobs.models import Job
from astpanel.jobs.services import start_job
from crm import keyed_rows
from crm.models import AddressType, ContactInfo, ContactInfoKind, NumberingPlan, RewriteRule
from crm.number_rules import CACHE, stored_plan, stored_rules

RECOMPUTE_KEYS = "recompute_keys"  # kind of the job
INTERNAL_NAME = "Внутренний"  # as the manual names it, whatever language the interface speaks


def internal_kind() -> ContactInfoKind:
    """The kind that means internal numbers («Вид внутреннего номера»); made when there is none yet."""
    kinds = ContactInfoKind.objects.filter(owner=ContactInfoKind.Owner.USER, type=AddressType.INTERNAL)
    if (kind := kinds.first()) is not None:
        return kind
    kind, _made = ContactInfoKind.objects.get_or_create(
        owner=ContactInfoKind.Owner.USER, name=INTERNAL_NAME, defaults={"type": AddressType.INTERNAL}
    )
    return kind


def set_main(*, row: ContactInfo) -> None:
    """«Назначить основным»: the owner's other values of the type are main no longer."""
    row.is_main = True
    row.save(update_fields=["is_main"])


@dataclass(frozen=True, slots=True)
class SavedNumbering:
    """The plan as it is now; `job` recomputes the stored search keys when numbers are read in another way now."""

    plan: NumberingPlan
    job: Job | None


@transaction.atomic
def save_numbering(*, plan: NumberingPlan, rules: Sequence[RewriteRule], by: Any) -> SavedNumbering:
    """«Коды городов»: the plan with exactly these rewrite rules, in this order. Raises ValidationError.

    There is one plan: a new row takes the place of the one that somebody saved meanwhile. `by`: the user who asks.
    """
    before = stored_rules().reading
    if plan.pk is None and (present := stored_plan()) is not None:
        plan.pk = present.pk
        plan._state.adding = False
    plan.full_clean()
    plan.save()
    plan.rules.exclude(pk__in=[rule.pk for rule in rules if rule.pk]).delete()
    for order, rule in enumerate(rules):
        rule.plan, rule.order = plan, order
        rule.full_clean()
        rule.save()
    CACHE.forget()
    return SavedNumbering(plan, _recompute_keys(by) if stored_rules().reading != before else None)


def _recompute_keys(by: Any) -> Job | None:
    """Numbers are found by stored keys: those were computed by the old rules."""
    total = keyed_rows.count()
    if not total:
        return None
    return start_job(
        kind=RECOMPUTE_KEYS,
        title=_("Reading all phone numbers anew by the changed number rules"),
        function="crm.tasks.recompute_keys",
        args={},
        asked_by=by,
        url=reverse("admin:crm_numberingplan_changelist"),
        total=total,
    )
