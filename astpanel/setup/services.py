"""What the assistant writes of itself: the state of its steps, the acceptance, the values typed so far."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from astpanel.accounts.models import PanelUser
from astpanel.setup import agreement
from astpanel.setup.models import AgreementAcceptance, Step, StepRecord

LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class Overtaken:
    """Somebody else wrote the step after it was shown; their word is written over."""

    by: str
    when: datetime


def finish(*, step: Step, by: PanelUser, seen: datetime | None, note: str = "") -> Overtaken | None:
    """The step is done; nothing typed is waiting any more. `seen`: `changed` of the record that was shown."""
    return _write(step, by, seen, state=StepRecord.State.DONE, reason=note, data={})


def fail(*, step: Step, by: PanelUser, seen: datetime | None, reason: str, typed: dict[str, Any]) -> Overtaken | None:
    """The attempt did not work. What was done before stays done: the failure is only told."""
    done = StepRecord.objects.filter(step=step, state=StepRecord.State.DONE).exists()
    state = StepRecord.State.DONE if done else StepRecord.State.FAILED
    return _write(step, by, seen, state=state, reason=reason, data=typed)


def keep(*, step: Step, by: PanelUser, seen: datetime | None, typed: dict[str, Any]) -> Overtaken | None:
    """Values typed and left: the step stays as it is."""
    record = StepRecord.objects.filter(step=step).first()
    if record is None and not typed:
        return None
    state, reason = (record.state, record.reason) if record else (StepRecord.State.OPEN, "")
    return _write(step, by, seen, state=state, reason=reason, data=typed)


def discard(*, step: Step, by: PanelUser) -> None:
    """Forget what was typed, and that it failed; a step that is done goes on as it is."""
    rows = StepRecord.objects.filter(step=step)
    rows.update(data={}, reason="", changed=timezone.now(), changed_by=by)
    rows.filter(state=StepRecord.State.FAILED).update(state=StepRecord.State.OPEN)


@transaction.atomic
def accept_agreement(*, by: PanelUser) -> AgreementAcceptance:
    """Who and when, for the text as it reads now."""
    return AgreementAcceptance.objects.create(
        version=agreement.VERSION, sha256=agreement.DIGEST, user=by, user_name=str(by)
    )


def _write(step: Step, by: PanelUser, seen: datetime | None, **values: Any) -> Overtaken | None:
    """Guarded: written where the record is the one that was shown; else over it, and said."""
    fresh: Mapping[str, Any] = {**values, "changed": timezone.now(), "changed_by": by}
    fresh = {**fresh, "reason": str(values["reason"])[:LONGEST_REASON]}
    if seen is not None and StepRecord.objects.filter(step=step, changed=seen).update(**fresh):
        return None
    with transaction.atomic():
        record, made = StepRecord.objects.select_for_update().get_or_create(step=step, defaults=fresh)
        if made:
            return None
        overtaken = None
        if record.changed_by_id not in {None, by.pk}:
            overtaken = Overtaken(str(record.changed_by), record.changed)
        StepRecord.objects.filter(pk=record.pk).update(**fresh)
        return overtaken
