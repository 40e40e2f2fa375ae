"""The job: read the source into the local index, then bring the directory in line with it."""

from collections.abc import Callable
from typing import Any, Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from astpanel.jobs.models import Job
from astpanel.jobs.registry import job_function
from astpanel.jobs.services import JobFailedError, JobLostError, hold, progress
from crm.models import RefusedRow, SourceImport, SourceRow
from crm.number_rules import stored_rules
from crm.sources.client import OneC
from crm.sources.field_map import FieldMap, MapError, from_json
from crm.sources.importing.customers import apply_customers
from crm.sources.importing.guard import held
from crm.sources.importing.kinds import Kinds
from crm.sources.importing.mirrored import one_line, reference
from crm.sources.importing.numbers import Context
from crm.sources.importing.outcomes import Outcomes
from crm.sources.importing.persons import apply_persons
from crm.sources.importing.plan import stages
from crm.sources.importing.reading import Reader, mark_gone
from crm.sources.importing.rows import Role, dirty_chunk, spread_changes
from crm.sources.importing.users import TheirUser, apply_managers, read_users, take_over_users
from crm.sources.map_problems import problems
from crm.sources.odata import NoAccessError
from crm.sources.problems import Stop, StoppedError, words_of, words_of_error
from crm.sources.proposal import propose
from crm.sources.selectors import connection_of

CHUNK: Final = 500  # customers or persons in one transaction
REPORTS_KEPT: Final = 30  # readings whose refused rows are kept
APPLYING: Final = "apply"  # phase of the position


@job_function
def read_source(job: Job) -> dict[str, Any]:
    """The work of SourceImport `job.args["run"]`; called again, it goes on where the position says."""
    run = SourceImport.objects.select_related("source").get(pk=job.args["run"])
    if run.state == SourceImport.State.FAILED:  # a worker ended it, and died before the job could say so
        raise JobFailedError(words_of(run.problem))
    if run.state == SourceImport.State.DONE:  # likewise: what is dirty now may be half a reading of the next run
        return dict(run.counts)
    try:
        _work(job, run)
    except NoAccessError as error:
        _end(job, run, error.problem.value)
        raise JobFailedError(words_of_error(error)) from error
    except StoppedError as error:
        _end(job, run, error.stop.value)
        raise JobFailedError(words_of(error.stop)) from error
    except JobLostError:
        raise
    except Exception:  # a defect of ours: the run says that it is broken, the job logs it
        _end(job, run, Stop.BROKEN.value)
        raise
    return dict(run.counts)


def _work(job: Job, run: SourceImport) -> None:
    field_map = confirmed_map(run)
    settings = _settings(run)
    begun = run.position.get("phase") == APPLYING  # by a worker that died: what was found then is counted already
    with OneC(connection_of(run.source)) as onec:
        if not begun:
            if run.mode == SourceImport.Mode.FULL and not run.position.get("stage"):
                _check_map(onec, run, field_map)
            Reader(job, run, onec, field_map, stages(field_map)).read()
        progress(job, done=job.done, message=_("Users and kinds of contact information"))
        users, kinds = [] if begun else read_users(onec, field_map), _kinds(onec, field_map)
    run.source.refresh_from_db()
    if _settings(run) != settings:
        raise StoppedError(Stop.CHANGED_HERE)
    if not begun:
        with transaction.atomic():
            hold(job)
            _begin_applying(run, users)
    _apply(job, run, _context(run, field_map, kinds))
    with transaction.atomic():
        hold(job)
        _forget(run)
        run.state, run.finished = SourceImport.State.DONE, timezone.now()
        run.save(update_fields=["state", "finished", "counts"])


def confirmed_map(run: SourceImport) -> FieldMap:
    """Raises StoppedError."""
    try:
        field_map = from_json(run.source.field_map)
    except MapError:
        raise StoppedError(Stop.NOT_CONFIRMED) from None
    if run.source.map_confirmed is None or not field_map.customers:
        raise StoppedError(Stop.NOT_CONFIRMED)
    return field_map


def _settings(run: SourceImport) -> tuple[Any, ...]:
    """What a reading depends on."""
    return connection_of(run.source), run.source.field_map, run.source.map_confirmed


