"""An unknown number that has called, and a customer whom it may be put to."""

import itertools
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Office, Open
from tests.e2e.directory import ask
from tests.e2e.place.steps import (
    HAVEN,
    ROWS,
    row_of,
)
from tests.e2e.test_panel import live

_numbers = itertools.count(1)


@pytest.fixture
def number() -> tuple[str, str]:
    """As the PBX gives it, and as people read it; nobody has it."""
    last = next(_numbers)
    return f"+74953{last:06d}", f"+7 495 3{last // 10000:02d}-{last // 100 % 100:02d}-{last % 100:02d}"


@pytest.fixture
def haven(office: Office) -> Iterator[str]:
    """A counterparty with two numbers and a contact person without any."""
    ask(office, "customer", name=HAVEN, rows=ROWS, person="Игнатий Парусов")
    yield HAVEN
    ask(office, "forget", name=HAVEN)


@pytest.fixture
def page(office: Office, open_panel: Open, number: tuple[str, str]) -> Page:
    """The panel, with a missed call of the unknown number on top of the history."""
    office.do("missed", caller=number[0], number="101")
    page = live(open_panel("operator"))
    expect(row_of(page, number)).to_be_visible()
    return page
