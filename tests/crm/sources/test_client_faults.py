"""Every way in which asking a publication can go wrong, and how long it may take."""

import ssl
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest
import trustme

from crm.sources.client import Limits, OneC
from crm.sources.odata import Connection, NoAccessError, Problem
from tests.crm.sources.failing import failure
from tests.crm.sources.families import CUSTOMERS, PARTNERS, base
from tests.crm.sources.onec import SECRET, USER, OneCServer, serve
from tests.crm.sources.onec_base import ref

PHONES = f"{PARTNERS}_КонтактнаяИнформация"
TENTH = "+7 (495) 200-00-05"

IN_TIME = 25.0  # seconds; a server that drips takes a minute


@pytest.fixture
def onec() -> Iterator[OneCServer]:
    with serve(base("ut11", customers=30)) as server:
        yield server


@pytest.mark.parametrize(
    ("fault", "problem", "words"),
    [
        ("401", Problem.DENIED, ""),
        ("403", Problem.FORBIDDEN, ""),
        ("404", Problem.NOT_PUBLISHED, ""),
        ("400", Problem.REJECTED, ""),
        ("405", Problem.NO_METHOD, ""),
        ("406", Problem.NO_SESSION, ""),
        ("412", Problem.CHANGED, ""),
        ("500", Problem.SERVER_ERROR, ""),
        ("503", Problem.SERVER_ERROR, ""),
        ("odata", Problem.SERVER_ERROR, "Не удалось записать"),
        ("html", Problem.NOT_ODATA, ""),
        ("json", Problem.BAD_JSON, ""),
        ("no_list", Problem.NOT_ODATA, ""),
        ("big", Problem.TOO_LARGE, ""),
    ],
)
def test_faults(onec: OneCServer, fault: str, problem: Problem, words: str) -> None:
    onec.fault(fault, entity=PARTNERS)
    with OneC(onec.connection, limits=Limits(most_bytes=1_000_000)) as source:
        assert failure(source, lambda s: s.rows(PARTNERS)) == (problem, PARTNERS, words)
    assert onec.asked("GET").count(PARTNERS) == 1


@pytest.mark.parametrize("fault", ["cut", "half"])
def test_reading_is_tried_once_more_when_the_connection_breaks(onec: OneCServer, fault: str) -> None:
    onec.fault(fault, entity=PARTNERS)
    with OneC(onec.connection) as source:
        assert len(source.rows(PARTNERS)) == 30
        onec.fault(fault, entity=PARTNERS, times=2)
        assert failure(source, lambda s: s.rows(PARTNERS)) == (Problem.LOST, PARTNERS, "")
    assert onec.asked("GET").count(PARTNERS) == 4


def test_writing_is_never_repeated_by_itself(onec: OneCServer) -> None:
    onec.fault("lost", method="PATCH")
    key = ref(PARTNERS, 1)
    with OneC(onec.connection) as source:
        source.rows(PARTNERS, top=1)
        assert failure(source, lambda s: s.patch(PARTNERS, key, {"Комментарий": "раз"})) == (Problem.LOST, PARTNERS, "")
        assert source.row(PARTNERS, key)["Комментарий"] == "раз"
    assert len(onec.asked("PATCH")) == 1


@pytest.mark.parametrize(
    ("fault", "limits"),
    [
        ("deaf", Limits(silence=0.5)),
        ("stuck", Limits(silence=0.5)),
        ("drip", Limits(silence=30, whole=1.5)),
        ("slow", Limits(silence=30, whole=1.5)),
    ],
)
def test_silence_and_a_byte_a_second(onec: OneCServer, fault: str, limits: Limits) -> None:
    """Before the answer and within it; what drips, in the body or in the headers already, is no silence."""
    onec.fault(fault, entity=PARTNERS)
    started = time.monotonic()
    with OneC(onec.connection, limits=limits) as source:
        assert failure(source, lambda s: s.rows(PARTNERS)) == (Problem.TIMEOUT, PARTNERS, "")
    assert time.monotonic() - started < IN_TIME
    assert onec.asked("GET").count(PARTNERS) == 1
    with OneC(onec.connection) as source:
        assert len(source.rows(PARTNERS)) == 30


