"""A file of 100,000 customers: read and checked, imported, imported again, exported; on PostgreSQL and on SQLite.

    python -m tests.bench.bench_directory_files [--quick]

Nothing is left out: the functions are those a worker calls, in chunks with their transactions, with the job's row and
the journal. Half of the rows are contact persons; each row has a number of its own, each fifth row two. The limit to
compare with is `bulk_create` of the same rows without any reading, matching or progress. In brackets: the CPU time of
the process itself, which a busy machine does not change.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

Spent = tuple[float, float]  # seconds on the wall, and of this process's CPU
HERE: Final = Path(__file__).resolve().parent.parent.parent


def the_file(rows: int) -> bytes:
    """Semicolons, UTF-8, as an office would export it."""
    lines = ["Контрагент;Вид;Внешний код;Контактное лицо;Должность;Телефоны;E-mail;Адрес;Примечание"]
    for number in range(0, rows, 2):
        phones = f"+7 495 {number:07d}" + (f", 8 916 {number:07d} доб. 5" if number % 10 == 0 else "")
        lines.append(
            f'ООО «Компания {number}»;компания;К-{number};;;"{phones}";info{number}@example.com;Москва, {number};'
        )
        lines.append(f"ООО «Компания {number}»;;К-{number};Снегирёва Анна {number};бухгалтер;8 (499) {number:07d};;;")
    return "\n".join(lines).encode()


def child(rows: int) -> None:
    """In a process of its own, whose ASTPANEL_DATABASE is empty."""
    import django  # noqa: PLC0415 - the settings read the environment

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415 - needs the apps

    call_command("migrate", verbosity=0)
    for row in _measure(rows):
        sys.stdout.write(row + "\n")


def _measure(rows: int) -> list[str]:
    from django.db import connection  # noqa: PLC0415 - as above

    from crm.exchange.exporting import directory_file  # noqa: PLC0415
    from crm.models import ContactInfo, Counterparty  # noqa: PLC0415

    data = the_file(rows)
    floor = _seconds(lambda: _bare(rows))
    checked, written, _counts = _import(data)
    assert (Counterparty.objects.count(), ContactInfo.objects.count()) == (rows // 2, rows + rows // 10 + rows)
    checked_again, written_again, counts = _import(data)
    assert counts["same"] == rows
    files: dict[str, Spent] = {}
    for kind in ("csv", "xlsx"):
        files[kind] = _seconds(lambda kind=kind: directory_file(None, kind))  # type: ignore[misc]  # bound at once
    figures = [checked, written, checked_again, written_again, files["csv"], files["xlsx"], floor]
    cells = [f"{wall:.1f} s ({cpu:.1f} s)" for wall, cpu in figures]
    return [f"| {connection.vendor} | " + " | ".join(cells) + " |"]


def _import(data: bytes) -> tuple[Spent, Spent, dict[str, int]]:
    """Taken, checked and written by the functions of jobs."""
    from django.utils import timezone  # noqa: PLC0415 - as above

    from astpanel.accounts.models import PanelUser  # noqa: PLC0415
    from astpanel.jobs.models import Job  # noqa: PLC0415
    from astpanel.jobs.services import claim  # noqa: PLC0415
    from crm.exchange import services, work  # noqa: PLC0415
    from crm.models import DirectoryImport  # noqa: PLC0415

    by, _made = PanelUser.objects.get_or_create(username="root", is_superuser=True)
    made, counts = DirectoryImport(), dict[str, int]()

    def check() -> None:
        nonlocal made
        made = services.take_file(data=data, name="bench.csv", by=by)
        job = claim(job_id=made.job_id or 0, now=timezone.now())
        assert job
        work.check(job)
        made.refresh_from_db()

    def write() -> None:
        nonlocal counts
        services.begin_import(made=made, by=by, only_valid=False, with_duplicates=False)
        job = claim(job_id=made.job_id or 0, now=timezone.now())
        assert job
        counts = work.write(job) or {}

    spent = _seconds(check), _seconds(write)
    Job.objects.update(state=Job.State.DONE)
    return *spent, counts


def _bare(rows: int) -> None:
    """The same rows in the database and nothing else; taken away again."""
    from django.db import transaction  # noqa: PLC0415 - as above

    from crm.models import ContactInfo, ContactInfoKind, ContactPerson, Counterparty  # noqa: PLC0415

    kind = ContactInfoKind.objects.create(owner="person", name="bare", type="other")
    numbers = range(0, rows, 2)
    with transaction.atomic():
        companies = Counterparty.objects.bulk_create([Counterparty(name=f"bare {n}") for n in numbers], 500)
        persons = ContactPerson.objects.bulk_create(
            [ContactPerson(name="bare", counterparty=c) for c in companies], 500
        )
        ContactInfo.objects.bulk_create(
            [ContactInfo(person=p, kind=kind, value=f"+7 495 {p.pk}") for p in persons for _ in range(4)], 500
        )
        transaction.set_rollback(True)


def _seconds(act: Callable[[], object]) -> Spent:
    start, cpu = time.perf_counter(), time.process_time()
    act()
    return time.perf_counter() - start, time.process_time() - cpu


def run_child(url: str, folder: Path, rows: int) -> str:
    """→ table rows."""
    env = {**os.environ, "ASTPANEL_DATABASE": url, "ASTPANEL_REDIS": "", "ASTPANEL_VAR": str(folder)}
    env |= {"DJANGO_SETTINGS_MODULE": "astpanel.settings", "ASTPANEL_LOG_LEVEL": "ERROR"}
    command = [sys.executable, "-m", "tests.bench.bench_directory_files", "--child", str(rows)]
    return subprocess.run(command, cwd=HERE, env=env, stdout=subprocess.PIPE, text=True, check=True).stdout


def main(arguments: list[str]) -> None:
    """A Markdown table."""
    if "--child" in arguments:
        child(int(arguments[-1]))
        return
    from tests.left_out import find  # noqa: PLC0415 - the child must not load pytest's helpers
    from tests.servers import PostgreSQL  # noqa: PLC0415 - the same

    rows = 10_000 if "--quick" in arguments else 100_000
    sys.stdout.write(
        f"| {rows:,} rows | check | import | check again | import again | export CSV | export XLSX "
        "| bare bulk_create |\n"
    )
    sys.stdout.write("|---|---|---|---|---|---|---|---|\n")
    server = PostgreSQL(find("postgresql"))
    try:
        server.start()
        server.execute("CREATE DATABASE bench")
        with tempfile.TemporaryDirectory() as folder:
            sys.stdout.write(run_child(server.url("bench"), Path(folder), rows))
            sys.stdout.write(run_child(f"sqlite:///{folder}/bench.sqlite3", Path(folder), rows))
    finally:
        server.remove()


if __name__ == "__main__":
    main(sys.argv[1:])
