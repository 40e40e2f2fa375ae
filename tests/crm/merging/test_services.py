"""Merges in the database: what is written, chains, what changed meanwhile, relations nobody forgot."""

from typing import Any

import pytest
from auditlog.models import LogEntry
from pytest_django import DjangoAssertNumQueries

from crm.merging.plan import Choice, Refusal, RefusedError, make_plan
from crm.merging.selectors import sides_of, survivors_of
from crm.merging.services import ChangedError, merge
from crm.models import ContactInfo, ContactPerson, Counterparty, MergeRecord
from crm.selectors import contacts_by_numbers
from tests.factories import (
    ContactInfoFactory,
    ContactInfoKindFactory,
    ContactPersonFactory,
    CounterpartyFactory,
    CustomerSourceFactory,
    NumberPlacementFactory,
    PanelUserFactory,
)

pytestmark = pytest.mark.django_db


def merged(kept: Any, *others: Any, by: Any = None, **choice: Any) -> MergeRecord:
    model, ids = type(kept), [kept.pk, *(other.pk for other in others)]
    wanted = Choice(kept.pk, **choice)
    fingerprint = make_plan(sides_of(model, ids), wanted).fingerprint
    return merge(model=model, ids=ids, choice=wanted, fingerprint=fingerprint, by=by or PanelUserFactory())


def values_of(owner: Any) -> list[tuple[str, bool]]:
    return [(row.value, row.is_main) for row in owner.contact_info.order_by("pk")]


def test_everything_of_the_duplicate_moves() -> None:
    by, manager = PanelUserFactory(), PanelUserFactory()
    phone, mail = ContactInfoKindFactory(), ContactInfoKindFactory(name="Почта", type="email")
    kept = CounterpartyFactory(name="Луч", note="Утром.")
    first = ContactInfoFactory(counterparty=kept, kind=phone, value="8 495 111-22-33", is_main=True)
    double = CounterpartyFactory(name="ООО «Луч»", note="Платит.", manager=manager, external_ref="Л-1")
    same = ContactInfoFactory(counterparty=double, kind=phone, value="+7 (495) 111-22-33")
    number = ContactInfoFactory(counterparty=double, kind=phone, value="8 916 000-11-22", is_main=True)
    line = ContactInfoFactory(counterparty=double, kind=phone, value="8 495 111-22-33 доб. 5")
    address = ContactInfoFactory(counterparty=double, kind=mail, value="info@luch.example", is_main=True)
    person = ContactPersonFactory(counterparty=double, name="Орлов", phone="8 916 000-11-33")
    placement = NumberPlacementFactory(counterparty=double)
    older = CounterpartyFactory(name="Лучик", archived=True, merged_into=double)

    record = merged(kept, double, by=by, manager=double.pk)

    rows = list(Counterparty.objects.order_by("pk").values_list("name", "note", "manager", "archived", "merged_into"))
    assert rows == [
        ("Луч", "Утром.\n\nПлатит.", manager.pk, False, None),
        ("ООО «Луч»", "Платит.", manager.pk, True, kept.pk),
        ("Лучик", "", None, True, double.pk),  # leads on over the other one
    ]
    assert survivors_of(Counterparty, [older.pk]) == [kept.pk]
    assert values_of(kept) == [
        ("8 495 111-22-33", True),
        ("8 916 000-11-22", False),
        ("8 495 111-22-33 доб. 5", False),
        ("info@luch.example", True),
    ]
    assert (values_of(double), values_of(person)) == ([], [("8 916 000-11-33", False)])
    for row in (person, placement):
        row.refresh_from_db()
    assert (person.counterparty_id, placement.counterparty_id) == (kept.pk, kept.pk)
    side = {"position": "", "archived": False, "source": None}
    assert (record.survivor, record.survivor_name, record.by) == (kept, "Луч", by)
    assert record.moved == {
        "kind": "counterparty",
        "survivor": kept.pk,
        "before": [
            {"id": kept.pk, "name": "Луч", "manager": None, "note": "Утром.", **side},
            {"id": double.pk, "name": "ООО «Луч»", "manager": manager.pk, "note": "Платит.", **side},
        ],
        "after": {"name": "Луч", "manager": manager.pk, "note": "Утром.\n\nПлатит.", "archived": False},
        "moved": [
            {"id": number.pk, "type": "phone", "value": "8 916 000-11-22", "main": True, "from": double.pk},
            {"id": address.pk, "type": "email", "value": "info@luch.example", "main": True, "from": double.pk},
            {"id": line.pk, "type": "phone", "value": "8 495 111-22-33 доб. 5", "main": False, "from": double.pk},
        ],
        "dropped": [{"id": same.pk, "type": "phone", "value": "+7 (495) 111-22-33", "main": False, "from": double.pk}],
        "main_no_more": [number.pk],
        "main_from_now": [],
        "persons": [{"id": person.pk, "name": "Орлов", "from": double.pk}],
        "placements": [placement.pk],
    }
    assert first.pk in kept.contact_info.values_list("pk", flat=True)
    assert contacts_by_numbers(["+79160001122"])["+79160001122"].id == kept.pk


