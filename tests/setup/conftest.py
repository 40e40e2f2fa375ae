"""An administrator in front of the assistant, and how far it is."""

from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.test import Client

from astpanel.accounts.models import PanelUser
from astpanel.setup import services
from astpanel.setup.flow import ORDER
from astpanel.setup.models import Step
from tests.factories import PanelUserFactory

Reach = Callable[[Step], None]


@pytest.fixture(autouse=True)
def _cache() -> None:
    cache.clear()


@pytest.fixture
def administrator(db: None) -> PanelUser:
    return PanelUserFactory(admin=True, in_use=False, last_name="Гусев", first_name="Глеб", patronymic="")


@pytest.fixture
def admin(client: Client, administrator: PanelUser) -> Client:
    client.force_login(administrator)
    return client


@pytest.fixture
def reach(administrator: PanelUser) -> Reach:
    """reach(Step.PBX): everything before it is done."""

    def do(step: Step) -> None:
        for earlier in ORDER[1 : ORDER.index(step)]:
            if earlier == Step.AGREEMENT:
                services.accept_agreement(by=administrator)
            services.finish(step=earlier, by=administrator, seen=None)

    return do


def page(step: Step) -> str:
    return f"/admin/setup/{step}/"
