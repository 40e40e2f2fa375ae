"""«Готово» and «Отменить» on a real database."""

from datetime import timedelta
from typing import Any

import pytest
from auditlog.models import LogEntry
from django.core.exceptions import ValidationError
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from astpanel.accounts.models import PanelUser
from crm.models import AddressType, ContactInfo, ContactInfoKind, ContactPerson, Counterparty, NumberPlacement
from crm.placing.draft import Draft, RefusedError
from crm.placing.errors import ConflictError, NoUndo, NoUndoError, Since
from crm.placing.services import Asked, Finished, Others, finish
from crm.placing.states import states_of
from crm.placing.targets import Party, Target, TargetGoneError, holders_of, new_draft, target_of, the_number
from crm.placing.undoing import undo
from tests.crm.placing.drafts import act
from tests.factories import (
    ContactInfoFactory,
    ContactInfoKindFactory,
    ContactPersonFactory,
    CounterpartyFactory,
    PanelUserFactory,
)

pytestmark = pytest.mark.django_db
GIVEN, NUMBER = "84951112233", "+7 495 111-22-33"


def kinds(owner: str = "counterparty") -> tuple[ContactInfoKind, ContactInfoKind, ContactInfoKind]:
    return (
        ContactInfoKindFactory(owner=owner, name="Рабочий", order=1),
        ContactInfoKindFactory(owner=owner, name="Мобильный", order=2, is_mobile=True),
        ContactInfoKindFactory(owner=owner, name="Почта", order=3, type=AddressType.EMAIL),
    )


def opened(customer: Counterparty | ContactPerson, number: str = GIVEN) -> tuple[Draft, Target]:
    target = target_of("person" if isinstance(customer, ContactPerson) else "counterparty", customer.pk)
    return new_draft(the_number(number), target), target


def done(customer: Any, by: PanelUser, **options: Any) -> Finished:
    draft, target = opened(customer)
    return finish(draft=draft, target=target, asked=Asked(by), **options)


def rows() -> list[tuple[str, str, str, bool]]:
    return [
        (str(getattr(row, row.owner_field or "")), row.kind.name, row.value, row.is_main)
        for row in ContactInfo.objects.order_by("id")
    ]


@pytest.fixture
def operator() -> PanelUser:
    return PanelUserFactory(username="operator", last_name="Петрова", first_name="Ольга", patronymic="")


def test_placed_by_itself(operator: PanelUser) -> None:
    kinds()
    company = CounterpartyFactory(name="Луч")
    finished = done(company, operator)
    assert rows() == [("Луч", "Рабочий", NUMBER, True)]
    assert finished.placement is not None
    made = NumberPlacement.objects.values().get()
    assert {key: made[key] for key in ("number", "owner_name", "before", "after", "created", "by_id")} == {
        "number": GIVEN,
        "owner_name": "Луч",
        "before": [],
        "after": states_of(ContactInfo.objects.all()),
        "created": {},
        "by_id": operator.pk,
    }
    assert (finished.automatic, finished.row.kind.name) == (True, "Рабочий")


def test_an_office_without_any_kind_gets_one(operator: PanelUser) -> None:
    done(CounterpartyFactory(name="Луч"), operator)
    assert rows() == [("Луч", "Телефон", NUMBER, True)]


def test_the_whole_table_is_written(operator: PanelUser) -> None:
    work, mobile, mail = kinds()
    company = CounterpartyFactory(name="Луч")
    first = ContactInfoFactory(kind=work, counterparty=company, value="+7 812 333-44-55", is_main=True)
    gone = ContactInfoFactory(kind=work, counterparty=company, value="+7 812 333-44-66")
    draft, target = opened(company)
    draft = draft.set_number(f"k{mobile.pk}").set_main(f"k{mobile.pk}").delete(str(gone.pk))
    draft = draft.edit("", kind=mail.pk, value="info@example.org")
    finish(draft=draft, target=target, asked=Asked(operator))
    assert rows() == [
        ("Луч", "Рабочий", "+7 812 333-44-55", False),
        ("Луч", "Мобильный", NUMBER, True),
        ("Луч", "Почта", "info@example.org", True),
    ]
    written = LogEntry.objects.get_for_model(ContactInfo).values_list("action", flat=True)
    assert LogEntry.Action.DELETE in written
    assert LogEntry.objects.get_for_objects(ContactInfo.objects.filter(pk=first.pk)).count() == 2  # made, main no more


def test_a_value_that_does_not_fit_writes_nothing(operator: PanelUser) -> None:
    _work, _mobile, mail = kinds()
    company = CounterpartyFactory(name="Луч")
    draft, target = opened(company)
    with pytest.raises(ValidationError):
        finish(draft=draft.edit("", kind=mail.pk, value="no mail"), target=target, asked=Asked(operator))
    assert (rows(), NumberPlacement.objects.count()) == ([], 0)