def test_over_tls() -> None:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    with serve(base("ut11", customers=30), context) as onec:
        trusting = replace(onec.connection, tls_verify=False)
        with OneC(trusting) as source:
            assert len(source.rows(PARTNERS)) == 30
        onec.fault("slow", entity=PARTNERS)
        with OneC(trusting, limits=Limits(whole=1)) as source:
            assert failure(source, lambda s: s.rows(PARTNERS)) == (Problem.TIMEOUT, PARTNERS, "")
        with OneC(onec.connection) as source:
            assert failure(source, lambda s: s.rows(PARTNERS)) == (Problem.TLS, PARTNERS, "")
    assert (onec.connections, onec.open_sessions) == (2, set())


def test_metadata_that_never_end(onec: OneCServer) -> None:
    onec.fault("slow", entity="$metadata")
    limits = Limits(silence=30, whole=0.5)
    with OneC(onec.connection, limits=limits) as source, pytest.raises(NoAccessError) as caught:
        source.metadata()
    assert caught.value.problem is Problem.TIMEOUT


def test_the_end_of_the_session_is_not_waited_for(onec: OneCServer) -> None:
    started = time.monotonic()
    with OneC(onec.connection, limits=Limits(connect=0.5)) as source:
        source.rows(PARTNERS, top=1)
        onec.fault("slow")
    assert time.monotonic() - started < IN_TIME
    assert len(onec.open_sessions) == 1


def test_a_role_that_may_not(onec: OneCServer) -> None:
    onec.base.may_read, onec.base.may_write = {PARTNERS}, set()
    said = "Нарушение прав доступа!"
    with OneC(onec.connection) as source:
        assert failure(source, lambda s: s.rows(CUSTOMERS)) == (Problem.FORBIDDEN, CUSTOMERS, said)
        patch = failure(source, lambda s: s.patch(PARTNERS, ref(PARTNERS, 1), {"Комментарий": "нельзя"}))
        assert patch == (Problem.FORBIDDEN, PARTNERS, said)
        assert len(source.rows(PARTNERS)) == 30


def test_an_object_that_is_not_selected_and_a_row_that_is_gone(onec: OneCServer) -> None:
    with OneC(onec.connection) as source:
        missing = failure(source, lambda s: s.rows("Catalog_Лиды"))
        gone = failure(source, lambda s: s.row(PARTNERS, ref(PARTNERS, 99)))
    assert missing == (Problem.NOT_SELECTED, "Catalog_Лиды", "Тип сущности не найден: Catalog_Лиды")
    assert gone == (Problem.GONE, PARTNERS, "Экземпляр сущности не найден")


def test_words_of_1c_are_cut_cleaned_and_never_hold_the_password(onec: OneCServer) -> None:
    onec.fault("odata", words=f"Сбой\r\n\x00\u202e {SECRET} <b>" + "я" * 1000)
    with OneC(onec.connection) as source:
        problem, _entity, words = failure(source, lambda s: s.rows(PARTNERS))
    assert (problem, len(words) <= 310, words[:15]) == (Problem.SERVER_ERROR, True, "Сбой *** <b>яяя")


def test_nobody_answers() -> None:
    with serve(base("ut11")) as onec:
        connection = onec.connection
    with OneC(connection) as source:
        assert failure(source, lambda s: s.rows(PARTNERS)) == (Problem.REFUSED, PARTNERS, "")


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"password": "не тот"}, Problem.DENIED),
        ({"username": ""}, Problem.DENIED),
        ({"url": "http://127.0.0.1:{port}/другая"}, Problem.NOT_PUBLISHED),
    ],
)
def test_a_wrong_connection(onec: OneCServer, change: dict[str, str], problem: Problem) -> None:
    values = {name: text.replace("{port}", str(onec.port)) for name, text in change.items()}
    with OneC(replace(onec.connection, **values)) as source:  # type: ignore[arg-type] # texts only
        assert failure(source, lambda s: s.rows(PARTNERS)) == (problem, PARTNERS, "")


def test_addresses_that_are_none_and_secrets_in_text(onec: OneCServer) -> None:
    with pytest.raises(NoAccessError) as caught:
        OneC(Connection("ftp://server/base"))
    assert caught.value.problem is Problem.BAD_ADDRESS
    with OneC(onec.connection) as source:
        assert SECRET not in repr(vars(source)["_client"]) + repr(onec.connection)
    assert USER in repr(onec.connection)
