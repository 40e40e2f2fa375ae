"""Everything of a 1C base of each family in the directory, and what becomes of it when the base changes."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.models import (
    ContactInfo,
    ContactPerson,
    Counterparty,
    PendingTransfer,
    RefusedRow,
    SourceImport,
    SourceRow,
    SourceUser,
)
from crm.number_rules import stored_rules
from crm.selectors import contacts_by_numbers
from crm.sources.importing.customers import apply_customers
from crm.sources.importing.kinds import Kinds
from crm.sources.importing.numbers import Context
from crm.sources.importing.outcomes import Outcomes
from crm.sources.importing.persons import apply_persons
from crm.sources.row_keys import RowKey
from tests.crm.sources import family_rows as rows
from tests.crm.sources.families import (
    CUSTOMERS,
    EMAIL_KIND,
    FAMILIES,
    KIND,
    OLD_PEOPLE,
    OLD_PERSONS,
    PART,
    PARTNER_PERSONS,
    PARTNERS,
    PERSONS,
    PHONE_KIND,
    REGISTER,
    TYPE,
    USER,
    base,
    owner_of,
)
from tests.crm.sources.importing import Directory, counts, directory, read, source_of
from tests.crm.sources.onec import OneCServer, serve
from tests.crm.sources.onec_base import ref
from tests.factories import CounterpartyFactory, PanelUserFactory

pytestmark = pytest.mark.django_db
SIZE = 24
OLD, NEW = ("ut103", "ka11", "upp"), ("ut11", "ka2", "erp2", "rarus_crm")
JUNK = {  # customer → why its phone is refused
    10: "extension_alone",
    11: "digits",
    12: "part",
    15: "too_short",
    16: "too_long",
    17: "too_short",
    18: "digits",
}
Numbers = list[tuple[str, str, str, bool]]


@pytest.fixture
def managers() -> dict[int, int]:
    """User of 1C number so and so → the panel user: by e-mail, by name in another order, by name without patronymic."""
    by_email = PanelUserFactory(email="IVANOV@office.test", last_name="Другой", first_name="Человек")
    by_name = PanelUserFactory(email="", last_name="Петрова", first_name="Анна", patronymic="Сергеевна")
    shorter = PanelUserFactory(email="", last_name="Сидоров", first_name="Олег", patronymic="")
    return {0: by_email.pk, 1: by_name.pk, 2: shorter.pk}


def of_family(code: str) -> tuple[str, str]:
    """Catalogues of customers and of contact persons."""
    if code in OLD:
        return CUSTOMERS, OLD_PERSONS
    return (PARTNERS, PARTNER_PERSONS) if code in NEW else (CUSTOMERS, PERSONS)


def numbers_of(number: int, code: str) -> Numbers:
    """Of customer number so and so, sorted."""
    found: Numbers = [("E-mail", f"c{number}@shop.test", f"c{number}@shop.test", False)]
    if number == 13:
        found.append(("Телефон", "8(495)1112233,,5", "+74951112233", True))
    elif number == 14:
        found.append(("Телефон", "8 495 111-22-33", "+74951112233", True))
        found.append(("Телефон", "8 916 111-22-33", "+79161112233", False))
    elif rows.junk(number) is None:
        national = rows.digits(rows.CITY, number)
        found.append(("Телефон", rows.presentation(national), f"+7{national}", True))
        if code not in OLD and rows.differs(number):
            other = rows.digits(rows.CITY, number + 5_000_000)
            readable = f"+7 {other[:3]} {other[3:6]}-{other[6:8]}-{other[8:]}"
            found.append(("Телефон", readable, f"+7{other}", False))
    return sorted(found)


def expected(code: str, managers: dict[int, int], size: int = SIZE) -> Directory:
    """The whole directory after the first reading."""
    customers, persons = of_family(code)
    folders = code not in NEW
    found: Directory = {}
    for number in range(1 if folders else 0, size):
        if rows.is_deleted(number):
            continue
        who = rows.manager(number)
        named = code != "bp30" and who is not None
        if code == "unf":
            named = who is not None
        found[ref(customers, number)] = {
            "name": rows.company(number),
            "kind": "company" if rows.is_company(number) else "person",
            "manager": managers[who] if named and who is not None else None,
            "archived": False,
            "note": "",
            "numbers": numbers_of(number, code),
        }
    for number in range(size // 2):
        owner = owner_of(number, size)
        if rows.is_deleted(owner):
            continue
        national = rows.digits(rows.MOBILE, number)
        kind = "Мобильный телефон" if code in OLD else "Телефон контактного лица"
        position = {"ut103": "закупщик", "ka11": "закупщик", "upp": "закупщик"}.get(code, "")
        found[ref(persons, number)] = {
            "name": rows.person(number),
            "position": "менеджер по закупкам" if code in NEW else position,
            "of": ref(customers, owner),
            "archived": False,
            "numbers": [(kind, rows.presentation(national), f"+7{national}", True)],
        }
    return found


@pytest.fixture
def ut11() -> Iterator[OneCServer]:
    with serve(base("ut11", SIZE)) as onec:
        source_of(onec)
        yield onec


@pytest.fixture
def ut103() -> Iterator[OneCServer]:
    with serve(base("ut103", SIZE)) as onec:
        source_of(onec)
        yield onec


@pytest.mark.parametrize("code", FAMILIES)
def test_the_whole_directory_of_each_family(code: str, managers: dict[int, int]) -> None:
    with serve(base(code, SIZE)) as onec:
        source_of(onec)
        run = read()
        assert (run.state, run.problem) == ("done", "")
        first = expected(code, managers)
        if code == "unf":  # employees have no e-mail: the first manager is matched by nothing
            for one in first.values():
                if one.get("manager") == managers[0]:
                    one["manager"] = None
        assert directory() == first
        refused = RefusedRow.objects.exclude(value="").values_list("name", "reason")
        assert sorted(refused) == sorted((rows.company(number), reason) for number, reason in JUNK.items())
        assert list(RefusedRow.objects.filter(value="").values_list("reason", flat=True)) == ["no_owner"]
        assert contacts_by_numbers([f"8{rows.digits(rows.CITY, 8)}"])  # found at once, and 1C is not asked
        again = read()
        assert directory() == first
        same = {sort: dict(counts(again, sort)) for sort in ("customers", "persons")}
        customers = sum("kind" in one for one in first.values())
        assert same == {
            "customers": {"same": customers},
            "persons": {"same": len(first) - customers, "refused": 1},
        }
        assert set(counts(again, "numbers")) == {"same", "refused"}
        assert onec.open_sessions == set()


@pytest.mark.parametrize("code", FAMILIES)
def test_addresses_are_short_enough_for_every_web_server(code: str) -> None:
    """IIS refuses a query of more than 2,048 characters."""
    with serve(base(code, 60)) as onec:
        source_of(onec)
        read()
        customers, _persons = of_family(code)
        for number in range(20, 45):
            onec.base.change(customers, ref(customers, number), Description=f"Новое имя {number}")
        onec.requests.clear()
        run = read("changes")
        assert counts(run, "customers")["changed"] == 25
        longest = max(len(quote(line.partition("?")[2], safe="$=&'")) for line in onec.requests)
        assert longest < 2_048


def test_what_has_changed_is_asked_for_and_nothing_else(ut11: OneCServer) -> None:
    read()
    changed, gone, moved = (ref(PARTNERS, number) for number in (1, 2, 3))
    person = ref(PARTNER_PERSONS, 0)
    phone = {**rows.phone_line(90, rows.CITY, PHONE_KIND), "Представление": "+7 (495) 200-99-99", "НомерТелефона": ""}
    before = directory()
    ut11.base.change(PARTNERS, changed, Description="ООО «Заря»", **{PART: [phone]})
    ut11.base.change(PARTNERS, gone, DeletionMark=True)
    ut11.base.change(PARTNERS, moved, ОсновнойМенеджер_Key=ref(USER, 1))
    ut11.base.change(PARTNER_PERSONS, person, ДолжностьПоВизитке="директор")
    ut11.base.change(CUSTOMERS, ref(CUSTOMERS, 4), **{PART: [rows.phone_line(91, rows.CITY, PHONE_KIND)]})
    ut11.requests.clear()
    run = read("changes")
    assert directory() == before | {
        changed: before[changed]
        | {"name": "ООО «Заря»", "numbers": [("Телефон", "+7 (495) 200-99-99", "+74952009999", True)]},
        gone: before[gone] | {"archived": True},
        person: before[person] | {"position": "директор"},
        ref(PARTNERS, 4): before[ref(PARTNERS, 4)]
        | {
            "numbers": sorted(
                [*before[ref(PARTNERS, 4)]["numbers"], ("Телефон", "+7 (495) 200-00-91", "+74952000091", False)]
            )
        },
    }
    assert dict(counts(run, "customers")) == {"changed": 1, "same": 2, "gone": 1}
    assert dict(counts(run, "persons")) == {"changed": 1}
    whole = [line for line in ut11.requests if "Description" in line and " or " not in line and PARTNERS in line]
    assert [line for line in whole if "Ref_Key eq" not in line] == []
    assert len(ut11.requests) == 3 * 3 + 2 + 1  # count, versions, rows of three catalogues; users, kinds; the session
    assert dict(counts(read("changes"), "customers")) == {}


def test_a_register_has_no_versions_and_is_compared(ut103: OneCServer) -> None:
    read()
    before = directory()
    owner = ref(CUSTOMERS, 1)
    key = {
        "Объект": owner,
        "Объект_Type": f"{TYPE}{CUSTOMERS}",
        "Тип": "Телефон",
        "Вид": PHONE_KIND,
        "Вид_Type": f"{TYPE}{KIND}",
    }
    ut103.base.change(REGISTER, key, Представление="+7 495 200-77-77")
    ut103.base.tables[REGISTER].put(ut103.base.tables[REGISTER].find({**key, "Объект": ref(CUSTOMERS, 2)}) or 0, None)
    behind = {**key, "Объект": ref(OLD_PEOPLE, 0), "Объект_Type": f"{TYPE}{OLD_PEOPLE}"}
    ut103.base.tables[REGISTER].add({**behind, "Представление": "8 916 555-44-33"})
    run = read("changes")
    person = before[ref(OLD_PERSONS, 0)]
    assert directory() == before | {
        owner: before[owner]
        | {"numbers": [before[owner]["numbers"][0], ("Телефон", "+7 495 200-77-77", "+74952007777", True)]},
        ref(CUSTOMERS, 2): before[ref(CUSTOMERS, 2)] | {"numbers": [before[ref(CUSTOMERS, 2)]["numbers"][0]]},
        ref(OLD_PERSONS, 0): person
        | {"numbers": sorted([*person["numbers"], ("Телефон", "8 916 555-44-33", "+79165554433", False)])},
    }
    assert dict(counts(run, "numbers")) == {"created": 1, "changed": 1, "gone": 1, "same": 3}


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


def test_a_customer_that_comes_back(ut11: OneCServer) -> None:
    read()
    before = directory()
    owner = ref(PARTNERS, 1)
    ut11.base.change(PARTNERS, owner, DeletionMark=True)
    read("changes")
    assert directory() == before | {owner: before[owner] | {"archived": True}}
    assert not SourceRow.objects.filter(external_ref=owner).exists()
    ut11.base.change(PARTNERS, owner, DeletionMark=False)
    read("changes")
    assert directory() == before


def test_managers_follow_the_users(ut11: OneCServer, managers: dict[int, int]) -> None:
    PanelUserFactory(last_name="Сидоров", first_name="Олег", patronymic="")  # now two would fit
    read()
    users = SourceUser.objects.order_by("name")
    assert list(users.values_list("name", "email", "user")) == [
        ("Иванов Иван Иванович", "ivanov@office.test", managers[0]),
        ("Обмен с сайтом", "", None),
        ("Петрова Анна Сергеевна", "petrova@office.test", managers[1]),
        ("Сидоров Олег Львович", "sidorov@office.test", None),
    ]
    theirs = Counterparty.objects.filter(external_ref=ref(PARTNERS, 2))
    assert theirs.get().manager_id is None
    chosen = PanelUserFactory()
    users.filter(name__startswith="Сидоров").update(user=chosen, by_hand=True)
    read()
    assert theirs.get().manager_id == chosen.pk


def test_local_customers_are_nobodys_business(ut11: OneCServer) -> None:
    CounterpartyFactory(name="Свой", phone="+7 495 200-00-01")
    before = directory()
    read()
    assert directory()["Свой"] == before["Свой"]
    assert ContactPerson.objects.filter(source=None).count() == 0


def test_as_many_queries_for_a_chunk_of_any_size(ut11: OneCServer) -> None:
    read()
    run = SourceImport.objects.get()
    context = Context(run.source_id, Kinds({}, ()), stored_rules().reading, keeps_managers=True, tells_persons=True)
    found = []
    for applier, role in ((apply_customers, "customer"), (apply_persons, "person")):
        for size in (2, 10):
            chunk = list(SourceRow.objects.filter(role=role).order_by("external_ref")[:size])
            with CaptureQueriesContext(connection) as captured:
                applier(chunk, context, Outcomes(run))
            found.append(len(captured))
    assert found == [10, 10, 9, 9]
