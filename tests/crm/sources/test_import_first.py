"""Everything of a 1C base of each family in the directory."""

from urllib.parse import quote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.models import (
    RefusedRow,
    SourceImport,
    SourceRow,
)
from crm.number_rules import stored_rules
from crm.selectors import contacts_by_numbers
from crm.sources.importing.customers import apply_customers
from crm.sources.importing.kinds import Kinds
from crm.sources.importing.numbers import Context
from crm.sources.importing.outcomes import Outcomes
from crm.sources.importing.persons import apply_persons
from tests.crm.sources import family_rows as rows
from tests.crm.sources.expected import FAMILIES_ON_DATABASES, JUNK, expected, of_family
from tests.crm.sources.families import (
    FAMILIES,
    base,
)
from tests.crm.sources.importing import SIZE, counts, directory, read, source_of
from tests.crm.sources.onec import OneCServer, serve
from tests.crm.sources.onec_base import ref
from tests.databases import PrivateDatabase


@FAMILIES_ON_DATABASES
def test_the_whole_directory_of_each_family(
    private_database: PrivateDatabase, code: str, managers: dict[int, int]
) -> None:
    with serve(base(code, SIZE)) as onec:
        source_of(onec)
        run = read()
        assert (run.state, run.problem) == ("done", "")
        first = expected(code, managers)
        if code == "unf":  # employees have no e-mail: the first manager is matched by nothing
            for one in first.values():
                if one.get("manager") == managers[0]:
                    one["manager"] = None
        assert directory() == first
        refused = RefusedRow.objects.exclude(value="").values_list("name", "reason")
        assert sorted(refused) == sorted((rows.company(number), reason) for number, reason in JUNK.items())
        assert list(RefusedRow.objects.filter(value="").values_list("reason", flat=True)) == ["no_owner"]
        assert contacts_by_numbers([f"8{rows.digits(rows.CITY, 8)}"])  # found at once, and 1C is not asked
        again = read()
        assert directory() == first
        same = {sort: dict(counts(again, sort)) for sort in ("customers", "persons")}
        customers = sum("kind" in one for one in first.values())
        assert same == {
            "customers": {"same": customers},
            "persons": {"same": len(first) - customers, "refused": 1},
        }
        assert set(counts(again, "numbers")) == {"same", "refused"}
        assert onec.open_sessions == set()


@pytest.mark.django_db
@pytest.mark.parametrize("code", FAMILIES)
def test_addresses_are_short_enough_for_every_web_server(code: str) -> None:
    """IIS refuses a query of more than 2,048 characters."""
    with serve(base(code, 60)) as onec:
        source_of(onec)
        read()
        customers, _persons = of_family(code)
        for number in range(20, 45):
            onec.base.change(customers, ref(customers, number), Description=f"Новое имя {number}")
        onec.requests.clear()
        run = read("changes")
        assert counts(run, "customers")["changed"] == 25
        longest = max(len(quote(line.partition("?")[2], safe="$=&'")) for line in onec.requests)
        assert longest < 2_048


@pytest.mark.django_db
def test_as_many_queries_for_a_chunk_of_any_size(ut11: OneCServer) -> None:
    read()
    run = SourceImport.objects.get()
    context = Context(run.source_id, Kinds({}, ()), stored_rules().reading, keeps_managers=True, tells_persons=True)
    found = []
    for applier, role in ((apply_customers, "customer"), (apply_persons, "person")):
        for size in (2, 10):
            chunk = list(SourceRow.objects.filter(role=role).order_by("external_ref")[:size])
            with CaptureQueriesContext(connection) as captured:
                applier(chunk, context, Outcomes(run))
            found.append(len(captured))
    assert found == [10, 10, 9, 9]
