"""Cards edited in place: what is written, what is refused, and that nobody's writing is lost."""

from collections.abc import Iterator
from typing import Any

import pytest
from auditlog.models import LogEntry
from django.core.exceptions import ValidationError
from django.utils import translation

from crm.editing import (
    ConflictError,
    GoneError,
    KeptBySourceError,
    SeveralNumbersError,
    Typed,
    add_person,
    add_row,
    change_customer,
    change_row,
    customer_token,
    delete_row,
    make_main,
    row_token,
)
from crm.models import ContactInfo, ContactPerson, Counterparty, PendingTransfer
from tests.factories import (
    ContactInfoFactory,
    ContactInfoKindFactory,
    ContactPersonFactory,
    CounterpartyFactory,
    CustomerSourceFactory,
    PanelUserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def change(customer: Any, seen: str | None = None, **values: Any) -> Any:
    token = customer_token(customer, values) if seen is None else seen
    return change_customer(customer=customer, values=values, seen=token)


def errors(caught: pytest.ExceptionInfo[ValidationError]) -> dict[str, list[str]]:
    return dict(caught.value.message_dict)


def values(owner: Any) -> list[str]:
    return list(owner.contact_info.order_by("pk").values_list("value", flat=True))


@pytest.fixture
def company() -> Counterparty:
    made: Counterparty = CounterpartyFactory(name="ООО «Луч»", note="старое")
    return made


@pytest.fixture
def phone() -> Any:
    return ContactInfoKindFactory()


def test_fields_are_written_and_audited(company: Counterparty) -> None:
    manager = PanelUserFactory()
    change(company, name="  АО «Ёлка» ", kind="person")
    change(company, manager_id=manager.pk)
    change(company, note="раз\r\nдва")
    change(company, archived=True)
    company.refresh_from_db()
    found = (company.name, company.name_key, company.kind, company.manager, company.note, company.archived)
    assert found == ("АО «Ёлка»", "ао елка", "person", manager, "раз\nдва", True)
    updates = LogEntry.objects.get_for_object(company).filter(action=LogEntry.Action.UPDATE)
    assert [sorted(set(one.changes_dict) - {"changed", "name_key"}) for one in updates.order_by("pk")] == [
        ["kind", "name"],
        ["manager"],
        ["note"],
        ["archived"],
    ]
    change(ContactPersonFactory(counterparty=company), name="Яна", position="бухгалтер")
    assert ContactPerson.objects.values_list("name", "position").get() == ("Яна", "бухгалтер")


@pytest.mark.parametrize(
    ("field", "value", "text"),
    [
        ("name", " ", "Enter a name."),
        ("name", "a\nb", "Line ends and other control characters are not allowed."),
        ("name", "a\0b", "Line ends and other control characters are not allowed."),
        ("name", "я" * 256, "Ensure this value has at most 255 characters (it has 256)."),
        ("kind", "alien", "Value 'alien' is not a valid choice."),
        ("note", "a\0b", "Line ends and other control characters are not allowed."),
        ("note", "я" * 20_001, "Too long: a note has at most 20000 characters."),
        ("manager_id", 999_999, "Choose a manager from the list."),
    ],
)
def test_what_no_field_takes(company: Counterparty, field: str, value: Any, text: str) -> None:
    with pytest.raises(ValidationError) as caught:
        change(company, **{field: value})
    assert errors(caught) == {field.removesuffix("_id") if field == "kind" else field: [text]}
    assert Counterparty.objects.values_list("name", "note").get() == ("ООО «Луч»", "старое")


def test_a_manager_who_left_stays_but_is_not_chosen(company: Counterparty) -> None:
    gone = PanelUserFactory(is_active=False)
    with pytest.raises(ValidationError):
        change(company, manager_id=gone.pk)
    Counterparty.objects.filter(pk=company.pk).update(manager=gone)
    company.refresh_from_db()
    assert change(company, manager_id=gone.pk).manager == gone


def test_only_what_is_edited_in_place(company: Counterparty) -> None:
    with pytest.raises(ValueError, match="not edited in place"):
        change_customer(customer=company, values={"external_ref": "x"}, seen="")


def test_what_somebody_else_wrote_is_not_lost(company: Counterparty) -> None:
    seen = customer_token(company, ["note"])
    change(company, note="их")
    with pytest.raises(ConflictError) as caught:
        change(company, seen, note="моё")
    assert caught.value.stored == {"note": "их"}
    assert Counterparty.objects.get().note == "их"
    assert change(company, seen, note="их").note == "их"  # both wanted the same
    assert change(company, customer_token(Counterparty.objects.get(), ["note"]), note="моё").note == "моё"


def test_another_field_is_no_conflict(company: Counterparty) -> None:
    seen = customer_token(company, ["name"])
    change(company, note="их")
    assert change(company, seen, name="Моё").note == "их"


def test_who_was_merged_or_deleted(company: Counterparty) -> None:
    other = CounterpartyFactory()
    Counterparty.objects.filter(pk=company.pk).update(merged_into=other)
    with pytest.raises(GoneError):
        change(company, note="x")
    with pytest.raises(GoneError):
        add_person(counterparty=company, name="Яна")
    Counterparty.objects.filter(pk=company.pk).delete()
    with pytest.raises(GoneError):
        change(company, note="x")


def test_what_a_source_keeps(phone: Any) -> None:
    source = CustomerSourceFactory(configuration="ut11")
    kept = CounterpartyFactory(name="Ель", source=source, external_ref="42")
    for field, value in {
        "name": "Сосна",
        "kind": "person",
        "archived": True,
        "manager_id": PanelUserFactory().pk,
    }.items():
        with pytest.raises(KeptBySourceError) as caught:
            change(kept, **{field: value})
        assert caught.value.fields == (field,)
    assert change(kept, note="своё").note == "своё"
    user = PanelUserFactory()
    (row,) = add_row(owner=kept, typed=Typed(phone.pk, "+7 495 111-22-33"), by=user)
    change_row(owner=kept, row_id=row.pk, typed=Typed(phone.pk, "+7 495 111-22-34"), seen=row_token(row), by=user)
    make_main(owner=kept, row_id=row.pk, by=user)
    row.refresh_from_db()
    delete_row(owner=kept, row_id=row.pk, seen=row_token(row), by=user)
    told = PendingTransfer.objects.order_by("pk").values_list("act", "value", "before__value", "external_ref", "by")
    assert list(told) == [
        ("add", "+7 495 111-22-33", None, "42", user.pk),
        ("change", "+7 495 111-22-34", "+7 495 111-22-33", "42", user.pk),
        ("main", "+7 495 111-22-34", "+7 495 111-22-34", "42", user.pk),
        ("delete", "+7 495 111-22-34", "+7 495 111-22-34", "42", user.pk),
    ]


def test_our_own_customers_wait_for_no_transfer(company: Counterparty, phone: Any) -> None:
    add_row(owner=company, typed=Typed(phone.pk, "+7 495 111-22-33"), by=None)
    assert PendingTransfer.objects.count() == 0


def test_rows(company: Counterparty, phone: Any) -> None:
    (first,) = add_row(owner=company, typed=Typed(phone.pk, " 8 (495) 111-22-33 доб. 12 "), by=None)
    assert (first.e164, first.extension, first.counterparty) == ("+74951112233", "12", company)
    (second,) = add_row(owner=company, typed=Typed(phone.pk, "+7 916 000-11-22"), by=None)
    make_main(owner=company, row_id=first.pk, by=None)
    make_main(owner=company, row_id=second.pk, by=None)
    assert list(ContactInfo.objects.filter(is_main=True)) == [second]
    seen = row_token(second)
    change_row(owner=company, row_id=second.pk, typed=Typed(phone.pk, "+7 916 000-11-33"), seen=seen, by=None)
    second.refresh_from_db()
    assert (second.e164, second.is_main) == ("+79160001133", True)
    with pytest.raises(ConflictError) as caught:
        delete_row(owner=company, row_id=second.pk, seen=seen, by=None)
    assert caught.value.stored == {"kind_id": phone.pk, "value": "+7 916 000-11-33"}
    delete_row(owner=company, row_id=second.pk, seen=row_token(second), by=None)
    assert values(company) == ["8 (495) 111-22-33 доб. 12"]
    for act in (make_main, delete_row):
        with pytest.raises(GoneError):
            act(owner=company, row_id=second.pk, by=None, **({"seen": seen} if act is delete_row else {}))


def test_rows_of_others_are_not_touched(company: Counterparty, phone: Any) -> None:
    row = ContactInfoFactory(counterparty=CounterpartyFactory(), value="+74950000001")
    person = ContactPersonFactory(counterparty=company, phone="+74950000002")
    for other in (row, person.contact_info.get()):
        typed = Typed(phone.pk, "+74950000003")
        with pytest.raises(GoneError):
            change_row(owner=company, row_id=other.pk, typed=typed, seen=row_token(other), by=None)
    internal = ContactInfoKindFactory(name="Внутренний", owner="user", type="internal")
    for kind_id in (None, 0, 999_999, internal.pk, ContactInfoKindFactory(owner="person").pk):
        with pytest.raises(ValidationError) as caught:
            add_row(owner=company, typed=Typed(kind_id, "+74950000003"), by=None)
        assert errors(caught) == {"kind": ["Choose what this is."]}


@pytest.mark.parametrize("value", ["", "доб.", "+7 (910)\n1", "1" * 16, "x" * 256, "\0"])
def test_values_that_are_no_number(company: Counterparty, phone: Any, value: str) -> None:
    with pytest.raises(ValidationError) as caught:
        add_row(owner=company, typed=Typed(phone.pk, value), by=None)
    assert list(errors(caught)) == ["value"]
    assert values(company) == []


def test_the_same_twice(company: Counterparty, phone: Any) -> None:
    (row,) = add_row(owner=company, typed=Typed(phone.pk, "+7 495 111-22-33"), by=None)
    with pytest.raises(ValidationError) as caught:
        add_row(owner=company, typed=Typed(phone.pk, "84951112233"), by=None)
    assert errors(caught) == {"value": ["This is in the card already."]}
    add_row(owner=company, typed=Typed(phone.pk, "84951112233 доб. 5"), by=None)
    change_row(owner=company, row_id=row.pk, typed=Typed(phone.pk, "84951112233"), seen=row_token(row), by=None)
    assert values(company) == ["84951112233", "84951112233 доб. 5"]


def test_several_numbers_are_split_when_asked(company: Counterparty, phone: Any) -> None:
    two = "+7 495 111-22-33, +7 916 000-11-22"
    with pytest.raises(SeveralNumbersError) as caught:
        add_row(owner=company, typed=Typed(phone.pk, two), by=None)
    assert (caught.value.parts, values(company)) == (("+7 495 111-22-33", "+7 916 000-11-22"), [])
    rows = add_row(owner=company, typed=Typed(phone.pk, two, split=True), by=None)
    assert [row.e164 for row in rows] == ["+74951112233", "+79160001122"]
    typed = Typed(phone.pk, "+7 495 111-22-44; +7 495 111-22-55", split=True)
    change_row(owner=company, row_id=rows[0].pk, typed=typed, seen=row_token(rows[0]), by=None)
    assert values(company) == ["+7 495 111-22-44", "+7 916 000-11-22", "+7 495 111-22-55"]
    with pytest.raises(ValidationError) as refused:
        add_row(owner=company, typed=Typed(phone.pk, "111-22-33/34", split=True), by=None)
    assert errors(refused) == {"value": ["Several numbers in one field: give each a row of its own."]}


def test_one_of_several_that_is_there_already_writes_none(company: Counterparty, phone: Any) -> None:
    add_row(owner=company, typed=Typed(phone.pk, "+7 916 000-11-22"), by=None)
    typed = Typed(phone.pk, "+7 495 111-22-33, +7 916 000-11-22", split=True)
    with pytest.raises(ValidationError):
        add_row(owner=company, typed=typed, by=None)
    assert values(company) == ["+7 916 000-11-22"]
