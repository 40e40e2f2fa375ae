"""What was typed, placed and merged here survives the readings."""

from typing import Any

import pytest

from crm.models import (
    ContactInfo,
    ContactPerson,
    Counterparty,
    PendingTransfer,
)
from crm.sources.row_keys import RowKey
from tests.crm.sources import family_rows as rows
from tests.crm.sources.expected import numbers_of
from tests.crm.sources.families import (
    CUSTOMERS,
    EMAIL_KIND,
    PART,
    PARTNERS,
    PHONE_KIND,
)
from tests.crm.sources.importing import counts, directory, read
from tests.crm.sources.onec import OneCServer
from tests.crm.sources.onec_base import ref
from tests.factories import CounterpartyFactory

pytestmark = pytest.mark.django_db


def test_numbers_keep_their_rows_when_lines_move(ut11: OneCServer) -> None:
    read()
    owner = ref(PARTNERS, 1)
    ids = dict(ContactInfo.objects.filter(counterparty__external_ref=owner).values_list("value", "id"))
    part = ut11.base.row(PARTNERS, owner)[PART]  # type: ignore[index]  # it is there
    first = rows.phone_line(80, rows.CITY, PHONE_KIND)
    ut11.base.change(PARTNERS, owner, **{PART: [first, *part]})
    assert dict(counts(read("changes"), "numbers")) == {"created": 1, "same": 2}
    now = ContactInfo.objects.filter(counterparty__external_ref=owner)
    assert {value: pk for value, pk in now.values_list("value", "id") if value in ids} == ids
    keys = [RowKey.parse(row.external_key) for row in now.order_by("external_key")]
    assert [(key.entity, key.ref, key.place, key.kind) for key in keys if key] == [
        (PARTNERS, owner, "1", PHONE_KIND),
        (PARTNERS, owner, "2", PHONE_KIND),
        (PARTNERS, owner, "3", EMAIL_KIND),
    ]


def test_what_was_typed_here_stays(ut11: OneCServer) -> None:
    read()
    one = Counterparty.objects.get(external_ref=ref(PARTNERS, 1))
    kind = one.contact_info.get(type="phone").kind
    one.note = "Звонить до обеда"
    one.save()
    ContactInfo.objects.create(counterparty=one, kind=kind, value="8 495 777-77-77", is_main=True)
    arrived = ContactInfo.objects.create(counterparty=one, kind=kind, value="8 495 888-88-88")
    part = ut11.base.row(PARTNERS, one.external_ref)[PART]  # type: ignore[index]  # it is there
    line = {"Тип": "Телефон", "Вид_Key": PHONE_KIND, "Представление": "+7 (495) 888-88-88"}
    ut11.base.change(PARTNERS, one.external_ref, Комментарий="из 1С", **{PART: [*part, line]})
    read("changes")
    kept = directory()[one.external_ref]
    assert (kept["note"], kept["numbers"]) == (
        "Звонить до обеда",
        [
            ("E-mail", "c1@shop.test", "c1@shop.test", False),
            ("Телефон", "+7 (495) 200-00-01", "+74952000001", False),
            ("Телефон", "+7 (495) 888-88-88", "+74958888888", False),
            ("Телефон", "8 495 777-77-77", "+74957777777", True),
        ],
    )
    arrived.refresh_from_db()
    assert RowKey.parse(arrived.external_key) == RowKey(PARTNERS, one.external_ref, "3", PHONE_KIND)


def test_notes_of_the_source_until_somebody_writes_here(ut11: OneCServer) -> None:
    owner = ref(PARTNERS, 1)
    ut11.base.change(PARTNERS, owner, Комментарий="раз\r\nдва\u202e")
    read()
    one = Counterparty.objects.get(external_ref=owner)
    assert one.note == "раз\nдва"
    ut11.base.change(PARTNERS, owner, Комментарий="три")
    read("changes")
    one.refresh_from_db()
    assert one.note == "три"
    one.note = ""
    one.save()
    read()
    one.refresh_from_db()
    assert one.note == ""


def test_waiting_transfers_are_not_undone(ut11: OneCServer) -> None:
    read()
    one = Counterparty.objects.get(external_ref=ref(PARTNERS, 1))
    phone, email = one.contact_info.get(type="phone"), one.contact_info.get(type="email")
    common: dict[str, Any] = {"source": one.source, "owner_name": one.name, "external_ref": one.external_ref}
    before = {"external_key": phone.external_key, "kind": "Телефон", "value": phone.value}
    PendingTransfer.objects.create(**common, contact_info=phone, act="change", value="8 495 200-55-55", before=before)
    phone.value = "8 495 200-55-55"
    phone.save()
    deleted = {"external_key": email.external_key, "kind": "E-mail", "value": email.value}
    PendingTransfer.objects.create(**common, act="delete", value=email.value, before=deleted)
    email.delete()
    read()
    assert directory()[one.external_ref]["numbers"] == [("Телефон", "8 495 200-55-55", "+74952005555", True)]
    PendingTransfer.objects.update(state="dropped")
    read()
    assert directory()[one.external_ref]["numbers"] == numbers_of(1, "ut11")


def test_merged_away_rows_lead_to_the_survivor(ut11: OneCServer) -> None:
    read()
    away, kept = (Counterparty.objects.get(external_ref=ref(PARTNERS, number)) for number in (1, 2))
    away.contact_info.all().update(counterparty=kept, is_main=False)
    away.contact_persons.all().update(counterparty=kept)
    away.merged_into, away.archived = kept, True
    away.save()
    ut11.base.change(PARTNERS, away.external_ref, Description="ООО «Другое имя»")
    ut11.base.change(CUSTOMERS, ref(CUSTOMERS, 1), **{PART: [rows.phone_line(95, rows.CITY, PHONE_KIND)]})
    read("changes")
    found = directory()
    assert found[away.external_ref] | {"numbers": []} == {
        **found[away.external_ref],
        "name": rows.company(1),
        "archived": True,
        "numbers": [],
    }
    phones = [value for kind, value, _key, _main in found[kept.external_ref]["numbers"] if kind == "Телефон"]
    assert phones == ["+7 (495) 200-00-01", "+7 (495) 200-00-02", "+7 (495) 200-00-95"]
    read()
    assert directory() == found


def test_local_customers_are_nobodys_business(ut11: OneCServer) -> None:
    CounterpartyFactory(name="Свой", phone="+7 495 200-00-01")
    before = directory()
    read()
    assert directory()["Свой"] == before["Свой"]
    assert ContactPerson.objects.filter(source=None).count() == 0
