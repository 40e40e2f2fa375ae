"""The number rules as one value, kept in each process and followed across processes.

Rules are read on hot paths (each name looked up, each number dialled), and change once a year. So a process keeps the
value and asks the database with one tiny query, at most every FRESH_FOR seconds, whether the plan's `changed` is still
the one it knows: another process's change is followed within that time without a restart, one's own at once.
"""

import logging
import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.utils import timezone

from astpanel.lib.numbering import NO_PLAN, NumberRules, PatternError, Rewrite, numbers_of
from crm.models.numbering import NumberingPlan, RewriteRule

log = logging.getLogger(__name__)
FRESH_FOR: Final = 2.0  # seconds

Version = tuple[int, datetime] | None  # None: there is no plan


@dataclass(frozen=True, slots=True)
class _Known:
    version: Version
    rules: NumberRules
    until: float  # monotonic


class RulesCache:
    """One per process; threads share it (a value is replaced as a whole)."""

    def __init__(self, fresh_for: float = FRESH_FOR) -> None:
        self.fresh_for = fresh_for
        self._known: _Known | None = None

    def get(self) -> NumberRules:
        """The rules, at most `fresh_for` seconds behind other processes. Asks the database now and then."""
        known, now = self._known, time.monotonic()
        if known is not None and now < known.until:
            return known.rules
        version: Version = NumberingPlan.objects.order_by("pk").values_list("pk", "changed").first()
        rules = known.rules if known is not None and known.version == version else stored_rules()
        self._known = _Known(version, rules, now + self.fresh_for)
        return rules

    def forget(self) -> None:
        """The next `get` reads everything anew."""
        self._known = None


CACHE: Final = RulesCache()


def stored_plan() -> NumberingPlan | None:
    """The office's plan: the first row, if anybody has saved one."""
    return NumberingPlan.objects.order_by("pk").prefetch_related("rules").first()


def stored_rules() -> NumberRules:
    """Straight from the database."""
    plan = stored_plan()
    return NO_PLAN if plan is None else rules_of(plan, list(plan.rules.all()))


def rules_of(plan: NumberingPlan, rules: list[RewriteRule]) -> NumberRules:
    """Rows, also unsaved ones → the value. A rule whose pattern is bad (written past the product) is left out."""
    rewrites = []
    for rule in rules:
        if not rule.enabled:
            continue
        try:
            rewrites.append(Rewrite(rule.name, rule.pattern, rule.strip, rule.prepend))
        except PatternError as error:
            log.error("rewrite rule %s is left out: %s", rule.pk, error)
    return NumberRules(
        region=plan.country,
        area_code=plan.area_code,
        outside_prefix=plan.outside_prefix,
        internal_min=plan.internal_min,
        internal_max=plan.internal_max,
        emergency=numbers_of(plan.emergency),
        service=numbers_of(plan.service),
        rewrites=tuple(rewrites),
    )


def connect() -> None:
    """From the app's ready(): every saved or deleted row counts as a change."""
    for model in (NumberingPlan, RewriteRule):
        post_save.connect(_changed, model, dispatch_uid=f"number_rules_{model.__name__}_saved")
        post_delete.connect(_changed, model, dispatch_uid=f"number_rules_{model.__name__}_deleted")


def _changed(instance: NumberingPlan | RewriteRule, **_: Any) -> None:
    if isinstance(instance, RewriteRule):
        NumberingPlan.objects.filter(pk=instance.plan_id).update(changed=timezone.now())
    CACHE.forget()
    transaction.on_commit(CACHE.forget)  # another thread may have read the old rows before the commit
