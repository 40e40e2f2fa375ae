"""A system writes while somebody merges, on a real PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from crm.api.schemas import PersonIn
from crm.api.writing import save_person
from crm.merging.plan import Choice, make_plan
from crm.merging.selectors import sides_of
from crm.merging.services import merge
from crm.models import ContactPerson, Counterparty
from tests.databases import PrivateDatabase, migrated_postgresql, private_database
from tests.factories import ContactPersonFactory, CounterpartyFactory, PanelUserFactory
from tests.servers import postgresql, wait_until

__all__ = ["migrated_postgresql", "postgresql", "private_database"]
pytestmark = [
    pytest.mark.postgresql,
    pytest.mark.parametrize("private_database", ["postgresql"], indirect=True),
]


def _somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return bool(cursor.fetchone()[0])


def _save(pk: int | None, sent: PersonIn) -> list[str]:
    """The fields complained of."""
    try:
        save_person(pk=pk, sent=sent)
    except ValidationError as error:
        return sorted(error.message_dict)
    finally:
        connection.close()
    return []


@pytest.mark.parametrize("new", [True, False])
def test_nobody_is_left_with_a_company_that_is_being_merged_away(private_database: PrivateDatabase, new: bool) -> None:
    kept, gone = CounterpartyFactory(), CounterpartyFactory()
    person = None if new else ContactPersonFactory(counterparty=CounterpartyFactory()).pk
    ids, choice = [kept.pk, gone.pk], Choice(kept.pk)
    fingerprint = make_plan(sides_of(Counterparty, ids), choice).fingerprint
    sent = PersonIn.model_validate({"counterparty": gone.pk, "name": "Лугов Пётр"})
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            merge(model=Counterparty, ids=ids, choice=choice, fingerprint=fingerprint, by=PanelUserFactory())
            saving = pool.submit(_save, person, sent)
            wait_until(_somebody_waits, "the other to wait for the company")
        assert saving.result(60) == ["counterparty"]
    assert not ContactPerson.objects.filter(counterparty=gone).exists()
