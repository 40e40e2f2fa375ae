"""A chunk costs as many statements whatever is in it."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.exchange.applying import kinds_for_files
from crm.exchange.chunks import FilePass
from crm.exchange.content import unpacked
from crm.exchange.services import begin_import
from tests.crm.exchange.files import bring, check, counts, csv_file
from tests.factories import PanelUserFactory

pytestmark = pytest.mark.django_db
HEADER = "Контрагент;Внешний код;Менеджер;Контактное лицо;Телефоны;E-mail;Примечание"


def file_of(companies: int, note: str = "", *, first: int = 0) -> bytes:
    """Each with a person, a number and an address of its own."""
    lines = []
    for n in range(first, first + companies):
        lines.append(f"Компания {n};К-{n};petrov;;+7 495 {n:07d};a{n}@example.com;{note}")
        lines.append(f"Компания {n};К-{n};;Анна {n};+7 499 {n:07d};;")
    return csv_file(*lines, header=HEADER)


def queries_of(data: bytes, by: Any) -> int:
    """Of checking and writing it."""
    with CaptureQueriesContext(connection) as captured:
        made = check(data, by)
        begin_import(made=made, by=by, only_valid=False, with_duplicates=False)
    return len(captured)


@pytest.mark.usefixtures("rules_known")
def test_new_the_same_and_changed() -> None:
    by = PanelUserFactory(username="petrov", admin=True)
    kinds_for_files()
    queries_of(file_of(1), by)
    new = queries_of(file_of(3, first=10), by), queries_of(file_of(9, first=20), by)
    same = queries_of(file_of(3, first=20), by), queries_of(file_of(9, first=20), by)
    changed = queries_of(file_of(3, "раз", first=20), by), queries_of(file_of(9, "два", first=20), by)
    assert [many - few for few, many in (new, same, changed)] == [0, 0, 0]


@pytest.mark.usefixtures("rules_known")
def test_of_one_chunk() -> None:
    by = PanelUserFactory(username="petrov", admin=True)
    kinds_for_files()
    found = []
    for count in (20, 60):
        content = unpacked(bytes(check(file_of(count), by).content))
        whole = FilePass(content.rows())
        (chunk,) = whole.chunks()
        with CaptureQueriesContext(connection) as captured:
            whole.plan(chunk, lock=False)
        found.append(len(captured))
    assert found == [3, 3]  # by reference, by name; who has the numbers


def test_a_chunk_of_a_large_file_writes_what_a_small_one_does() -> None:
    by = PanelUserFactory(username="petrov", admin=True)
    assert counts(bring(file_of(200), by)) == {"new": 400}
    assert counts(bring(file_of(200), by)) == {"same": 400}
