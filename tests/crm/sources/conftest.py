"""Databases of their own for tests with several workers; publications of 1C; an office that writes into one."""

from collections.abc import Iterator

import pytest

from tests.crm.sources.families import base
from tests.crm.sources.importing import SIZE, source_of
from tests.crm.sources.office import Office
from tests.crm.sources.onec import OneCServer, serve
from tests.crm.sources.transferring import RULES
from tests.databases import migrated_postgresql, migrated_sqlite, private_database
from tests.factories import PanelUserFactory
from tests.servers import postgresql

__all__ = ["migrated_postgresql", "migrated_sqlite", "postgresql", "private_database"]


@pytest.fixture
def ut11() -> Iterator[OneCServer]:
    """Numbers in tabular parts. The source is ready to be read."""
    with serve(base("ut11", SIZE)) as onec:
        source_of(onec)
        yield onec


@pytest.fixture
def ut103() -> Iterator[OneCServer]:
    """Numbers in a register. The source is ready to be read."""
    with serve(base("ut103", SIZE)) as onec:
        source_of(onec)
        yield onec


@pytest.fixture
def managers() -> dict[int, int]:
    """User of 1C number so and so → the panel user: by e-mail, by name in another order, by name without patronymic."""
    by_email = PanelUserFactory(email="IVANOV@office.test", last_name="Другой", first_name="Человек")
    by_name = PanelUserFactory(email="", last_name="Петрова", first_name="Анна", patronymic="Сергеевна")
    shorter = PanelUserFactory(email="", last_name="Сидоров", first_name="Олег", patronymic="")
    return {0: by_email.pk, 1: by_name.pk, 2: shorter.pk}


@pytest.fixture
def onec() -> Iterator[OneCServer]:
    """Nobody knows of it yet."""
    with serve(base("ut11", customers=12)) as server:
        yield server


@pytest.fixture
def office(onec: OneCServer) -> Office:
    """Its numbers may be written."""
    return Office(onec, *RULES)
