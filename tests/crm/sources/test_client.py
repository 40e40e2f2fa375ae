"""The client against a publication: what it reads and writes, and that in one session."""

from collections.abc import Iterator

import pytest

from crm.sources import literals
from crm.sources.client import OneC
from crm.sources.identify import identify
from crm.sources.odata import Problem
from crm.sources.transfers.editor import plain
from tests.crm.sources.failing import failure
from tests.crm.sources.families import CUSTOMERS, FAMILIES, KIND, PARTNERS, PHONE_KIND, REGISTER, base
from tests.crm.sources.onec import OneCServer, serve
from tests.crm.sources.onec_base import ref

PHONES = f"{PARTNERS}_КонтактнаяИнформация"
TENTH = "+7 (495) 200-00-05"


@pytest.fixture
def onec() -> Iterator[OneCServer]:
    with serve(base("ut11", customers=30)) as server:
        yield server


@pytest.fixture
def old() -> Iterator[OneCServer]:
    with serve(base("ut103", customers=30)) as server:
        yield server


@pytest.mark.parametrize("code", FAMILIES)
def test_each_base_is_recognised(code: str) -> None:
    with serve(base(code)) as onec:
        found = identify(onec.connection)
    assert (found.verdict.value, found.configuration, found.missing) == ("recognised", code, ())


def test_one_session_from_the_first_request_to_the_end(onec: OneCServer) -> None:
    with OneC(onec.connection) as source:
        assert CUSTOMERS in source.metadata().entities
        first = source.row(PARTNERS, ref(PARTNERS, 1))
        assert [row["Description"] for row in source.rows(PARTNERS, select=["Description"], top=2)] == [
            "ООО «Ромашка» 0",
            "ООО «Луч» 1",
        ]
        source.patch(PARTNERS, ref(PARTNERS, 1), {"Комментарий": "был"}, first["DataVersion"])
        assert (onec.sessions_opened, len(onec.open_sessions), onec.connections) == (1, 1, 1)
    assert (onec.sessions_opened, len(onec.open_sessions), onec.connections) == (1, 0, 1)


def test_a_publication_without_sessions(onec: OneCServer) -> None:
    onec.reuse = False
    with OneC(onec.connection) as source:
        assert source.count(PARTNERS) == 30
        assert source.count(PARTNERS, filter="DeletionMark eq true") == 1
    assert (onec.sessions_opened, len(onec.open_sessions), onec.connections) == (2, 0, 1)
    assert onec.asked("GET") == [PARTNERS, PARTNERS]


def test_a_session_that_1c_has_ended_is_begun_again(onec: OneCServer) -> None:
    with OneC(onec.connection) as source:
        source.rows(PARTNERS, top=1)
        onec.open_sessions.clear()
        assert len(source.rows(PARTNERS, top=1)) == 1
        onec.open_sessions.clear()
        row = source.patch(PARTNERS, ref(PARTNERS, 1), {"Комментарий": "снова"})
    assert (row["Комментарий"], onec.sessions_opened, onec.open_sessions) == ("снова", 3, set())


def test_no_free_licence(onec: OneCServer) -> None:
    onec.licences = 0
    with OneC(onec.connection) as source:
        assert failure(source, lambda s: s.rows(PARTNERS)) == (Problem.NO_SESSION, PARTNERS, "")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("substringof('Ромашка',Description)", [0, 7, 14]),
        ("substringof('ромашка',Description) eq true and not DeletionMark eq true", [0, 14]),
        ("endswith(Description,'ООО') eq true or startswith(Description,'ООО «Луч» 1')", [1, 15]),
        (f"Description eq {literals.text('ООО «О' + chr(39) + 'Хара и К» 6')}", [6]),
        ("DeletionMark eq true", [7]),
        (f"Ref_Key eq {literals.guid(ref(PARTNERS, 3))}", [3]),
        (
            f"(Ref_Key gt {literals.guid(ref(PARTNERS, 16))} or Code lt '000000002') and Code ne '000000000'",
            [1, 17, 18, 19],
        ),
        ("ОсновнойМенеджер_Key eq guid'00000000-0000-0000-0000-000000000000'", [4, 9, 14, 19]),
    ],
)
def test_filters(text: str, found: list[int]) -> None:
    with serve(base("ut11", customers=20)) as onec, OneC(onec.connection) as source:
        rows = source.rows(PARTNERS, select=["Ref_Key"], filter=text)
    assert rows == [{"Ref_Key": ref(PARTNERS, number)} for number in found]


def test_phones_of_a_register(old: OneCServer) -> None:
    kind = literals.is_reference("Вид", KIND, PHONE_KIND)
    with OneC(old.connection) as source:
        found = source.rows(
            REGISTER,
            select=["Объект", "Представление", "ЗначениеПоУмолчанию"],
            filter=literals.all_of([kind, "", "Тип eq 'Телефон'", "endswith(Представление,'00-05') eq true"]),
        )
    assert found == [{"Объект": ref(CUSTOMERS, 5), "Представление": TENTH, "ЗначениеПоУмолчанию": True}]


@pytest.mark.parametrize(
    ("filter_", "words"),
    [
        ("Description eq", "Ошибка разбора опций запроса"),
        ("Description ~ 'x'", "Ошибка разбора опций запроса в позиции 11"),
        ("Имя eq 'x'", "Запрошенное свойство не найдено: Имя"),
        ("Ref_Key eq 'x'", "Неверное значение свойства Ref_Key"),
    ],
)
def test_a_filter_that_1c_does_not_take(onec: OneCServer, filter_: str, words: str) -> None:
    with OneC(onec.connection) as source:
        assert failure(source, lambda s: s.rows(PARTNERS, filter=filter_)) == (Problem.REJECTED, PARTNERS, words)


