"""The runs of bench_onec, inside a process whose database is the one to measure."""

import time

from django.core.management import call_command

from crm.models import ContactInfo, Counterparty, SourceImport
from tests.crm.sources.families import base
from tests.crm.sources.importing import read, source_of
from tests.crm.sources.onec import OneCServer, serve


def measure(code: str, customers: int) -> str:
    """→ the cells behind the family's name."""
    call_command("migrate", verbosity=0)
    with serve(base(code, customers)) as onec:
        source = source_of(onec)
        first = _timed(onec, "full")
        numbers = ContactInfo.objects.count()
        assert Counterparty.objects.filter(source=source, archived=False).count() > customers * 0.97
        again = _timed(onec, "full")
        _change(onec, code)
        changes = _timed(onec, "changes")
        assert Counterparty.objects.filter(name__startswith="Новое имя").count() == 100
    return f"| {numbers:,} | {first} | {again} | {changes} |"


def _timed(onec: OneCServer, mode: str) -> str:
    onec.requests.clear()
    began, worked = time.perf_counter(), time.process_time()
    run = read(mode)
    seconds, cpu = time.perf_counter() - began, time.process_time() - worked
    assert run.state == SourceImport.State.DONE, run.problem
    return f"{seconds:.0f} s ({cpu:.0f} s CPU), {len(onec.requests)} requests"


def _change(onec: OneCServer, code: str) -> None:
    entity = "Catalog_Партнеры" if code == "ut11" else "Catalog_Контрагенты"
    refs = Counterparty.objects.exclude(external_ref="").values_list("external_ref", flat=True)[:100]
    for number, ref in enumerate(refs):
        onec.base.change(entity, ref, Description=f"Новое имя {number}")
