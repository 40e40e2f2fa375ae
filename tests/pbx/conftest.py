"""Real Asterisk 22 and 16, real phones. `@pytest.mark.pbx` comes with the fixture."""

from collections.abc import Iterator

import pytest

from tests import left_out
from tests.pbx.ami import Ami
from tests.pbx.asterisk import Asterisk
from tests.pbx.office import Office

VERSIONS = ("22", "16")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever uses the PBX carries the marker; what needs only recordings does not."""
    for item in items:
        if isinstance(item, pytest.Function) and {"asterisk", "asterisk_root"} & set(item.fixturenames):
            item.add_marker(pytest.mark.pbx)


@pytest.fixture(scope="session", params=VERSIONS)
def asterisk(request: pytest.FixtureRequest) -> Iterator[Asterisk]:
    """A running PBX of each version; one per worker under xdist."""
    left_out.require("phones")
    pbx = Asterisk(request.param, left_out.require(f"asterisk-{request.param}"))
    try:
        pbx.start()
        yield pbx
    finally:
        pbx.stop()


@pytest.fixture(scope="session")
def office(asterisk: Asterisk) -> Iterator[Office]:
    """Its desks and the PSTN."""
    office = Office(asterisk)
    yield office
    office.close()


@pytest.fixture
def ami(asterisk: Asterisk) -> Iterator[Ami]:
    """A raw connection with all rights."""
    with asterisk.ami() as connection:
        yield connection
