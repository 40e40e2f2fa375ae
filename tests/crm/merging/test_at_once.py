"""Merges that meet, on real databases: one is done, the others are told that things have changed."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connection

from crm.merging.plan import Choice, make_plan
from crm.merging.selectors import sides_of, survivors_of
from crm.merging.services import ChangedError, merge
from crm.models import ContactInfo, Counterparty, MergeRecord
from tests.databases import (  # noqa: F401 - fixtures
    PrivateDatabase,
    migrated_postgresql,
    migrated_sqlite,
    private_database,
)
from tests.factories import ContactPersonFactory, CounterpartyFactory, PanelUserFactory
from tests.servers import postgresql  # noqa: F401 - fixture

ROUNDS = 5


def at_once(by: Any, *orders: tuple[int, list[int]]) -> list[bool]:
    """Each order (survivor, ids) looked at first, then all done together → which were."""
    plans = [make_plan(sides_of(Counterparty, ids), Choice(kept)).fingerprint for kept, ids in orders]
    together = Barrier(len(orders), timeout=60)

    def one(order: tuple[int, list[int]], fingerprint: str) -> bool:
        try:
            together.wait()
            merge(model=Counterparty, ids=order[1], choice=Choice(order[0]), fingerprint=fingerprint, by=by)
        except ChangedError:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(len(orders)) as pool:
        return list(pool.map(one, orders, plans))


def test_a_into_b_while_b_into_a(private_database: PrivateDatabase) -> None:  # noqa: F811 - the fixture
    by = PanelUserFactory()
    for number in range(ROUNDS):
        first, second = CounterpartyFactory(phone=f"8 916 000-11-{number:02d}"), CounterpartyFactory()
        ContactPersonFactory(counterparty=second, phone=f"8 916 000-22-{number:02d}")
        done = at_once(by, (first.pk, [first.pk, second.pk]), (second.pk, [second.pk, first.pk]))
        assert sorted(done) == [False, True]
        kept, gone = (first, second) if done[0] else (second, first)
        rows = Counterparty.objects.filter(pk__in=[kept.pk, gone.pk]).values_list("pk", "archived", "merged_into")
        assert set(rows) == {(kept.pk, False, None), (gone.pk, True, kept.pk)}
        assert MergeRecord.objects.filter(survivor=kept).count() == 1
        assert kept.contact_persons.count() == 1


def test_a_ring_of_three(private_database: PrivateDatabase) -> None:  # noqa: F811 - the fixture
    by = PanelUserFactory()
    for _ in range(ROUNDS):
        a, b, c = (CounterpartyFactory().pk for _ in range(3))
        done = at_once(by, (a, [a, b]), (b, [b, c]), (c, [c, a]))
        assert done.count(True) >= 1  # each locks two of the three: whoever comes first
        leads = dict(Counterparty.objects.filter(pk__in=[a, b, c]).values_list("pk", "merged_into"))
        assert list(leads.values()).count(None) == 3 - done.count(True)
        assert None in leads.values()
        ends = survivors_of(Counterparty, [a, b, c])
        assert [leads[pk] for pk in ends] == [None] * len(ends)


def test_two_administrators_press_the_same_button(private_database: PrivateDatabase) -> None:  # noqa: F811 - the fixture
    by = PanelUserFactory()
    first, second = CounterpartyFactory(phone="8 916 000-11-22"), CounterpartyFactory(phone="8 916 000-11-33")
    order = (first.pk, [first.pk, second.pk])
    assert sorted(at_once(by, order, order, order)) == [False, False, True]
    assert ContactInfo.objects.filter(counterparty=first).count() == 2
