"""Identification of the customers' system: over HTTP against a publication, by objects, by name."""

import socket
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.models import CustomerSource
from crm.sources.identify import identify
from crm.sources.metadata import Fault, Metadata, MetadataError, read_metadata
from crm.sources.odata import Connection, NoAccessError, Problem, service_url
from crm.sources.registry import BUILTIN, CONFIGURATIONS
from crm.sources.services import save_source
from crm.sources.signature import SUPPORTED, Identification, Verdict, by_name, by_objects
from crm.sources.words import PROBLEMS, advice, headline
from tests.crm.sources.documents import BOMB, FAMILIES, MODIFIED, STRANGE, UT11, document
from tests.crm.sources.server import SECRET, USER, publication
from tests.servers import free_port


@pytest.fixture(scope="module")
def onec() -> Iterator[str]:
    with publication() as address:
        yield address


def ask(address: str, base: str, **options: str) -> Identification:
    return identify(Connection(f"{address}/{base}", USER, SECRET), **options)


@pytest.mark.parametrize("code", FAMILIES)
def test_every_family_is_recognised(onec: str, code: str) -> None:
    host = "ut11" if code == "rarus_crm" else ""
    found = ask(onec, code)
    assert found == Identification(Verdict.RECOGNISED, (code,), host, (), len(FAMILIES[code]))
    assert found.configuration == code


def test_a_modified_one_is_to_be_chosen(onec: str) -> None:
    missing = ("Catalog_Партнеры_КонтактнаяИнформация",)
    expected = Identification(Verdict.MODIFIED, ("ut11", "ka2", "erp2", "rarus_crm"), "", missing, len(MODIFIED))
    assert ask(onec, "modified") == expected
    assert expected.configuration == ""


def test_customers_of_its_own_make_it_modified(onec: str) -> None:
    found = ask(onec, "own")
    assert (found.verdict, set(found.candidates), found.objects) == (Verdict.MODIFIED, set(SUPPORTED), 2)


def test_unknown_and_empty(onec: str) -> None:
    assert ask(onec, "strange") == Identification(Verdict.UNKNOWN, SUPPORTED, "", (), len(STRANGE))
    assert ask(onec, "empty") == Identification(Verdict.EMPTY)


@pytest.mark.parametrize(
    ("base", "problem"),
    [
        ("nobody", Problem.NOT_PUBLISHED),
        ("forbidden", Problem.FORBIDDEN),
        ("broken", Problem.SERVER_ERROR),
        ("moved", Problem.MOVED),
        ("cut", Problem.LOST),
        ("page", Problem.NOT_ODATA),
        ("binary", Problem.NOT_ODATA),
        ("bomb", Problem.NOT_ODATA),
    ],
)
def test_no_access_says_why(onec: str, base: str, problem: Problem) -> None:
    assert ask(onec, base) == Identification(Verdict.NO_ACCESS, problem=problem)


def test_a_wrong_password(onec: str) -> None:
    found = identify(Connection(f"{onec}/ut11", USER, "не тот"))
    assert found == Identification(Verdict.NO_ACCESS, problem=Problem.DENIED)


def test_nobody_there() -> None:
    refused = identify(Connection(f"http://127.0.0.1:{free_port()}/base"))
    assert refused == Identification(Verdict.NO_ACCESS, problem=Problem.REFUSED)
    unknown = identify(Connection("http://no-such-host.invalid/base"))
    assert unknown == Identification(Verdict.NO_ACCESS, problem=Problem.HOST_UNKNOWN)


def test_a_port_that_speaks_no_tls(onec: str) -> None:
    found = identify(Connection(onec.replace("http:", "https:") + "/ut11"))
    assert found == Identification(Verdict.NO_ACCESS, problem=Problem.TLS)


def test_somebody_who_never_answers(settings: Any) -> None:
    settings.SOURCE_SILENCE = 0.2
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        found = identify(Connection(f"http://127.0.0.1:{deaf.getsockname()[1]}/base"))
    assert found == Identification(Verdict.NO_ACCESS, problem=Problem.TIMEOUT)


@pytest.mark.parametrize(
    ("typed", "url"),
    [
        ("server/base", "http://server/base/odata/standard.odata"),
        ("https://server/base/", "https://server/base/odata/standard.odata"),
        ("http://server:8080/base/odata/standard.odata/$metadata", "http://server:8080/base/odata/standard.odata"),
        ("http://server/base/odata", "http://server/base/odata/standard.odata"),
        (
            "http://сервер.рф/торговля",
            "http://сервер.рф/%D1%82%D0%BE%D1%80%D0%B3%D0%BE%D0%B2%D0%BB%D1%8F/odata/standard.odata",
        ),
        ("http://[::1]:81/b", "http://[::1]:81/b/odata/standard.odata"),
    ],
)
def test_addresses_as_people_paste_them(typed: str, url: str) -> None:
    assert service_url(typed) == url