def test_the_journal_of_changes_tells_of_each_row() -> None:
    kept, double = CounterpartyFactory(name="Луч"), CounterpartyFactory(name="Старый", phone="8 916 000-11-22")
    ContactPersonFactory(counterparty=double, name="Орлов")
    by = PanelUserFactory()
    LogEntry.objects.all().delete()
    merged(kept, double, by=by)
    entries = LogEntry.objects.order_by("content_type__model", "pk").values_list("object_repr", "changes")
    assert list(entries) == [
        ("8 916 000-11-22", {"counterparty": ["Старый", "Луч"]}),
        ("Орлов", {"counterparty": ["Старый", "Луч"]}),
        ("Старый", {"archived": ["False", "True"], "merged_into": ["None", str(kept.pk)]}),
    ]


def test_persons_of_one_counterparty() -> None:
    company = CounterpartyFactory()
    kept = ContactPersonFactory(counterparty=company, name="Орлов И.")
    double = ContactPersonFactory(counterparty=company, name="Орлов Иван", position="директор", phone="8 916 000-11-22")
    placement = NumberPlacementFactory(counterparty=None, person=double, owner_name="Орлов Иван")
    record = merged(kept, double, name=double.pk)
    placement.refresh_from_db()
    rows = ContactPerson.objects.order_by("pk").values_list("name", "position", "archived", "merged_into")
    assert list(rows) == [("Орлов Иван", "директор", False, None), ("Орлов Иван", "директор", True, kept.pk)]
    assert (values_of(kept), placement.person_id) == ([("8 916 000-11-22", False)], kept.pk)
    assert (record.survivor, record.survivor_name, record.moved["kind"]) == (company, "Орлов Иван", "person")


def test_chains_are_followed() -> None:
    last = CounterpartyFactory()
    middle = CounterpartyFactory(merged_into=last)
    first = CounterpartyFactory(merged_into=middle)
    alone = CounterpartyFactory()
    assert survivors_of(Counterparty, [first.pk, middle.pk, last.pk]) == [last.pk]
    assert survivors_of(Counterparty, [alone.pk, first.pk, 10**9]) == [last.pk, alone.pk]
    assert survivors_of(Counterparty, []) == []
    Counterparty.objects.filter(pk=last.pk).update(merged_into=first)  # nothing of ours writes a circle
    assert len(survivors_of(Counterparty, [first.pk])) == 1


def test_what_was_looked_at_is_what_is_done() -> None:
    kept, double = CounterpartyFactory(), CounterpartyFactory()
    ids, choice = [kept.pk, double.pk], Choice(kept.pk)
    seen = make_plan(sides_of(Counterparty, ids), choice).fingerprint
    ContactInfoFactory(counterparty=double)  # somebody adds a number meanwhile
    before = list(Counterparty.objects.order_by("pk").values())
    with pytest.raises(ChangedError):
        merge(model=Counterparty, ids=ids, choice=choice, fingerprint=seen, by=None)
    assert (list(Counterparty.objects.order_by("pk").values()), MergeRecord.objects.count()) == (before, 0)


def test_who_was_merged_away_or_deleted_meanwhile_is_not_merged() -> None:
    kept, double = CounterpartyFactory(), CounterpartyFactory()
    merged(kept, double)
    for ids in ([kept.pk, double.pk], [double.pk, kept.pk], [kept.pk, 10**9]):
        with pytest.raises(ChangedError):
            merge(model=Counterparty, ids=ids, choice=Choice(ids[0]), fingerprint="", by=None)


def test_two_of_the_source_are_refused() -> None:
    source = CustomerSourceFactory()
    rows = [CounterpartyFactory(source=source, external_ref=str(n)) for n in range(2)]
    with pytest.raises(RefusedError) as caught:
        merge(model=Counterparty, ids=[row.pk for row in rows], choice=Choice(rows[0].pk), fingerprint="", by=None)
    assert caught.value.refusal == Refusal.TWO_OF_A_SOURCE


def test_no_relation_is_forgotten() -> None:
    """Whoever adds a relation to customers decides here what a merge does with it."""
    relations = {
        model: {f"{field.related_model.__name__}.{field.field.name}" for field in model._meta.related_objects}
        for model in (Counterparty, ContactPerson)
    }
    assert relations == {
        Counterparty: {
            *("ContactInfo.counterparty", "ContactPerson.counterparty", "NumberPlacement.counterparty"),  # move
            *("Counterparty.merged_into", "NotDuplicates.members"),  # follow
            "MergeRecord.survivor",  # history: stays
        },
        ContactPerson: {"ContactInfo.person", "NumberPlacement.person", "ContactPerson.merged_into"},
    }
    assert {field.name for field in ContactInfo._meta.related_objects} == set()


@pytest.mark.parametrize("count", [1, 3])
def test_queries(count: int, rules_known: None, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    rows = [CounterpartyFactory(phone=f"8 916 000-11-2{n}") for n in range(count + 1)]
    for row in rows:
        ContactPersonFactory(counterparty=row)
    with django_assert_num_queries(4):
        sides_of(Counterparty, [row.pk for row in rows])