def test_pages_of_objects_miss_and_repeat_nothing_while_others_write(onec: OneCServer) -> None:
    seen = []
    with OneC(onec.connection) as source:
        for number, page in enumerate(source.pages(PARTNERS, select=["Description"], size=7)):
            seen += [row["Ref_Key"] for row in page]
            onec.base.change(PARTNERS, ref(PARTNERS, number), Description="иначе")
    assert seen == [ref(PARTNERS, number) for number in range(30)]
    assert len(onec.asked("GET")) == 6  # five pages, and the end of the session


def test_pages_go_on_behind_a_reference(onec: OneCServer) -> None:
    with OneC(onec.connection) as source:
        pages = list(
            source.pages(PARTNERS, select=["Ref_Key"], size=5, after=ref(PARTNERS, 21), filter="Code ne '000000025'")
        )
    assert [[row["Ref_Key"] for row in page] for page in pages] == [
        [ref(PARTNERS, number) for number in (22, 23, 24, 26, 27)],
        [ref(PARTNERS, number) for number in (28, 29)],
    ]


@pytest.mark.parametrize("size", [2, 3, 5, 60, 100])
def test_pages_of_a_tabular_part_never_part_an_owner(onec: OneCServer, size: int) -> None:
    with OneC(onec.connection) as source:
        pages = list(source.pages(PHONES, select=["Ref_Key", "LineNumber"], orderby="LineNumber", size=size))
    owners = [{row["Ref_Key"] for row in page} for page in pages]
    assert sum(map(len, owners)) == len(set().union(*owners)) == 30
    lines = [(row["Ref_Key"], row["LineNumber"]) for page in pages for row in page]
    assert lines == [(ref(PARTNERS, number), line) for number in range(30) for line in ("1", "2")]


def test_pages_of_a_register(old: OneCServer) -> None:
    with OneC(old.connection) as source:
        pages = list(source.pages(REGISTER, key="", orderby="Объект,Вид", filter="Тип eq 'Телефон'", size=20))
    assert [len(page) for page in pages] == [20, 20, 4]
    assert len({row["Объект"] + row["Вид"] for page in pages for row in page}) == 29 + 15


def test_a_service_that_ignores_the_filter_is_not_read_for_ever(onec: OneCServer) -> None:
    onec.fault("unfiltered", times=100)
    with OneC(onec.connection) as source:
        assert failure(source, lambda s: list(s.pages(PARTNERS, size=30))) == (Problem.NOT_ODATA, PARTNERS, "")
    assert len(onec.asked("GET")) == 3


def test_writing_under_the_version_that_was_read(onec: OneCServer) -> None:
    key = ref(PARTNERS, 1)
    with OneC(onec.connection) as source:
        before = source.row(PARTNERS, key)
        after = source.patch(PARTNERS, key, {"Комментарий": "первый"}, before["DataVersion"])
        again = failure(source, lambda s: s.patch(PARTNERS, key, {"Комментарий": "второй"}, before["DataVersion"]))
    assert again == (Problem.CHANGED, PARTNERS, "Версия объекта не совпадает")
    expected = {**before, "Комментарий": "первый", "DataVersion": after["DataVersion"]}
    own = {name: value for name, value in expected.items() if "@" not in name and not name.startswith("odata.")}
    own["КонтактнаяИнформация"] = [plain(line) for line in own["КонтактнаяИнформация"]]
    assert onec.base.row(PARTNERS, key) == own
    assert "ОсновнойМенеджер@navigationLinkUrl" in before


def test_records_of_a_register_are_made_read_changed_and_deleted(old: OneCServer) -> None:
    values = {
        "Объект": ref(CUSTOMERS, 2),
        "Объект_Type": f"StandardODATA.{CUSTOMERS}",
        "Тип": "Телефон",
        "Вид": ref(KIND, 1),
        "Вид_Type": f"StandardODATA.{KIND}",
    }
    key = {name: literals.text(value) for name, value in values.items()}
    key["Вид"] = literals.guid(values["Вид"])
    with OneC(old.connection) as source:
        assert failure(source, lambda s: s.row(REGISTER, key))[0] is Problem.GONE
        source.create(REGISTER, {**values, "Представление": "8 916 000"})
        assert failure(source, lambda s: s.create(REGISTER, values)) == (
            *(Problem.REJECTED, REGISTER),
            "Сущность с таким ключом уже существует",
        )
        source.patch(REGISTER, key, {"Представление": "8 916 001"})
        assert source.row(REGISTER, key)["Представление"] == "8 916 001"
        source.delete(REGISTER, key)
    assert old.base.row(REGISTER, values) is None


@pytest.mark.parametrize("name", ["", "Catalog_X/../Y", "Catalog X", "Catalog_X?$top=1", "x'y", "1x"])
def test_names_that_would_become_another_address(onec: OneCServer, name: str) -> None:
    with OneC(onec.connection) as source:
        with pytest.raises(ValueError, match="not a name"):
            source.rows(name)
        with pytest.raises(ValueError, match="not a reference"):
            source.row(PARTNERS, name)
    assert onec.requests == []


def test_fifty_thousand_customers_in_pages() -> None:
    with serve(base("ut11", customers=50_000)) as onec, OneC(onec.connection) as source:
        count = sum(len(page) for page in source.pages(PHONES, select=["Ref_Key", "LineNumber"], size=5_000))
    assert (count, onec.sessions_opened) == (100_000, 1)
