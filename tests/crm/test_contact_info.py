"""Contact information: what may be written, the keys, the main one, internal numbers."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import translation

from crm.models import AddressType, ContactInfo, ContactInfoKind
from crm.services import internal_kind, set_main
from tests.factories import (
    ContactInfoFactory,
    ContactInfoKindFactory,
    ContactPersonFactory,
    CounterpartyFactory,
    InternalKindFactory,
    MobileKindFactory,
    PanelUserFactory,
    PbxFactory,
)

pytestmark = pytest.mark.django_db


def row(**values: Any) -> ContactInfo:
    return ContactInfo(**{"kind": ContactInfoKindFactory(), "counterparty": CounterpartyFactory(), **values})


def refusal(info: ContactInfo) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as caught:
        info.full_clean()
    return {field: [str(error.code) for error in errors] for field, errors in caught.value.error_dict.items()}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("8 495 111-22-33, 8 916 111-22-33", "several"),
        ("111-22-33/34", "several"),
        ("+7 495 111-22-33 +7 916 111-22-33", "several"),
        ("111-22-33 или 444-55-66", "several"),
        ("84951112233 89161112233", "too_long"),
        ("нет", "digits"),
        ("8 495\r\n111-22-33", "control"),
        ("8 495 111\0", "control"),
    ],
)
def test_refused_phones(text: str, code: str) -> None:
    assert refusal(row(value=text)) == {"value": [code]}


def test_accepted_phone_is_tidied_and_keyed() -> None:
    info = row(value="\u202a 8 (495) 111-22-33 доб. 5\u202c ")
    info.full_clean()
    info.save()
    info.refresh_from_db()
    assert (info.value, info.type, info.e164, info.last10) == (
        "8 (495) 111-22-33 доб. 5",
        "phone",
        "+74951112233",
        "4951112233",
    )


@pytest.mark.parametrize(
    ("kind_type", "good", "bad"),
    [("email", "info@example.com", "no at"), ("address", "Москва, ул. Ленина, д. 1", "a\nb"), ("other", "@name", "\0")],
)
def test_other_types(kind_type: str, good: str, bad: str) -> None:
    kind = ContactInfoKindFactory(name=kind_type, type=kind_type)
    info = row(kind=kind, value=good)
    info.full_clean()
    info.save()
    assert (info.type, info.e164, info.last10) == (kind_type, "", "")
    assert list(refusal(row(kind=kind, value=bad))) == ["value"]


@pytest.mark.parametrize("text", ["10a", "101, 102", "+101", "*98", "1" * 16, "١٠١"])
def test_an_internal_number_is_digits(text: str) -> None:
    info = ContactInfo(kind=InternalKindFactory(), user=PanelUserFactory(), value=text)
    assert refusal(info) == {"value": ["internal"]}


def test_an_internal_number_has_one_owner_on_a_pbx() -> None:
    first, second = PbxFactory.create_batch(2)
    owner = PanelUserFactory(pbx=first, number="101", last_name="Иванов", first_name="Пётр", patronymic="")

    def errors(**user: Any) -> list[str]:
        info = ContactInfo(kind=InternalKindFactory(), user=PanelUserFactory(**user), value="101")
        try:
            info.full_clean()
        except ValidationError as error:
            return error.messages
        return []

    assert errors(pbx=second) == []
    with translation.override("en"):
        taken = ["101 is already the internal number of Иванов Пётр."]
        assert (errors(pbx=first), errors(pbx=None)) == (taken, taken)
    mine = owner.contact_info.get()
    mine.full_clean()  # its own row is no rival


def test_kind_of_another_sort_of_owner() -> None:
    info = ContactInfo(kind=ContactInfoKindFactory(owner="person"), counterparty=CounterpartyFactory(), value="101")
    with pytest.raises(ValidationError) as caught:
        info.full_clean()
    assert list(caught.value.error_dict) == ["kind"]


@pytest.mark.parametrize("owners", [(), ("counterparty", "person"), ("counterparty", "user"), ("person", "user")])
def test_exactly_one_owner(owners: tuple[str, ...]) -> None:
    all_owners = {"counterparty": CounterpartyFactory(), "person": ContactPersonFactory(), "user": PanelUserFactory()}
    info = ContactInfo(kind=ContactInfoKindFactory(), value="1", **{name: all_owners[name] for name in owners})
    with pytest.raises(IntegrityError), transaction.atomic():
        info.save()


def test_one_main_per_owner_and_type() -> None:
    user, mobile = PanelUserFactory(number="101"), MobileKindFactory()
    second = ContactInfoFactory(user=user, kind=InternalKindFactory(), value="102", is_main=True)
    phone = ContactInfoFactory(user=user, kind=mobile, value="+79161112233", is_main=True)
    other = PanelUserFactory(number="201")

    def mains() -> list[str]:
        return list(ContactInfo.objects.filter(is_main=True).order_by("value").values_list("value", flat=True))

    assert mains() == sorted([phone.value, "102", "201"])
    set_main(row=user.contact_info.get(value="101"))
    assert mains() == sorted([phone.value, "101", "201"])
    second.refresh_from_db()
    assert (second.is_main, other.contact_info.get().is_main) == (False, True)
    with pytest.raises(IntegrityError), transaction.atomic():
        ContactInfo.objects.filter(user=user).update(is_main=True)


def test_writing_in_bulk_computes_the_keys() -> None:
    company, kind = CounterpartyFactory(), ContactInfoKindFactory()
    rows = ContactInfo.objects.bulk_create([ContactInfo(counterparty=company, kind=kind, value="8 495 111-22-33")])
    assert list(ContactInfo.objects.values_list("type", "e164", "last10")) == [("phone", "+74951112233", "4951112233")]
    rows[0].value = "8 916 222-33-44"
    ContactInfo.objects.bulk_update(rows, ["value"])
    assert list(ContactInfo.objects.values_list("value", "e164")) == [("8 916 222-33-44", "+79162223344")]
    with pytest.raises(TypeError, match=r"cannot compute the keys of value"):
        ContactInfo.objects.update(value="8 495 111-22-33")


def test_saving_only_the_value_saves_the_keys() -> None:
    info = ContactInfoFactory(value="+7 495 111-22-33")
    info.value = "+7 495 444-55-66"
    info.save(update_fields=["value"])
    info.refresh_from_db()
    assert (info.e164, info.last10) == ("+74954445566", "4954445566")


def test_the_meaning_of_a_used_kind_is_fixed() -> None:
    kind = ContactInfoKindFactory()
    kind.type = AddressType.EMAIL
    kind.full_clean()
    ContactInfoFactory(kind=ContactInfoKind.objects.get(pk=kind.pk))
    with pytest.raises(ValidationError):
        kind.full_clean()
    kind.type, kind.name = AddressType.PHONE, "Рабочий"
    kind.full_clean()


def test_kinds_that_make_no_sense() -> None:
    for values in ({"type": "internal", "owner": "person"}, {"type": "email", "is_mobile": True}):
        with pytest.raises(ValidationError):
            ContactInfoKind(**{"name": "x", "owner": "user", **values}).full_clean()


def test_internal_kind_is_made_once() -> None:
    made = internal_kind()
    assert (made.name, made.owner, made.type) == ("Внутренний", "user", "internal")
    assert internal_kind() == made
    assert ContactInfoKind.objects.count() == 1
