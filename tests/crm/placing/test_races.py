"""Two operators place at the same moment, on a real database: one waits for the other and sees what was done."""

import threading
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.utils import timezone

from astpanel.accounts.models import PanelUser
from crm.models import ContactInfo, Counterparty, NumberPlacement
from crm.placing.errors import ConflictError, NoUndoError
from crm.placing.services import Asked, Others, finish
from crm.placing.targets import holders_of, new_draft, target_of, the_number
from crm.placing.undoing import undo
from tests.databases import PrivateDatabase, migrated_postgresql, migrated_sqlite, private_database  # noqa: F401 - fixtures
from tests.factories import ContactInfoFactory, CounterpartyFactory, PanelUserFactory
from tests.servers import postgresql  # noqa: F401 - fixture

GIVEN, NUMBER = "84951112233", "+7 495 111-22-33"
HANDS = 4
Way = Callable[[], Any]


def place(by: PanelUser, company: Counterparty, others: Others) -> Way:
    """The dialog stands open at the table already; «Готово» is still to be pressed."""
    target = target_of("counterparty", company.pk)
    draft = new_draft(the_number(GIVEN), target)
    return lambda: finish(draft=draft, target=target, asked=Asked(by), others=others)


def at_once(ways: list[Way]) -> list[Any]:
    """All start together, each in a thread with a connection of its own. → results and errors in the same order."""
    found: list[Any] = [None] * len(ways)
    start = threading.Barrier(len(ways))

    def run(index: int) -> None:
        start.wait(60)
        try:
            found[index] = ways[index]()
        except (ConflictError, NoUndoError) as error:
            found[index] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(index,)) for index in range(len(ways))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert not any(thread.is_alive() for thread in threads)
    return found


def rows() -> list[tuple[str, str]]:
    found = ContactInfo.objects.filter(counterparty__isnull=False).order_by("id")
    return list(found.values_list("counterparty__name", "value"))


def test_the_same_number_to_the_same_customer(private_database: PrivateDatabase) -> None:  # noqa: F811 - the fixture
    """One writes it; the others see the row that it has written."""
    company = CounterpartyFactory(name="Луч")
    found = at_once([place(PanelUserFactory(), company, Others()) for _ in range(HANDS)])
    conflicts = [one for one in found if isinstance(one, ConflictError)]
    assert (rows(), NumberPlacement.objects.count(), len(conflicts)) == ([("Луч", NUMBER)], 1, HANDS - 1)
    assert {tuple(row.value for row in one.current) for one in conflicts} == {(NUMBER,)}


def test_the_same_number_to_different_customers(private_database: PrivateDatabase) -> None:  # noqa: F811 - as above
    """Nobody's number does not become two customers' behind somebody's back."""
    companies = [CounterpartyFactory(name=f"Луч {index}") for index in range(HANDS)]
    found = at_once([place(PanelUserFactory(), company, Others()) for company in companies])
    conflicts = [one for one in found if isinstance(one, ConflictError)]
    assert (len(rows()), NumberPlacement.objects.count(), len(conflicts)) == (1, 1, HANDS - 1)
    assert {holder.name for one in conflicts for holder in one.holders} == {rows()[0][0]}


def test_moved_by_two_in_opposite_directions(private_database: PrivateDatabase) -> None:  # noqa: F811 - as above
    """Both lock the two customers, in the same order: neither waits for ever, and the number is in one place."""
    left, right = CounterpartyFactory(name="Левый"), CounterpartyFactory(name="Правый")
    for company in (left, right):
        ContactInfoFactory(counterparty=company, value=NUMBER)
        ContactInfoFactory(counterparty=company, value="+7 812 333-44-55")
    holders = {holder.id: holder.row_id for holder in holders_of(the_number(GIVEN))}
    found = at_once(
        [
            place(PanelUserFactory(), left, Others([holders[right.pk]], move=True)),
            place(PanelUserFactory(), right, Others([holders[left.pk]], move=True)),
        ]
    )
    conflicts = [one for one in found if isinstance(one, ConflictError)]
    assert (len(conflicts), sum(value == NUMBER for _, value in rows())) == (1, 1)


def test_taken_back_twice_at_once(private_database: PrivateDatabase) -> None:  # noqa: F811 - as above
    by, company = PanelUserFactory(), CounterpartyFactory(name="Луч")
    placement = place(by, company, Others())().placement
    now = timezone.now()
    found = at_once([lambda: undo(placement_id=placement.pk, by=by, now=now)] * HANDS)
    refused = [one for one in found if isinstance(one, NoUndoError)]
    assert (rows(), len(refused)) == ([], HANDS - 1)
