"""What asking a publication has ended with."""

from collections.abc import Callable
from typing import Any

import pytest

from crm.sources.answers import SourceError
from crm.sources.client import OneC
from crm.sources.odata import Problem


def failure(source: OneC, ask: Callable[[OneC], Any]) -> tuple[Problem, str, str]:
    """The problem, of which object, 1C's own words."""
    with pytest.raises(SourceError) as caught:
        ask(source)
    return caught.value.problem, caught.value.entity, caught.value.detail
