"""Systems that ask."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from astpanel.api.models import Scope
from astpanel.api.services import create_client

Ask = Callable[..., Any]


@pytest.fixture(autouse=True)
def no_counts_of_another_test() -> Iterator[None]:
    """Requests are counted in the cache."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def token(db: None) -> str:
    """Opens everything."""
    return create_client(name="Склад", scopes=Scope.values, by=None)[1]


@pytest.fixture
def ask(client: Client, token: str) -> Ask:
    """`ask("get", "/api/kinds")` → (status, JSON). English; `token=` of another client."""

    def asked(method: str, address: str, body: Any = None, **more: Any) -> tuple[int, Any]:
        headers = {"authorization": f"Bearer {more.pop('token', token)}", "accept-language": "en"}
        options = {} if body is None else {"data": body, "content_type": "application/json"}
        answer = getattr(client, method)(address, headers=headers, **options, **more)
        return answer.status_code, answer.json() if answer.content else None

    return asked
