"""1C that falls silent or answers a byte a second: the reading ends in time, says why, and nobody is gone by it."""

import time
from dataclasses import dataclass
from typing import Any

import pytest

from crm.models import SourceRow
from tests.crm.sources.families import CUSTOMERS, PARTNER_PERSONS, PARTNERS, USER
from tests.crm.sources.importing import counts, directory, read
from tests.crm.sources.onec import OneCServer
from tests.crm.sources.onec_base import ref

pytestmark = pytest.mark.django_db
IN_TIME = 25.0  # seconds; a server that drips takes a minute
SAID = "Сервер не ответил вовремя. Проверьте адрес и сеть."


@dataclass(frozen=True)
class Silence:
    """A fault of tests/crm/sources/onec.py at the request for `entity` behind so many others for it."""

    mode: str
    fault: str
    entity: str
    after: int = 0


@pytest.mark.parametrize(
    "at",
    [
        Silence("full", "deaf", "$metadata"),
        Silence("full", "stuck", PARTNER_PERSONS, after=1),  # customers are read already
        Silence("full", "drip", CUSTOMERS, after=1),
        Silence("changes", "deaf", PARTNER_PERSONS, after=2),  # references and versions are known
        Silence("changes", "slow", USER),  # everything is read, and nothing applied
    ],
    ids=lambda at: f"{at.mode}-{at.fault}",
)
def test_a_deaf_server(ut11: OneCServer, settings: Any, at: Silence) -> None:
    read()
    before = directory()
    changed, gone = ref(PARTNERS, 1), ref(PARTNERS, 2)
    ut11.base.change(PARTNERS, changed, Description="ООО «Заря»")
    ut11.base.change(PARTNERS, gone, DeletionMark=True)
    ut11.base.change(PARTNER_PERSONS, ref(PARTNER_PERSONS, 0), ДолжностьПоВизитке="директор")
    settings.SOURCE_SILENCE, settings.SOURCE_ANSWER = (2, 30) if at.fault in {"deaf", "stuck"} else (30, 3)
    ut11.fault(at.fault, entity=at.entity, after=at.after)
    started = time.monotonic()
    run = read(at.mode)
    assert time.monotonic() - started < IN_TIME
    assert run.job is not None
    named = "" if at.entity == "$metadata" else f"{at.entity}: "
    assert (run.state, run.problem, run.job.state) == ("failed", "timeout", "failed")
    assert run.job.message == f"{named}{SAID}"
    assert (directory(), SourceRow.objects.filter(gone=True).count()) == (before, 0)
    settings.SOURCE_SILENCE = settings.SOURCE_ANSWER = 60
    after_all = read("changes")  # the server has found its voice again
    assert (after_all.state, after_all.problem) == ("done", "")
    assert {name: counts(after_all, "customers")[name] for name in ("changed", "gone")} == {"changed": 1, "gone": 1}
    wanted = before | {
        changed: before[changed] | {"name": "ООО «Заря»"},
        gone: before[gone] | {"archived": True},
        ref(PARTNER_PERSONS, 0): before[ref(PARTNER_PERSONS, 0)] | {"position": "директор"},
    }
    assert directory() == wanted
