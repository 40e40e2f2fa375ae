"""The indexes of the search in PostgreSQL: made, used, and done without where they may not be made."""

import json
import logging
from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from pytest_django import DjangoDbBlocker

from crm.models import ContactInfo, ContactPerson, Counterparty
from crm.search import matching_names, matching_numbers, search_directory
from crm.trigrams import check_indexes, make_indexes, missing_indexes
from tests.crm.test_search import names
from tests.databases import migrated_postgresql, use_database  # noqa: F401 - fixtures
from tests.factories import ContactInfoKindFactory, ContactPersonFactory, CounterpartyFactory
from tests.servers import PostgreSQL, postgresql  # noqa: F401 - fixture

pytestmark = pytest.mark.postgresql
NAME = "test_trigrams"


@pytest.fixture
def database(
    postgresql: PostgreSQL,  # noqa: F811 - the fixture
    migrated_postgresql: str,  # noqa: F811 - the fixture
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[str]:
    postgresql.execute(f"CREATE DATABASE {NAME} TEMPLATE {migrated_postgresql}")
    with django_db_blocker.unblock(), use_database(postgresql.url(NAME)):
        yield NAME
    postgresql.execute(f"DROP DATABASE {NAME} WITH (FORCE)")


def plan_of(rows: object) -> str:
    """How PostgreSQL would read the rows of a large table: reading all of it is forbidden."""
    with connection.cursor() as cursor:
        cursor.execute("SET enable_seqscan = off")
    return json.dumps(json.loads(rows.explain(format="json")))  # type: ignore[attr-defined]  # a queryset


@pytest.fixture
def crowd(database: str) -> None:
    """Enough rows for the planner to weigh its ways."""
    kind = ContactInfoKindFactory()
    companies = Counterparty.objects.bulk_create(Counterparty(name=f"АО «Вектор» {n}") for n in range(3_000))
    ContactPerson.objects.bulk_create(ContactPerson(name=f"Сидоров {c.pk}", counterparty=c) for c in companies)
    ContactInfo.objects.bulk_create(
        ContactInfo(counterparty=c, kind=kind, value=f"+7916{n:07d}") for n, c in enumerate(companies)
    )
    CounterpartyFactory(name="ООО «Ромашка»", phone="+7 495 111-22-33")
    ContactPersonFactory(name="Ромашкин Пётр")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


@pytest.mark.parametrize("text", ["ромашк", "ооо ромашк", "ро"])
def test_names_are_found_by_index(crowd: None, text: str) -> None:
    assert "counterparty_name_trigrams" in plan_of(matching_names(Counterparty.objects.order_by(), text))
    assert "person_name_trigrams" in plan_of(matching_names(ContactPerson.objects.order_by(), text))
    assert names(text)[-1] == "ООО «Ромашка»"


def test_beginnings_are_found_in_order_by_index(crowd: None) -> None:
    plan = plan_of(Counterparty.objects.filter(name_key__startswith="ооо").order_by("name_key"))
    assert ("counterparty_name_key" in plan, "Sort" in plan) == (True, False)


@pytest.mark.parametrize("text", ["8 (495) 111", "+7 495 111", "495111", "111-22-33"])
def test_numbers_are_found_by_index(crowd: None, text: str) -> None:
    assert "contact_info_number_trigrams" in plan_of(matching_numbers(text))
    assert [one.name for one in search_directory(text)] == ["ООО «Ромашка»"]


def test_they_are_made_by_the_migration(database: str) -> None:
    assert missing_indexes(connection) == []
    assert check_indexes(databases=["default"]) == []


def test_without_the_right_to_make_them(
    database: str,
    postgresql: PostgreSQL,  # noqa: F811 - the fixture
    caplog: pytest.LogCaptureFixture,
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP EXTENSION pg_trgm CASCADE")
        cursor.execute("CREATE ROLE guest LOGIN")
        cursor.execute("GRANT ALL ON ALL TABLES IN SCHEMA public TO guest")
        cursor.execute("GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO guest")
    try:
        with use_database(postgresql.url(NAME).replace("astpanel@", "guest@")):
            with caplog.at_level(logging.WARNING):
                make_indexes("default")
            assert [record.name for record in caplog.records] == ["crm.trigrams"]
            assert [message.id for message in check_indexes(databases=["default"])] == ["crm.W001"]
            CounterpartyFactory(name="ООО «Ромашка»", phone="+7 495 111-22-33")
            assert (names("ромаш"), names("495111")) == (["ООО «Ромашка»"], ["ООО «Ромашка»"])
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP OWNED BY guest")
            cursor.execute("DROP ROLE guest")
    make_indexes("default")  # the owner runs `migrate` later
    assert missing_indexes(connection) == []


def test_rows_from_before_the_search(database: str) -> None:
    """The migration fills folded names and extensions."""
    call_command("migrate", "crm", "0002", verbosity=0)
    old = MigrationExecutor(connection).loader.project_state([("crm", "0002_admin_centre")]).apps
    company = old.get_model("crm", "Counterparty").objects.create(name="ООО «Ёлка»")
    old.get_model("crm", "ContactPerson").objects.create(name="Ёлкин  Пётр", counterparty=company)
    kind = old.get_model("crm", "ContactInfoKind").objects.create(name="Телефон", owner="counterparty", type="phone")
    for value in ("+7 495 111-22-33 доб. 12", "+7 495 111-22-34"):
        row = {"value": value, "type": "phone", "e164": "+74951112233", "last10": "4951112233"}
        old.get_model("crm", "ContactInfo").objects.create(kind=kind, counterparty=company, **row)
    call_command("migrate", verbosity=0)
    keys = [list(model.objects.values_list("name_key", flat=True)) for model in (Counterparty, ContactPerson)]
    assert keys == [["ооо елка"], ["елкин петр"]]
    assert list(ContactInfo.objects.order_by("pk").values_list("extension", flat=True)) == ["12", ""]
    assert missing_indexes(connection) == []
