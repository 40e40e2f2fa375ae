"""The directory as a file that can be edited and imported again; imported unchanged, it changes nothing."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from astpanel.jobs.models import Job
from astpanel.jobs.services import progress, start_job
from astpanel.lib.tables.writing import table_file
from crm.exchange.cells import as_line, as_note, kind_word
from crm.exchange.columns import KEYS, headers
from crm.exchange.managers import Managers
from crm.models import AddressType, ContactInfo, ContactPerson, Counterparty, DirectoryExport

AT_ONCE: Final = 500  # counterparties; more are for a worker
CHUNK: Final = 1_000  # counterparties
EXAMPLE: Final = (
    {"name": "ООО «Тюльпан»", "kind": "компания", "manager": "petrov", "ref": "000000017",
     "phones": "+7 495 111-22-33\n+7 916 111-22-33", "main": "+7 495 111-22-33", "email": "info@example.com",
     "address": "Москва, Садовая, 1", "note": "Звонить до обеда"},
    {"name": "ООО «Тюльпан»", "ref": "000000017", "person": "Снегирёва Анна", "position": "бухгалтер",
     "phones": "+7 495 111-22-33 доб. 12", "main": "да"},
)  # fmt: skip


def template_file(kind: str) -> bytes:
    """The headers, and an invented company with its contact person."""
    return table_file(headers(), [_cells(row) for row in EXAMPLE], kind)


def directory_file(ids: Sequence[int] | None, kind: str, told: Callable[[int], None] = lambda _done: None) -> bytes:
    """These counterparties (None: all that were not merged away), a row each and a row for each of their persons.

    Four queries a thousand counterparties. `told` is called with how many rows there are so far.
    """
    return table_file(headers(), _rows(ids, told), kind)


def start_export(*, ids: Sequence[int] | None, kind: str, by: Any) -> DirectoryExport:
    """A worker makes the file."""
    made = DirectoryExport.objects.create(asked_by=by, format=kind, ids=None if ids is None else list(ids))
    made.job = start_job(
        kind="directory_export",
        title=_("Export of customers"),
        function="crm.exchange.work.export",
        args={"export": made.pk},
        asked_by=by,
        url=reverse("admin:directory_export", args=[made.pk]),
    )
    made.save(update_fields=["job"])
    return made


def make(made: DirectoryExport, job: Job) -> None:
    """In the worker."""
    rows = 0

    def told(done: int) -> None:
        nonlocal rows
        rows = done
        progress(job, done=done)

    made.content = directory_file(made.ids, made.format, told)
    made.rows, made.ids, made.finished = rows, None, timezone.now()
    made.save(update_fields=["content", "rows", "ids", "finished"])


def _rows(ids: Sequence[int] | None, told: Callable[[int], None]) -> Iterator[list[str]]:
    managers, last, done = Managers(), 0, 0
    wanted = None if ids is None else sorted(ids)
    while True:
        if wanted is None:
            rows = Counterparty.objects.filter(pk__gt=last)
        else:
            rows = Counterparty.objects.filter(pk__in=wanted[:CHUNK])
            wanted = wanted[CHUNK:]
        chunk = list(rows.filter(merged_into=None).order_by("pk")[:CHUNK])
        for cells in _chunk(chunk, managers):
            done += 1
            yield cells
        told(done)
        if not (wanted or (wanted is None and chunk)):
            return
        last = chunk[-1].pk if chunk else last


def _chunk(chunk: Sequence[Counterparty], managers: Managers) -> Iterator[list[str]]:
    ids = [row.pk for row in chunk]
    persons: dict[int, list[ContactPerson]] = defaultdict(list)
    for person in ContactPerson.objects.filter(counterparty__in=ids, merged_into=None).order_by("id"):
        persons[person.counterparty_id].append(person)
    values: dict[tuple[str, int], list[ContactInfo]] = defaultdict(list)
    for row in ContactInfo.objects.filter(counterparty__in=ids).order_by("-is_main", "id"):
        values["counterparty", row.counterparty_id or 0].append(row)
    of_persons = [person.pk for rows in persons.values() for person in rows]
    for row in ContactInfo.objects.filter(person__in=of_persons).order_by("-is_main", "id"):
        values["person", row.person_id or 0].append(row)
    for company in chunk:
        yield _cells(_company(company, managers) | _values(values["counterparty", company.pk]))
        for person in persons[company.pk]:
            yield _cells(_person(company, person) | _values(values["person", person.pk]))


def _cells(row: dict[str, str]) -> list[str]:
    return [row.get(key, "") for key in KEYS]


def _company(company: Counterparty, managers: Managers) -> dict[str, str]:
    return {
        "name": as_line(company.name),
        "kind": kind_word(company.kind),
        "manager": managers.username(company.manager_id),
        "note": as_note(company.note),
        "ref": as_line(company.external_ref),
        "archived": _yes_no(company.archived),
        "code": str(company.pk),
    }


def _person(company: Counterparty, person: ContactPerson) -> dict[str, str]:
    return {
        "name": as_line(company.name),
        "ref": as_line(company.external_ref),
        "person": as_line(person.name),
        "position": as_line(person.position),
        "person_ref": as_line(person.external_ref),
        "archived": _yes_no(person.archived),
        "code": f"{company.pk}/{person.pk}",
    }


def _values(rows: Sequence[ContactInfo]) -> dict[str, str]:
    phones = [row for row in rows if row.type == AddressType.PHONE]
    return {
        "phones": "\n".join(as_line(row.value) for row in phones),
        "main": next((as_line(row.value) for row in phones if row.is_main), ""),
        "email": "\n".join(as_line(row.value) for row in rows if row.type == AddressType.EMAIL),
        "address": "\n".join(as_line(row.value) for row in rows if row.type == AddressType.ADDRESS),
    }


def _yes_no(value: bool) -> str:
    return _("yes") if value else _("no")
