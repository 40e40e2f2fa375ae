"""A file becomes users: checked first, all or nothing, nobody gains a right."""

from typing import Any

import pytest
from auditlog.models import LogEntry
from django.test import Client
from django.utils import translation

from astpanel.accounts.importing.parse import parse
from astpanel.accounts.importing.services import begin_import, check_table
from astpanel.accounts.models import Department, PanelUser, UserImport
from astpanel.accounts.roles import Role, roles_of, set_roles
from tests.factories import (
    InternalKindFactory,
    LicenseFactory,
    MobileKindFactory,
    PanelUserFactory,
    PbxFactory,
    ProfileFactory,
)

pytestmark = pytest.mark.django_db
State = UserImport.State


@pytest.fixture(autouse=True)
def kinds() -> None:
    InternalKindFactory()
    MobileKindFactory()
    LicenseFactory(seats=10)


@pytest.fixture
def root() -> PanelUser:
    user: PanelUser = PanelUserFactory(admin=True, username="root", in_use=False, number="100")
    return user


def check(by: PanelUser, *lines: str, header: str = "Логин;Фамилия;Внутренний номер") -> UserImport:
    with translation.override("en"):
        return check_table(table=parse("\n".join((header, *lines)).encode()), source="люди.csv", by=by)


def errors(made: UserImport) -> dict[int, list[str]]:
    return {outcome["line"]: outcome["errors"] for outcome in made.outcomes if outcome["errors"]}


def actions(made: UserImport) -> list[str]:
    return [outcome["action"] for outcome in made.outcomes]


def test_everything_a_row_can_say(root: PanelUser) -> None:
    pbx, profile = PbxFactory(name="Главная"), ProfileFactory(name="Менеджер")
    header = "Логин;Фамилия;Имя;Отчество;Отдел;Внутренний номер;Мобильный;E-mail;АТС;Профиль;Использовать;Супервизор"
    line = "petrov;Петров;Пётр;Иванович;Продажи;101;8 916 111-22-33;petrov@example.com;главная;менеджер;да;да"
    made = check(root, line, "ivanov;;;;продажи", header=header)
    assert (made.state, actions(made), Department.objects.count()) == (State.CHECKED, ["new", "new"], 0)
    begin_import(made=made, by=root, only_valid=False)
    assert (made.state, actions(made), made.rows) == (State.DONE, ["new", "new"], [])
    user = PanelUser.objects.get(username="petrov")
    assert (str(user), user.email, user.pbx, user.in_use, user.has_usable_password(), roles_of(user)) == (
        *("Петров Пётр Иванович", "petrov@example.com", pbx, True, False),
        {Role.SUPERVISOR},
    )
    rows = user.contact_info.order_by("id").values_list("value", "e164", "is_main")
    assert list(rows) == [("101", "101", True), ("8 916 111-22-33", "+79161112233", True)]
    assert list(profile.users.all()) == [user]
    assert list(Department.objects.values_list("name", "users__username").order_by("users__pk")) == [
        ("Продажи", "petrov"),
        ("Продажи", "ivanov"),
    ]


def test_existing_users_change_only_where_the_row_says_so(root: PanelUser) -> None:
    user = PanelUserFactory(
        username="petrov", last_name="Петров", first_name="Пётр", number="101", email="p@example.com"
    )
    same = PanelUserFactory(username="same", last_name="Сидоров", number="103")
    made = check(root, "petrov;Петров-Водкин;105", "same;Сидоров;103")
    assert actions(made) == ["changed", "same"]
    before = LogEntry.objects.count()
    begin_import(made=made, by=root, only_valid=False)
    user.refresh_from_db()
    assert (user.last_name, user.first_name, user.email) == ("Петров-Водкин", "Пётр", "p@example.com")
    assert list(user.contact_info.values_list("value", flat=True)) == ["105"]
    changed = LogEntry.objects.order_by("pk")[before:]
    assert {(entry.object_id, entry.content_type.model) for entry in changed} == {
        (user.pk, "paneluser"),
        (user.contact_info.get().pk, "contactinfo"),
    }
    assert same.contact_info.count() == 1


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (";Петров;101", ["Логин: Without a log-in nobody can be imported."]),
        ("пет ров;Петров;101", ["Логин: Enter a valid username. This value may contain only letters, numbers, and "
                                "@/./+/-/_ characters."]),
        ("petrov;" + "я" * 151 + ";101", ["Фамилия: Ensure this value has at most 150 characters (it has 151)."]),
        ("petrov;" + "я" * 2000 + ";101", ["Фамилия: Too long."]),
        ("petrov;Петров;100", ["Внутренний номер: 100 is already the internal number of Главный."]),
        ("petrov;Петров;сто", ["Внутренний номер: An internal number is digits only, at most 15: for example 101."]),
    ],
)  # fmt: skip
def test_faults_are_said_by_row(root: PanelUser, line: str, expected: list[str]) -> None:
    PanelUser.objects.filter(pk=root.pk).update(last_name="Главный", first_name="", patronymic="")
    made = check(root, line, "good;Хороший;110")
    assert (errors(made), PanelUser.objects.count()) == ({2: expected}, 1)


