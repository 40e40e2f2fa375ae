"""What the tests of importing share: a source with a confirmed map, a reading done at once, all customers as values."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils import timezone

from astpanel.jobs.tasks import run as run_job
from crm.models import ContactInfo, ContactPerson, Counterparty, CustomerSource, SourceImport
from crm.sources.importing.services import start_reading
from crm.sources.proposal import propose
from tests.crm.sources.onec import OneCServer

SIZE: Final = 30  # customers of a base that is read whole
Directory = dict[str, dict[str, Any]]


def source_of(onec: OneCServer, **values: Any) -> CustomerSource:
    """The source as the administrator left it after confirming what was proposed."""
    from crm.sources.client import OneC  # noqa: PLC0415 - keeps the import of the tests of pure parts small

    with OneC(onec.connection) as client:
        proposed = propose(client.metadata()).as_json()
    connection = onec.connection
    common = {
        "configuration": "ut11",
        "url": connection.url,
        "username": connection.username,
        "password": connection.password,
        "enabled": True,
        "field_map": {**proposed, "proposed": proposed},
        "map_confirmed": timezone.now(),
    }
    onec.requests.clear()
    return CustomerSource.objects.create(**(common | values))


def read(mode: str = "full", *, confirmed: bool = False) -> SourceImport:
    """One reading, from the button to its end."""
    run = start_reading(mode=mode, by=None, confirmed=confirmed)
    assert run.job is not None
    run_job(run.job.pk)
    run.refresh_from_db()
    run.job.refresh_from_db()
    return run


def counts(run: SourceImport, sort: str) -> Mapping[str, int]:
    """Outcomes of a sort that are not nothing."""
    return {name: count for name, count in run.counts.get(sort, {}).items() if count}


def directory() -> Directory:
    """Reference (or name, when it was typed here) → everything that the source says of it."""
    numbers: dict[tuple[str, int], list[tuple[str, str, str, bool]]] = {}
    for row in ContactInfo.objects.exclude(user__isnull=False).select_related("kind").order_by("id"):
        owner = ("counterparty", row.counterparty_id) if row.counterparty_id else ("person", row.person_id)
        keys = row.e164 or row.value
        numbers.setdefault(owner, []).append((row.kind.name, row.value, keys, row.is_main))  # type: ignore[arg-type] # one of two
    found: Directory = {}
    for one in Counterparty.objects.order_by("id"):
        found[one.external_ref or one.name] = {
            "name": one.name,
            "kind": one.kind,
            "manager": one.manager_id,
            "archived": one.archived,
            "note": one.note,
            "numbers": sorted(numbers.get(("counterparty", one.pk), [])),
        }
    for person in ContactPerson.objects.select_related("counterparty").order_by("id"):
        found[person.external_ref or person.name] = {
            "name": person.name,
            "position": person.position,
            "of": person.counterparty.external_ref or person.counterparty.name,
            "archived": person.archived,
            "numbers": sorted(numbers.get(("person", person.pk), [])),
        }
    return found
