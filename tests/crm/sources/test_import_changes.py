"""What becomes of the directory when the base changes, on both kinds of databases."""

import pytest

from crm.models import (
    Counterparty,
    SourceRow,
    SourceUser,
)
from tests.crm.sources import family_rows as rows
from tests.crm.sources.families import (
    CUSTOMERS,
    KIND,
    OLD_PEOPLE,
    OLD_PERSONS,
    PART,
    PARTNER_PERSONS,
    PARTNERS,
    PHONE_KIND,
    REGISTER,
    TYPE,
    USER,
)
from tests.crm.sources.importing import counts, directory, read
from tests.crm.sources.onec import OneCServer
from tests.crm.sources.onec_base import ref
from tests.factories import PanelUserFactory

pytestmark = pytest.mark.usefixtures("private_database")


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