def test_a_new_company_with_a_new_person(operator: PanelUser) -> None:
    kinds("person")
    target = Target(Party(None, "Новая", "company"), Party(None, "Нина Новикова"))
    draft = new_draft(the_number(GIVEN), target)
    finished = finish(draft=draft, target=target, asked=Asked(operator, linkedid="1.7"))
    person = ContactPerson.objects.get()
    assert (person.name, person.counterparty.name, person.counterparty.kind) == ("Нина Новикова", "Новая", "company")
    assert rows() == [("Нина Новикова", "Рабочий", NUMBER, True)]
    placement = finished.placement
    assert placement is not None
    assert (placement.created, placement.owner_name, placement.linkedid) == (
        {"counterparty": person.counterparty_id, "person": person.pk},
        "Нина Новикова · Новая",
        "1.7",
    )
    undo(placement_id=placement.pk, by=operator, now=timezone.now())
    assert (rows(), Counterparty.objects.count(), ContactPerson.objects.count()) == ([], 0, 0)


def test_customers_made_with_it_stay_when_more_is_written_there(operator: PanelUser) -> None:
    target = Target(Party(None, "Новая", "company"))
    finished = finish(draft=new_draft(the_number(GIVEN), target), target=target, asked=Asked(operator))
    assert finished.placement is not None
    ContactPersonFactory(counterparty=Counterparty.objects.get())
    undone = undo(placement_id=finished.placement.pk, by=operator, now=timezone.now())
    assert (undone.left, rows(), Counterparty.objects.count()) == (("Новая",), [], 1)


def test_a_name_that_is_too_long_writes_nothing(operator: PanelUser) -> None:
    target = Target(Party(None, "Н" * 256, "company"))
    with pytest.raises(ValidationError):
        finish(draft=new_draft(the_number(GIVEN), target), target=target, asked=Asked(operator))
    assert Counterparty.objects.count() == 0


def test_somebody_has_changed_the_rows_meanwhile(operator: PanelUser) -> None:
    work, _mobile, _mail = kinds()
    company = CounterpartyFactory(name="Луч")
    row = ContactInfoFactory(kind=work, counterparty=company, value="+7 812 333-44-55", is_main=True)
    draft, target = opened(company)
    row.value = "+7 812 000-00-00"
    row.save()
    with pytest.raises(ConflictError) as conflict:
        finish(draft=draft, target=target, asked=Asked(operator))
    assert [
        (found.before.value, found.now.value) for found in conflict.value.differences if found.before and found.now
    ] == [("+7 812 333-44-55", "+7 812 000-00-00")]
    assert rows() == [("Луч", "Рабочий", "+7 812 000-00-00", True)]


def test_somebody_else_got_the_number_meanwhile(operator: PanelUser) -> None:
    kinds()
    draft, target = opened(CounterpartyFactory(name="Луч"))
    done(CounterpartyFactory(name="Север"), operator)
    with pytest.raises(ConflictError) as conflict:
        finish(draft=draft, target=target, asked=Asked(operator))
    assert [holder.name for holder in conflict.value.holders] == ["Север"]
    assert rows() == [("Север", "Рабочий", NUMBER, True)]


def seen() -> list[int]:
    return [holder.row_id for holder in holders_of(the_number(GIVEN))]


def test_shared(operator: PanelUser) -> None:
    kinds()
    done(CounterpartyFactory(name="Север"), operator)
    done(CounterpartyFactory(name="Луч"), operator, others=Others(seen()))
    assert rows() == [("Север", "Рабочий", NUMBER, True), ("Луч", "Рабочий", NUMBER, True)]


def test_moved_and_taken_back(operator: PanelUser) -> None:
    """Whoever loses the main number keeps a main one; colleagues and lines lose nothing."""
    work, _mobile, _mail = kinds()
    north = CounterpartyFactory(name="Север")
    ContactInfoFactory(kind=work, counterparty=north, value="8 (495) 111-22-33", is_main=True)
    ContactInfoFactory(kind=work, counterparty=north, value="+7 812 333-44-55")
    ContactInfoFactory(kind=work, counterparty=CounterpartyFactory(name="Завод"), value=f"{NUMBER} доб. 5")
    PanelUserFactory(last_name="Орлов", first_name="Олег", patronymic="", mobile=NUMBER)
    before = rows()
    finished = done(CounterpartyFactory(name="Луч"), operator, others=Others(seen(), move=True))
    assert rows() == [
        ("Север", "Рабочий", "+7 812 333-44-55", True),
        ("Завод", "Рабочий", f"{NUMBER} доб. 5", False),
        ("Орлов Олег", "Мобильный", NUMBER, False),
        ("Луч", "Рабочий", NUMBER, True),
    ]
    assert finished.placement is not None
    undo(placement_id=finished.placement.pk, by=operator, now=timezone.now())
    assert rows() == before


