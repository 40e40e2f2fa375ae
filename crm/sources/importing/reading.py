"""Rows of one stage into the local index. Nothing of the directory is written here."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from astpanel.jobs.models import Job
from astpanel.jobs.services import hold, progress
from crm.models import SourceImport, SourceRow
from crm.sources.client import OneC
from crm.sources.field_map import FieldMap
from crm.sources.importing.mirrored import Mirrored, mirrored
from crm.sources.importing.plan import Role, Stage, any_of
from crm.sources.importing.rows import chunks
from crm.sources.literals import guid

PAGE: Final = 1_000  # rows with all their columns
SLIM_PAGE: Final = 5_000  # references and versions, rows of a register
AT_ONCE: Final = 20  # references in one filter: an address of 2,048 characters passes every web server
WRITTEN: Final = ("role", "version", "owner", "link", "manager", "numbers", "data", "run", "dirty", "gone")
READING: Final = {
    Role.CUSTOMER: _("Counterparties are read from 1C"),
    Role.LEGAL: _("Legal entities of counterparties are read from 1C"),
    Role.PERSON: _("Contact persons are read from 1C"),
    Role.LINKED: _("Natural persons are read from 1C"),
    Role.NUMBER: _("Numbers and addresses are read from 1C"),
}  # what the job's page says meanwhile
Page = Sequence[Mapping[str, Any]]


@dataclass(slots=True)
class Reader:
    """One run. `position` of its row: {"stage": number, "after": reference, "incomplete": [entity, …], "total"}."""

    job: Job
    run: SourceImport
    onec: OneC
    field_map: FieldMap
    stages: Sequence[Stage]
    _known: dict[str, str] = field(default_factory=dict)

    def read(self) -> None:
        """All stages, from where the last worker was. Raises NoAccessError, JobLostError."""
        self._count()
        for number in range(self.run.position.get("stage", 0), len(self.stages)):
            stage = self.stages[number]
            progress(self.job, done=self.job.done, message=str(READING[Role(stage.role)]))
            if not stage.key:
                self._register(stage)
            elif self.run.mode == SourceImport.Mode.FULL or not self._changes(stage):
                self._whole(stage, self.run.position.get("after", ""))
            self._note_held(stage=number + 1, after="")

    def _count(self) -> None:
        """How much there is to read, for the progress only."""
        if "total" not in self.run.position:
            total = sum(self.onec.count(stage.entity, filter=stage.filter) for stage in self.stages)
            self._note_held(total=total)
        self.job.total = self.run.position["total"]

    def _whole(self, stage: Stage, after: str) -> None:
        for page in self.onec.pages(
            stage.entity, select=stage.select, filter=stage.filter, key=stage.key, size=PAGE, after=after
        ):
            last = str(page[-1][stage.key])
            self._store(stage, page, lambda last=last: self._note(after=last))  # type: ignore[misc]  # bound now

    def _register(self, stage: Stage) -> None:
        """A register has no versions: it is read whole and compared. A row that moves between two pages while somebody
        writes would be missed: when the count is another afterwards, nothing of this entity counts as gone.
        """
        read, before = 0, self.onec.count(stage.entity, filter=stage.filter)
        everything = self.run.mode == SourceImport.Mode.FULL
        self._known = {} if everything else self._versions(self._rows(stage).filter(dirty=False))
        pages = self.onec.pages(
            stage.entity, select=stage.select, filter=stage.filter, key="", orderby=stage.orderby, size=SLIM_PAGE
        )
        for page in pages:
            read += len(page)
            self._store(stage, page)
        if not read == before == self.onec.count(stage.entity, filter=stage.filter):
            self._note_held(incomplete=[*self.run.position.get("incomplete", []), stage.entity])

    def _changes(self, stage: Stage) -> bool:
        """References and versions of all rows, then what is new or changed. False: that is more than reading all."""
        known = self._versions(self._rows(stage))
        wanted: list[str] = []
        seen: list[str] = []
        select = (stage.key, "DataVersion")
        for page in self.onec.pages(stage.entity, select=select, filter=stage.filter, key=stage.key, size=SLIM_PAGE):
            for row in page:
                ref = str(row[stage.key]).lower()
                same = known.get(ref) == row.get("DataVersion") and bool(row.get("DataVersion"))
                (seen if same else wanted).append(ref)
            progress(self.job, done=self.job.done)
        if len(wanted) / AT_ONCE > (len(wanted) + len(seen)) / PAGE + 1:
            return False
        for chunk in chunks(seen):
            with transaction.atomic():
                hold(self.job)
                self._rows(stage).filter(external_ref__in=chunk).update(run=self.run.pk)
            progress(self.job, done=self.job.done + len(chunk))
        for chunk in chunks(wanted, AT_ONCE):
            some = any_of(f"{stage.key} eq {guid(ref)}" for ref in chunk)
            rows = self.onec.rows(stage.entity, select=stage.select, filter=f"{stage.filter} and {some}")
            if rows:
                self._store(stage, rows)
        return True

    def _store(self, stage: Stage, page: Page, also: Callable[[], None] = lambda: None) -> None:
        """One page in one transaction."""
        found = {row.ref: row for row in (mirrored(one, stage, self.field_map) for one in page) if row.ref}
        rows = [self._row(stage, row) for row in found.values()]
        with transaction.atomic():
            hold(self.job)
            SourceRow.objects.bulk_create(
                rows, update_conflicts=True, unique_fields=["source", "entity", "external_ref"], update_fields=WRITTEN
            )
            also()
        progress(self.job, done=self.job.done + len(page))

    def _row(self, stage: Stage, row: Mirrored) -> SourceRow:
        return SourceRow(
            source_id=self.run.source_id,
            role=stage.role,
            entity=stage.entity,
            external_ref=row.ref,
            version=row.version,
            owner=row.owner,
            link=row.link,
            manager=row.manager,
            numbers=len(row.lines),
            data=row.data,
            run=self.run.pk,
            dirty=self._known.get(row.ref) != row.version if stage.role == Role.NUMBER else True,
            gone=False,
        )

    @staticmethod
    def _versions(rows: Any) -> dict[str, str]:
        """Reference → version of what was read last."""
        return dict(rows.filter(gone=False).values_list("external_ref", "version"))

    def _rows(self, stage: Stage) -> Any:
        return SourceRow.objects.filter(source=self.run.source_id, entity=stage.entity)

    def _note_held(self, **values: Any) -> None:
        """A worker that was thought dead must not write its old position over that of the next one."""
        with transaction.atomic():
            hold(self.job)
            self._note(**values)

    def _note(self, **values: Any) -> None:
        """Call in a transaction that holds the job."""
        self.run.position |= values
        self.run.save(update_fields=["position"])


def mark_gone(run: SourceImport) -> None:
    """After a complete reading: what it did not see is gone. Entities that moved meanwhile are left alone."""
    unseen = SourceRow.objects.filter(source=run.source_id, gone=False).exclude(run=run.pk)
    unseen.exclude(entity__in=_entities(run)).update(gone=True, dirty=True)


def _entities(run: SourceImport) -> Iterable[str]:
    found: list[str] = run.position.get("incomplete", [])
    return found
