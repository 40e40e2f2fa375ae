"""Checking a file of users, and importing it: at once when it is small, by a worker with progress when it is large."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from astpanel.accounts.importing.columns import COLUMNS
from astpanel.accounts.importing.context import ImportContext
from astpanel.accounts.importing.parse import Row, Table
from astpanel.accounts.importing.resource import PanelUserResource, UsersOfTheContext
from astpanel.accounts.models import PanelUser, UserImport
from astpanel.jobs.services import start_job

KEPT: Final = timedelta(days=1)
AT_ONCE: Final = 500  # rows; more are for a worker
CHUNK: Final = 100  # rows of one transaction in a worker
TITLES: Final = {column.key: column.title for column in COLUMNS}

Outcome = dict[str, Any]


class Pass:
    """One pass over the rows of a file: each becomes an outcome (see UserImport)."""

    def __init__(self, *, by: PanelUser, rows: Sequence[Row], write: bool) -> None:
        self.context = ImportContext(by=by, usernames=[row.cells.get("username", "") for row in rows])
        self.resource = PanelUserResource(self.context)
        self.loader = UsersOfTheContext(self.resource)
        self.write = write

    def take(self, row: Row) -> Outcome:
        """Check the row, and write it if this pass writes. In a transaction of the row's own."""
        self.context.line = row.line
        if not self.write:
            return self._take(row)
        with transaction.atomic():
            outcome = self._take(row)
            if outcome["errors"]:
                transaction.set_rollback(True)
                self.context.forget_new()
        return outcome

    def _take(self, row: Row) -> Outcome:
        cells = dict(row.cells)
        result = self.resource.import_row(cells, self.loader, dry_run=not self.write, row_number=row.line)
        errors = faults_of(result)
        action = "error" if errors else {"new": "new", "update": "changed"}.get(result.import_type, "same")
        name = " ".join(cells.get(key, "") for key in ("last_name", "first_name", "patronymic")).strip()
        return {"line": row.line, "action": action, "name": name or cells.get("username", ""), "errors": errors}


def faults_of(result: Any) -> list[str]:
    """In words, each with the column's title; what the library caught besides is a fault of ours or the database's."""
    found: list[str] = []
    if result.validation_error is not None:
        error: ValidationError = result.validation_error
        by_column = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
        for key, texts in by_column.items():
            title = TITLES.get(key, "")
            found += [f"{title}: {text}" if title else str(text) for text in texts]
    for caught in result.errors:
        if isinstance(caught.error, ValidationError):
            found += [str(text) for text in caught.error.messages]
        else:
            found.append(_("The row could not be written: %(error)s") % {"error": type(caught.error).__name__})
    return found


def check_table(*, table: Table, source: str, by: PanelUser) -> UserImport:
    """Keep the rows and check them: at once, or by a worker. Nothing of the users is written.

    Files that were looked at and left are forgotten after a day: they are full of people.
    """
    left = UserImport.objects.filter(state__in=[UserImport.State.CHECKED, UserImport.State.CHECKING])
    left.filter(created__lt=timezone.now() - KEPT).delete()
    rows = [[row.line, row.cells] for row in table.rows]
    made = UserImport.objects.create(asked_by=by, source=source[:200], rows=rows, unknown=list(table.unknown))
    if len(rows) <= AT_ONCE:
        check_rows(made=made, by=by)
    else:
        _start(made, by, "check", _("Check of a file of users: %(source)s"))
    return made


def check_rows(*, made: UserImport, by: PanelUser, told: Any = None) -> None:
    """Fill in the outcomes. `told(done, failed)` is called after each row."""
    rows = rows_of(made)
    run, outcomes, failed = Pass(by=by, rows=rows, write=False), list[Outcome](), 0
    for row in rows:
        outcomes.append(run.take(row))
        failed += bool(outcomes[-1]["errors"])
        if told:
            told(len(outcomes), failed)
    made.outcomes, made.state = outcomes, UserImport.State.CHECKED
    made.save(update_fields=["outcomes", "state"])


def begin_import(*, made: UserImport, by: PanelUser, only_valid: bool) -> UserImport:
    """Write the checked rows: all, or only those without faults. Raises ValidationError when that cannot be.

    Two administrators, or two clicks: the one who comes second is told that it is under way.
    """
    faulty = any(outcome["errors"] for outcome in made.outcomes)
    if faulty and not only_valid:
        raise ValidationError(_("Some rows have faults: correct the file, or import the other rows only."))
    taken = UserImport.objects.filter(pk=made.pk, state=UserImport.State.CHECKED)
    if not taken.update(state=UserImport.State.RUNNING, asked_by=by):
        raise ValidationError(_("This file has been imported already, or is being imported."))
    made.refresh_from_db()
    good = {outcome["line"] for outcome in made.outcomes if not outcome["errors"]}
    if len(good) <= AT_ONCE:
        write_at_once(made=made, by=by)
    else:
        _start(made, by, "write", _("Import of users: %(source)s"))
    return made


def write_at_once(*, made: UserImport, by: PanelUser) -> None:
    """All good rows or none: a row that fails now, since somebody changed something meanwhile, undoes all."""
    rows, outcomes = good_rows(made), list[Outcome]()
    with transaction.atomic():
        run = Pass(by=by, rows=rows, write=True)
        outcomes = [run.take(row) for row in rows]
        failed = any(outcome["errors"] for outcome in outcomes)
        if failed:
            transaction.set_rollback(True)
    keep(made, outcomes)
    made.state = UserImport.State.FAILED if failed else UserImport.State.DONE
    made.done, made.finished, made.rows = len(rows), timezone.now(), []
    made.save(update_fields=["outcomes", "state", "done", "finished", "rows"])


def keep(made: UserImport, written: Sequence[Outcome]) -> None:
    """What became of these rows in the place of what was to become of them."""
    fresh = {outcome["line"]: outcome for outcome in written}
    made.outcomes = [fresh.get(outcome["line"], outcome) for outcome in made.outcomes]


def rows_of(made: UserImport) -> list[Row]:
    """The file's rows."""
    return [Row(line, cells) for line, cells in made.rows]


def good_rows(made: UserImport) -> list[Row]:
    """Those without faults at the check."""
    good = {outcome["line"] for outcome in made.outcomes if outcome["action"] != "error"}
    return [row for row in rows_of(made) if row.line in good]


def _start(made: UserImport, by: PanelUser, what: str, title: str) -> None:
    made.job = start_job(
        kind=f"user_import_{what}",
        title=title % {"source": made.source},
        function=f"astpanel.accounts.importing.work.{what}",
        args={"import": made.pk},
        asked_by=by,
        url=reverse("admin:user_import", args=[made.pk]),
        total=len(made.rows),
    )
    made.save(update_fields=["job"])