def test_it_is_there_already(operator: PanelUser) -> None:
    kinds()
    company = CounterpartyFactory(name="Луч")
    done(company, operator)
    again = done(company, operator)
    assert (again.placement, again.row.value, NumberPlacement.objects.count()) == (None, NUMBER, 1)


def test_the_customer_is_gone(operator: PanelUser) -> None:
    company, other = CounterpartyFactory(name="Луч"), CounterpartyFactory(name="Лучик")
    draft, target = opened(company)
    Counterparty.objects.filter(pk=company.pk).update(merged_into=other)
    with pytest.raises(TargetGoneError):
        finish(draft=draft, target=target, asked=Asked(operator))
    with pytest.raises(TargetGoneError) as gone:
        target_of("counterparty", company.pk)
    assert gone.value.into == Target(Party(other.pk, "Лучик", "company"))


def test_undo_is_for_its_own_user_ten_minutes_once(operator: PanelUser) -> None:
    finished = done(CounterpartyFactory(), operator)
    assert finished.placement is not None
    pk, now = finished.placement.pk, timezone.now()

    def refused(by: PanelUser, at: Any) -> NoUndo:
        with pytest.raises(NoUndoError) as error:
            undo(placement_id=pk, by=by, now=at)
        return error.value.reason

    assert refused(PanelUserFactory(), now) is NoUndo.NOT_YOURS
    assert refused(operator, now + timedelta(minutes=11)) is NoUndo.TOO_LATE
    undo(placement_id=pk, by=operator, now=now)
    assert refused(operator, now) is NoUndo.DONE_ALREADY
    assert rows() == []


def test_a_row_that_was_changed_since_is_told(operator: PanelUser) -> None:
    finished = done(CounterpartyFactory(), operator)
    assert finished.placement is not None
    row = ContactInfo.objects.get()
    row.value = "+7 812 000-00-00"
    row.save()
    with pytest.raises(NoUndoError) as error:
        undo(placement_id=finished.placement.pk, by=operator, now=timezone.now())
    entry = LogEntry.objects.filter(object_id=row.pk).order_by("timestamp").last()
    assert entry is not None
    assert error.value.reason is NoUndo.CHANGED
    assert error.value.since == (Since(row.pk, NUMBER, "+7 812 000-00-00", "", entry.timestamp),)
    assert [one.value for one in ContactInfo.objects.all()] == ["+7 812 000-00-00"]


def test_a_main_row_written_since_is_not_overthrown(operator: PanelUser) -> None:
    work, mobile, _mail = kinds()
    company = CounterpartyFactory(name="Луч")
    old = ContactInfoFactory(kind=work, counterparty=company, value="+7 812 333-44-55", is_main=True)
    draft, target = opened(company)
    finished = finish(draft=draft.delete(str(old.pk)), target=target, asked=Asked(operator))
    ContactInfo.objects.all().delete()
    ContactInfoFactory(kind=mobile, counterparty=company, value="+7 916 000-00-00", is_main=True)
    assert finished.placement is not None
    with pytest.raises(NoUndoError):
        undo(placement_id=finished.placement.pk, by=operator, now=timezone.now())
    assert rows() == [("Луч", "Мобильный", "+7 916 000-00-00", True)]


class FinishAndUndo(TestCase):
    """Whatever was done in the table: taking it back restores every row, its id and what the source knows of it."""

    @settings(deadline=None, max_examples=60)
    @given(st.data())
    def test_are_identity(self, data: st.DataObject) -> None:
        by = PanelUserFactory()
        company = CounterpartyFactory()
        made = kinds()
        values = {"phone": "+7 812 333-44-5{}", "email": "a{}@example.org"}
        mains: set[str] = set()
        for position in range(data.draw(st.integers(0, 4))):
            kind = data.draw(st.sampled_from(made))
            main = kind.type not in mains
            mains.add(kind.type)
            value = values[kind.type].format(position)
            ContactInfoFactory(kind=kind, counterparty=company, value=value, is_main=main, external_key=f"k{position}")
        before = states_of(ContactInfo.objects.all())
        draft, target = opened(company)
        ids = {number: kind.pk for number, kind in enumerate(made, start=1)}
        for _ in range(data.draw(st.integers(0, 5))):
            key = data.draw(st.sampled_from([row.key for row in draft.rows()]))
            try:
                draft = act(data.draw, draft, key, ids)  # type: ignore[arg-type]  # the same function without its signature
            except RefusedError:
                continue
        finished = finish(draft=draft, target=target, asked=Asked(by))
        if finished.placement is not None:
            assert states_of(ContactInfo.objects.all()) == finished.placement.after
            undo(placement_id=finished.placement.pk, by=by, now=timezone.now())
        assert states_of(ContactInfo.objects.all()) == before