@pytest.mark.parametrize(
    ("header", "cell", "expected"),
    [
        ("Логин;Мобильный", "нет", "Мобильный: A phone number has digits."),
        ("Логин;E-mail", "не адрес", "E-mail: Enter a valid email address."),
        ("Логин;АТС", "Чужая", "АТС: There is no “Чужая”; there are: Главная."),
        ("Логин;Профиль", "Нет такого", "Профиль: There is no “Нет такого”; there are: —."),
        ("Логин;Использовать", "может быть", "Использовать: Say yes or no."),
        ("Логин;Супервизор", "наверное", "Супервизор: Say yes or no."),
        ("Логин;Отдел", "я" * 101, "Отдел: Ensure this value has at most 100 characters (it has 101)."),
    ],
)
def test_faults_of_other_columns(root: PanelUser, header: str, cell: str, expected: str) -> None:
    PbxFactory(name="Главная")
    assert errors(check(root, f"petrov;{cell}", header=header)) == {2: [expected]}


def test_all_faults_of_a_row_together(root: PanelUser) -> None:
    made = check(root, "petrov;не адрес;100;ну", header="Логин;E-mail;Внутренний номер;Использовать")
    assert [text.split(":")[0] for text in errors(made)[2]] == ["Использовать", "E-mail", "Внутренний номер"]


def test_rows_that_contradict_each_other(root: PanelUser) -> None:
    made = check(root, "a;А;101", "b;Б;101", "a;Другой;102")
    assert errors(made) == {
        3: ["Внутренний номер: The same number is in row 2."],
        4: ["Логин: The same log-in is in row 2."],
    }


def test_two_pbxs_may_have_the_same_number(root: PanelUser) -> None:
    PbxFactory(name="Один")
    PbxFactory(name="Два")
    header = "Логин;Внутренний номер;АТС"
    assert errors(check(root, "a;101;Один", "b;101;Два", "c;101;Два", header=header)) == {
        4: ["Внутренний номер: The same number is in row 3."]
    }


def test_nothing_is_written_while_there_are_faults_unless_chosen(root: PanelUser) -> None:
    made = check(root, "a;А;101", "b;Б;100")
    with translation.override("en"), pytest.raises(Exception, match="Some rows have faults"):
        begin_import(made=made, by=root, only_valid=False)
    assert PanelUser.objects.count() == 1
    begin_import(made=made, by=root, only_valid=True)
    assert (actions(made), sorted(PanelUser.objects.values_list("username", flat=True))) == (
        ["new", "error"],
        ["a", "root"],
    )


def test_what_has_changed_since_the_check_undoes_all(root: PanelUser) -> None:
    made = check(root, "a;А;101", "b;Б;102")
    PanelUserFactory(username="quick", number="102")
    begin_import(made=made, by=root, only_valid=False)
    assert (made.state, list(errors(made))) == (State.FAILED, [3])
    assert sorted(PanelUser.objects.values_list("username", flat=True)) == ["quick", "root"]


def test_a_file_is_imported_once(root: PanelUser) -> None:
    made = check(root, "a;А;101")
    other = UserImport.objects.get(pk=made.pk)
    begin_import(made=made, by=root, only_valid=False)
    with translation.override("en"), pytest.raises(Exception, match="has been imported already"):
        begin_import(made=other, by=root, only_valid=False)


def test_seats_are_counted_row_by_row(root: PanelUser) -> None:
    PanelUserFactory.create_batch(8)
    made = check(root, "a;да", "b;да", "c;да", header="Логин;Использовать")
    assert (list(errors(made)), actions(made)) == ([4], ["new", "new", "error"])
    begin_import(made=made, by=root, only_valid=True)
    assert PanelUser.objects.filter(in_use=True).count() == 10


def test_nobody_gains_rights_by_a_file() -> None:
    me, boss = PanelUserFactory(), PanelUserFactory(username="boss", admin=True, last_name="Главный")
    set_roles(user=me, roles=[Role.ADMINISTRATOR])
    peer = PanelUserFactory(username="peer")
    made = check(me, "new;да", "peer;да", "boss;нет", header="Логин;Супервизор")
    assert errors(made) == {
        2: ["Супервизор: Rights are given by superusers only."],
        3: ["Супервизор: Rights are given by superusers only."],
        4: ["Логин: You have no right to change this user."],
    }
    assert (roles_of(peer), boss.is_superuser) == (set(), True)


def test_a_department_whose_first_row_fails_is_made_by_the_next(root: PanelUser) -> None:
    made = check(root, "a;Новый;101", "b;Новый;102", header="Логин;Отдел;Внутренний номер")
    PanelUserFactory(username="quick", number="101")
    UserImport.objects.filter(pk=made.pk).update(state=State.RUNNING)
    from astpanel.accounts.importing.services import Pass, rows_of  # noqa: PLC0415 - what a worker does

    run = Pass(by=root, rows=rows_of(made), write=True)
    outcomes = [run.take(row) for row in rows_of(made)]
    assert [outcome["action"] for outcome in outcomes] == ["error", "new"]
    assert list(Department.objects.values_list("name", "users__username")) == [("Новый", "b")]


def test_hostile_cells_are_texts(root: PanelUser, client: Client) -> None:
    hostile = "<script>alert(1)</script>"
    made = check(root, f"petrov;{hostile};101", f"{hostile};x;102", header="Логин;Фамилия;Внутренний номер")
    client.force_login(root)
    page: Any = client.get(f"/admin/accounts/paneluser/import/{made.pk}/")
    text = page.content.decode()
    assert ("<script>alert" in text, "&lt;script&gt;alert(1)" in text) == (False, True)