def _check_map(onec: OneC, run: SourceImport, field_map: FieldMap) -> None:
    """A base that was changed is noticed: what is missing stops the reading, what is new is said with the report."""
    metadata = onec.metadata()
    found = problems(field_map, metadata)
    if blocking := [one for one in found if one.blocks]:
        run.position["missing"] = [[one.problem.value, one.path] for one in blocking]
        raise StoppedError(Stop.MAP)
    try:
        kept = from_json(run.source.field_map.get("proposed"))
    except MapError:
        return
    run.position["proposal_changed"] = kept != propose(metadata)


def _kinds(onec: OneC, field_map: FieldMap) -> dict[str, str]:
    """Reference of their kind → its name."""
    if not field_map.kinds_entity:
        return {}
    pages = onec.pages(field_map.kinds_entity, select=("Ref_Key", "Description"))
    return {reference(row.get("Ref_Key")): one_line(row.get("Description"), 100) for page in pages for row in page}


def _begin_applying(run: SourceImport, users: list[TheirUser]) -> None:
    """The reading is complete: now it is known what is gone, and whether that can be."""
    mark_gone(run)
    kept = {} if run.position.get("confirmed") else held(run.source_id)
    gone = SourceRow.objects.filter(source=run.source_id, gone=True, dirty=False)
    gone.update(dirty=True)  # what an earlier reading was not allowed to archive
    if run.mode == SourceImport.Mode.CHANGES:  # else everything is to be applied
        spread_changes(run.source_id)
    run.position |= {"phase": APPLYING, "held": kept}
    run.counts["users"], rematched = take_over_users(source=run.source, theirs=users)
    apply_managers(source=run.source, refs=rematched)
    run.save(update_fields=["counts", "position"])


def _context(run: SourceImport, field_map: FieldMap, kinds: dict[str, str]) -> Context:
    return Context(
        source_id=run.source_id,
        kinds=Kinds(kinds, field_map.kinds),
        reading=stored_rules().reading,
        keeps_managers=field_map.keeps_managers,
        tells_persons=any(part.person for part in field_map.customers),
        held=frozenset(run.position.get("held", {})),
    )


def _apply(job: Job, run: SourceImport, context: Context) -> None:
    """What is done is not dirty any more: a worker that takes over goes on with the rest."""
    rows = SourceRow.objects.filter(source=run.source_id, dirty=True)
    left = rows.filter(role__in=[Role.CUSTOMER, Role.PERSON]).count()
    job.total = job.done + left
    appliers: tuple[tuple[str, str, Callable[[list[SourceRow], Context, Outcomes], None]], ...] = (
        (Role.CUSTOMER, _("Customers"), apply_customers),
        (Role.PERSON, _("Contact persons"), apply_persons),
    )
    for role, message, applier in appliers:
        while chunk := dirty_chunk(run.source_id, role, CHUNK):
            with transaction.atomic():
                hold(job)
                outcomes = Outcomes(run)
                applier(chunk, context, outcomes)
                outcomes.write()
            progress(job, done=job.done + len(chunk), message=message)


def _forget(run: SourceImport) -> None:
    """Rows that are gone and were applied; what was held waits for the administrator."""
    rows = SourceRow.objects.filter(source=run.source_id)
    rows.exclude(role__in=[Role.CUSTOMER, Role.PERSON]).filter(dirty=True).update(dirty=False)
    kept = run.position.get("held", {})
    roles = [role for sort, role in (("customers", Role.CUSTOMER), ("persons", Role.PERSON)) if sort in kept]
    gone = rows.filter(gone=True, dirty=False).exclude(role__in=roles)
    if "numbers" not in kept:
        gone.delete()
    runs = SourceImport.objects.filter(source=run.source_id).order_by("-id").values_list("id", flat=True)
    if (oldest := next(iter(runs[REPORTS_KEPT - 1 : REPORTS_KEPT]), None)) is not None:
        RefusedRow.objects.filter(run__source=run.source_id, run__lt=oldest).delete()


def _end(job: Job, run: SourceImport, problem: str) -> None:
    """It failed. Written only by the worker that has the job."""
    with transaction.atomic():
        hold(job)
        run.state, run.problem, run.finished = SourceImport.State.FAILED, problem, timezone.now()
        run.save(update_fields=["state", "problem", "finished", "position"])
