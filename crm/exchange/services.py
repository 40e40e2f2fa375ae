"""Importing a file of customers: taking it, checking it, writing it; at once when it is small, else by a worker."""

from typing import Any, Final

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _

from astpanel.jobs.models import Job
from astpanel.jobs.services import progress, start_job
from astpanel.lib.tables.base import FileError
from crm.exchange.chunks import FilePass
from crm.exchange.content import Content, opened, packed
from crm.exchange.outcomes import DUPLICATE, ERROR, counted, sample_of
from crm.exchange.writing import keep_faults, write
from crm.models import DirectoryImport

State = DirectoryImport.State
AT_ONCE: Final = 200_000  # bytes of a file that a page reads while somebody waits
ROWS_AT_ONCE: Final = 500


def take_file(*, data: bytes, name: str, by: Any) -> DirectoryImport:
    """Keep the file and check it; nothing of the directory is written. Raises FileError."""
    table = opened(data)
    made = DirectoryImport.objects.create(
        asked_by=by, name=name[:200], content=data, header=list(table.header), unknown=list(table.unknown)
    )
    if len(data) > AT_ONCE:
        _start(made, by, "check", _("Check of a file of customers: %(name)s"))
        return made
    try:
        check(made)
    except FileError:
        made.delete()
        raise
    return made


def check(made: DirectoryImport, job: Job | None = None) -> None:
    """What would become of each row. A second attempt begins anew. Raises FileError."""
    made.faults.all().delete()
    table = opened(bytes(made.content))
    content = Content(table.header, table.keys, list(table.lines))
    whole, done, sample = FilePass(content.rows()), 0, list[dict[str, Any]]()
    counts = counted(())
    for chunk in whole.chunks():
        outcomes = whole.plan(chunk, lock=False).outcomes
        counts = counted(outcomes, counts)
        sample = sample or sample_of(outcomes)
        keep_faults(made, outcomes)
        done += chunk.size
        if job is not None:
            progress(job, done=done, total=whole.total, failed=counts[ERROR])
    made.rows, made.counts, made.sample, made.state = whole.total, counts, sample, State.CHECKED
    made.content = packed(content.header, content.keys, content.lines)
    made.save(update_fields=["rows", "counts", "sample", "state", "content"])


def begin_import(*, made: DirectoryImport, by: Any, only_valid: bool, with_duplicates: bool) -> DirectoryImport:
    """Write the checked rows. Raises ValidationError when that cannot be.

    Two administrators, or two clicks: the one who comes second is told that it is under way.
    """
    left_out = made.counts.get(ERROR, 0) + (0 if with_duplicates else made.counts.get(DUPLICATE, 0))
    if left_out and not only_valid:
        raise ValidationError(_("Some rows cannot be imported: correct the file, or import the other rows only."))
    taken = DirectoryImport.objects.filter(pk=made.pk, state=State.CHECKED)
    if not taken.update(state=State.RUNNING, asked_by=by, with_duplicates=with_duplicates, position=0):
        raise ValidationError(_("This file has been imported already, or is being imported."))
    made.refresh_from_db()
    if made.rows <= ROWS_AT_ONCE:
        write(made, by)
    else:
        _start(made, by, "write", _("Import of customers: %(name)s"))
    return made


def _start(made: DirectoryImport, by: Any, what: str, title: str) -> None:
    made.job = start_job(
        kind=f"directory_import_{what}",
        title=title % {"name": made.name},
        function=f"crm.exchange.work.{what}",
        args={"import": made.pk},
        asked_by=by,
        url=reverse("admin:directory_import", args=[made.pk]),
        total=made.rows,
    )
    made.save(update_fields=["job"])
