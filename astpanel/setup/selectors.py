"""How far the assistant is."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX

from astpanel.accounts.models import PanelUser
from astpanel.setup import agreement, flow
from astpanel.setup.models import AgreementAcceptance, Step, StepRecord


@dataclass(frozen=True, slots=True)
class Progress:
    """The records and what follows from them."""

    records: Mapping[Step, StepRecord]
    marks: Mapping[Step, flow.Mark]

    @property
    def stops(self) -> tuple[flow.Stop, ...]:
        """The list at the left."""
        return flow.route(self.marks)

    @property
    def last(self) -> int:
        """Number of the last step."""
        return self.stops[-1].number

    @property
    def open_step(self) -> Step | None:
        """Where to go on."""
        return flow.resume(self.marks)

    @property
    def done(self) -> int:
        """How many steps are behind us."""
        return sum(mark.done for mark in self.marks.values())

    @property
    def untouched(self) -> bool:
        """Nobody has begun: only the administrator exists, at most."""
        return not set(self.records) - {Step.ADMINISTRATOR}


def administrator_exists() -> bool:
    """Somebody can log in and do everything. One query."""
    users = PanelUser.objects.filter(is_superuser=True, is_staff=True, is_active=True)
    return users.exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX).exclude(password="").exists()


def acceptance() -> AgreementAcceptance | None:
    """Who accepted the agreement as it reads now, the newest first. One query."""
    return AgreementAcceptance.objects.filter(sha256=agreement.DIGEST).select_related("user").first()


def progress() -> Progress:
    """Three queries. Two steps are judged by facts: somebody can administer, the agreement reads as it was accepted."""
    records = {Step(row.step): row for row in StepRecord.objects.select_related("changed_by")}
    marks = {step: flow.Mark(row.state == row.State.DONE, row.reason) for step, row in records.items()}
    marks[Step.ADMINISTRATOR] = flow.Mark(done=administrator_exists())
    if Step.AGREEMENT in marks and marks[Step.AGREEMENT].done and acceptance() is None:
        marks[Step.AGREEMENT] = flow.Mark(done=False)
    return Progress(records, marks)
