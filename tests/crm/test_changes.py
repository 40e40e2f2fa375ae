"""What the caches are told: once a transaction, with the change or not at all, by everything that writes."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from astpanel.accounts.bulk import change_users
from astpanel.accounts.models import PanelUser
from crm.changes import directory_version, note_change
from crm.models import ContactInfo, ContactPerson, Counterparty, DirectoryChange, RewriteRule
from crm.tasks import prune_changes
from tests.factories import (
    ContactInfoFactory,
    ContactInfoKindFactory,
    ContactPersonFactory,
    CounterpartyFactory,
    DirectoryChangeFactory,
    NumberingPlanFactory,
    PanelUserFactory,
    PbxFactory,
    RewriteRuleFactory,
)

pytestmark = pytest.mark.django_db(transaction=True)


def noted(act: Callable[[], Any]) -> int:
    """Rows that the act left."""
    before = DirectoryChange.objects.count()
    act()
    return DirectoryChange.objects.count() - before


def saved(row: Any, **values: Any) -> Callable[[], None]:
    def act() -> None:
        for name, value in values.items():
            setattr(row, name, value)
        row.save(update_fields=list(values))

    return act


def test_each_way_to_change_what_a_number_is_shown_as() -> None:
    company, person, row = CounterpartyFactory(), ContactPersonFactory(), ContactInfoFactory()
    user, pbx, kind = PanelUserFactory(in_use=False), PbxFactory(), ContactInfoKindFactory()
    rule = RewriteRuleFactory(plan=NumberingPlanFactory())
    some = Counterparty(name="ООО «Луч»")
    acts: list[Callable[[], Any]] = [
        CounterpartyFactory,
        saved(company, name="ООО «Василёк»"),
        saved(company, manager=user),
        saved(person, archived=True),
        saved(row, value="+7 495 000-00-00"),
        saved(kind, name="Рабочий"),
        saved(user, last_name="Орлов"),
        saved(user, is_active=False),
        saved(user, pbx=pbx),
        saved(rule, pattern="XXX"),
        saved(rule.plan, area_code="812"),
        user.save,
        lambda: Counterparty.objects.bulk_create([some]),
        lambda: Counterparty.objects.filter(pk=company.pk).update(manager=None),
        lambda: Counterparty.objects.bulk_update([company], ["name"]),
        lambda: ContactPerson.objects.bulk_update([person], ["name"]),
        lambda: ContactInfo.objects.bulk_create(
            [ContactInfo(counterparty=company, kind=kind, value="+7 495 000-00-01")]
        ),
        lambda: ContactInfo.objects.bulk_update([row], ["value"]),
        lambda: ContactInfo.objects.filter(pk=row.pk).update(counterparty=company),
        lambda: change_users(ids=[user.pk], field="is_active", value=True),
        lambda: change_users(ids=[user.pk], field="pbx", value=None),
        lambda: ContactInfo.objects.filter(pk=row.pk).delete(),
        person.delete,
        lambda: RewriteRule.objects.all().delete(),
        pbx.delete,
        lambda: PanelUser.objects.filter(pk=user.pk).delete(),
        company.delete,
    ]
    assert [noted(act) for act in acts] == [1] * len(acts)


def test_what_shows_nobody_else_is_not_noted() -> None:
    user, company = PanelUserFactory(), CounterpartyFactory()
    acts: list[Callable[[], Any]] = [
        saved(user, last_login=timezone.now()),
        saved(user, status="dnd", status_until=None),
        lambda: change_users(ids=[user.pk], field="in_use", value=False),
        lambda: Counterparty.objects.bulk_create([]),
        lambda: Counterparty.objects.filter(pk=company.pk + 1).update(manager=None),
        lambda: Counterparty.objects.none().delete(),
    ]
    assert [noted(act) for act in acts] == [0] * len(acts)


def test_a_transaction_leaves_one_row_however_much_it_writes() -> None:
    def act() -> None:
        with transaction.atomic():
            for _ in range(3):
                CounterpartyFactory(phone="+7 495 111-22-33")
                with transaction.atomic():
                    PanelUserFactory(number="101")

    assert [noted(act), noted(act)] == [1, 1]


class UndoError(Exception):
    """Takes a transaction or a savepoint back."""


def test_what_is_rolled_back_leaves_nothing_and_hides_nothing() -> None:
    def rolled_back() -> None:
        with suppress(UndoError), transaction.atomic():
            note_change()
            raise UndoError

    def savepoint_rolled_back() -> None:
        with transaction.atomic():
            with suppress(UndoError), transaction.atomic():
                note_change()
                raise UndoError
            note_change()
            note_change()

    def savepoint_by_hand() -> None:
        with transaction.atomic():
            here = transaction.savepoint()
            note_change()
            transaction.savepoint_rollback(here)
            note_change()

    def two_transactions() -> None:
        for _ in range(2):
            with transaction.atomic():
                note_change()

    def with_and_without_a_transaction() -> None:
        note_change()
        with transaction.atomic():
            note_change()
        note_change()

    acts = [rolled_back, savepoint_rolled_back, savepoint_by_hand, two_transactions, with_and_without_a_transaction]
    assert [noted(act) for act in acts] == [0, 1, 1, 2, 3]


def test_the_row_is_committed_with_a_single_save() -> None:
    """Outside a transaction of anybody's, too: an error of the note takes the change back."""
    company = CounterpartyFactory(name="ООО «Луч»")
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE crm_directorychange RENAME TO elsewhere")
    try:
        with pytest.raises(Exception, match="crm_directorychange"):
            saved(company, name="ООО «Василёк»")()
        with pytest.raises(Exception, match="crm_directorychange"):
            Counterparty.objects.filter(pk=company.pk).update(archived=True)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE elsewhere RENAME TO crm_directorychange")
    company.refresh_from_db()
    assert (company.name, company.archived) == ("ООО «Луч»", False)


def test_version(django_assert_num_queries: Any) -> None:
    DirectoryChange.objects.all().delete()
    assert directory_version() == (0, 0, 0)
    first, second = DirectoryChangeFactory.create_batch(2)
    with django_assert_num_queries(1):
        assert directory_version() == (2, first.pk + second.pk, second.pk)


def test_old_rows_go_at_night_and_no_version_comes_back() -> None:
    DirectoryChange.objects.all().delete()
    now = timezone.now()
    old = DirectoryChangeFactory.create_batch(3, at=now - timedelta(days=1, minutes=1))
    recent = DirectoryChangeFactory(at=now - timedelta(hours=23))
    before = directory_version()
    assert prune_changes() == len(old)
    left = list(DirectoryChange.objects.order_by("id").values_list("id", flat=True))
    assert (left[0], len(left), directory_version()[2] > before[2]) == (recent.pk, 2, True)
    assert (prune_changes(), DirectoryChange.objects.count()) == (0, 2)
