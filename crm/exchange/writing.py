"""Writing the rows of a checked file, in chunks, each in a transaction together with how far it is."""

from collections.abc import Sequence
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils import timezone

from astpanel.jobs.models import Job
from astpanel.jobs.services import hold
from crm.exchange.applying import apply, kinds_for_files, wait_for_others
from crm.exchange.chunks import Chunk, FilePass
from crm.exchange.content import unpacked
from crm.exchange.outcomes import DUPLICATE, ERROR, Outcome, counted
from crm.models import DirectoryImport, ImportFault

ATTEMPTS: Final = 3  # somebody edits the same customer at the same moment


def write(made: DirectoryImport, by: Any, job: Job | None = None) -> None:
    """All that is left of it: taken up again after a worker's death, it goes on behind the last chunk."""
    writer = _Writer(made, by, job)
    for chunk in writer.whole.chunks(made.position):
        writer.write(chunk)
    made.state, made.finished, made.content = DirectoryImport.State.DONE, timezone.now(), b""
    made.save(update_fields=["state", "finished", "content"])


class _Writer:
    """Of one file."""

    def __init__(self, made: DirectoryImport, by: Any, job: Job | None) -> None:
        self.made, self.by, self.job = made, by, job
        self.whole = FilePass(unpacked(bytes(made.content)).rows(), with_duplicates=made.with_duplicates)
        with transaction.atomic():
            wait_for_others()
            self.kinds = kinds_for_files()

    def write(self, chunk: Chunk) -> None:
        """The chunk, or nothing of it."""
        for attempt in range(1, ATTEMPTS + 1):
            try:
                with transaction.atomic():
                    wait_for_others()
                    counts, position = self._write(chunk)
            except IntegrityError:
                if attempt == ATTEMPTS:
                    raise
            else:
                self.made.counts, self.made.position = counts, position
                return

    def _write(self, chunk: Chunk) -> tuple[dict[str, int], int]:
        made, first = self.made, self.made.position == 0
        if first:
            made.faults.all().delete()  # those of the check
        plan = self.whole.plan(chunk, lock=True)
        apply(plan, self.kinds, self.by)
        keep_faults(made, plan.outcomes)
        counts = counted(plan.outcomes, None if first else made.counts)
        position = made.position + chunk.size
        mine = DirectoryImport.objects.filter(pk=made.pk, state=made.state, position=made.position)
        if not mine.update(counts=counts, position=position):
            raise RuntimeError("another worker has written these rows")
        if self.job is not None:
            self.job.done, self.job.total, self.job.failed = position, self.whole.total, counts[ERROR]
            hold(self.job)
        return counts, position


def keep_faults(made: DirectoryImport, outcomes: Sequence[Outcome]) -> None:
    """Rows that are not taken, each with its cells: for the page, and for the file of what was refused."""
    ImportFault.objects.bulk_create(
        ImportFault(
            directory_import=made,
            line=outcome.row.line,
            name=outcome.row.shown_name,
            texts=list(outcome.texts),
            cells=[cell.replace("\0", " ") for cell in outcome.row.cells],  # no database keeps a NUL
            duplicate=outcome.action == DUPLICATE,
        )
        for outcome in outcomes
        if outcome.action in {ERROR, DUPLICATE}
    )