@pytest.mark.parametrize(
    "typed", ["", "file:///etc/passwd", "http://", "http://a:b@server/x", "http://s:99999999/", "a b"]
)
def test_what_is_no_address(typed: str) -> None:
    with pytest.raises(NoAccessError) as error:
        service_url(typed)
    assert error.value.problem is Problem.BAD_ADDRESS


def test_a_base_with_a_russian_name(onec: str) -> None:
    assert ask(onec, "торговля").configuration == "ut11"


@pytest.mark.parametrize(
    ("name", "version", "expected"),
    [
        ("УправлениеТорговлей", "11.5.12", Identification(Verdict.RECOGNISED, ("ut11",))),
        ("УправлениеТорговлейБазовая", "11.4", Identification(Verdict.RECOGNISED, ("ut11",))),
        ("УправлениеТорговлей", "10.3.66", Identification(Verdict.RECOGNISED, ("ut103",))),
        ("УправлениеТорговлей", "", Identification(Verdict.MODIFIED, ("ut11", "ut103"))),
        ("КомплекснаяАвтоматизация", "1.1.88", Identification(Verdict.RECOGNISED, ("ka11",))),
        ("КомплекснаяАвтоматизация", "2.5", Identification(Verdict.RECOGNISED, ("ka2",))),
        ("УправлениеПроизводственнымПредприятием", "", Identification(Verdict.RECOGNISED, ("upp",))),
        ("БухгалтерияПредприятияКОРП", "3.0.150", Identification(Verdict.RECOGNISED, ("bp30",))),
        ("БухгалтерияПредприятия", "2.0.66", Identification(Verdict.MODIFIED, ("bp30",))),
        ("УправлениеНебольшойФирмой", "3.0", Identification(Verdict.RECOGNISED, ("unf",))),
        ("МояКонфигурация", "", Identification(Verdict.UNKNOWN, SUPPORTED)),
    ],
)
def test_by_name(name: str, version: str, expected: Identification) -> None:
    assert by_name(name, version) == expected
    assert identify(None, name=name, version=version) == expected


def test_a_name_that_contradicts_the_objects(onec: str) -> None:
    assert ask(onec, "ut11", name="УправлениеТорговлей").configuration == "ut11"
    found = ask(onec, "ut11", name="УправлениеНебольшойФирмой")
    assert found == Identification(Verdict.MODIFIED, ("unf", "ut11"), "", (), len(UT11))


def test_entities_are_refused() -> None:
    with pytest.raises(MetadataError) as error:
        read_metadata([BOMB])
    assert error.value.fault is Fault.DOCTYPE


def test_a_document_in_pieces_of_any_size() -> None:
    whole = document(UT11)
    assert read_metadata([whole[i : i + 7] for i in range(0, len(whole), 7)]) == read_metadata([whole])


def test_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crm.sources.metadata.MOST_BYTES", 1000)
    with pytest.raises(MetadataError) as error:
        read_metadata([document(UT11)])
    assert error.value.fault is Fault.TOO_LARGE


@given(st.binary(max_size=300))
def test_any_bytes_are_answered(data: bytes) -> None:
    with suppress(MetadataError):  # any other exception is a crash
        assert isinstance(read_metadata([data]), Metadata)


@given(st.dictionaries(st.sampled_from(sorted({e for f in FAMILIES.values() for e in f})), st.just(frozenset[str]())))
def test_any_selection_of_objects_gets_a_verdict(entities: dict[str, frozenset[str]]) -> None:
    found = by_objects(Metadata(entities))
    assert found.verdict in Verdict
    assert set(found.candidates) <= set(CONFIGURATIONS)
    assert bool(found.configuration) == (found.verdict is Verdict.RECOGNISED)
    assert headline(found)


def test_every_problem_has_words() -> None:
    assert set(PROBLEMS) == set(Problem)
    assert advice(Identification(Verdict.EMPTY))


@pytest.mark.django_db
def test_what_is_saved(onec: str) -> None:
    connection = Connection(f"{onec}/ut11", USER, SECRET)
    source = save_source(configuration="ut11", connection=connection, found=identify(connection))
    assert (source.configuration, source.verdict, source.chosen_by_hand) == ("ut11", "recognised", False)
    again = save_source(configuration=BUILTIN)
    assert CustomerSource.objects.get() == again
    again.refresh_from_db()
    assert (again.configuration, again.chosen_by_hand, again.password) == (BUILTIN, True, SECRET)
