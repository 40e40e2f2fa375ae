"""A directory of a million numbers for bench_who, written past the models: only reading is measured."""

from collections.abc import Iterator
from itertools import islice
from typing import Any, Final

from django.db import connection, transaction

from crm.models import ContactInfoKind

PER_COMPANY: Final = 4  # numbers: two of the company, two of its person
SHARED: Final = 20  # each so many persons have the company's number, with an extension
CHUNK: Final = 10_000  # rows

INFO: Final = (
    *("kind_id", "counterparty_id", "person_id", "user_id", "value", "is_main", "type"),
    *("e164", "last10", "extension", "external_key"),
)
CUSTOMER: Final = ("name", "name_key", "external_ref", "archived", "created", "changed")


def last10(number: int) -> str:
    """Of the number with this place: a million of them, all different, in no order."""
    return f"9{number * 982_451_653 % 10**9:09}"


def furnish(numbers: int) -> None:
    """A fourth as many companies, each with a person; every company has two numbers, every person too."""
    companies = numbers // PER_COMPANY
    kinds = {
        owner: ContactInfoKind.objects.create(name=f"Phone of a {owner}", owner=owner).pk
        for owner in ("counterparty", "person")
    }
    common = ("", False, "2026-11-23 00:00:00+00:00", "2026-11-23 00:00:00+00:00")
    with transaction.atomic():
        _insert(
            "crm_counterparty",
            ("id", *CUSTOMER, "kind", "note"),
            ((i, f"ООО «Ромашка {i}»", f"ооо ромашка {i}", *common, "company", "") for i in range(1, companies + 1)),
        )
        _insert(
            "crm_contactperson",
            ("id", *CUSTOMER, "position", "counterparty_id"),
            ((i, f"Петров Пётр {i}", f"петров петр {i}", *common, "", i) for i in range(1, companies + 1)),
        )
        _insert("crm_contactinfo", INFO, (_info(number, kinds) for number in range(companies * PER_COMPANY)))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _info(number: int, kinds: dict[str, int]) -> tuple[Any, ...]:
    company, place = number // PER_COMPANY + 1, number % PER_COMPANY
    shared = place == PER_COMPANY - 1 and company % SHARED == 0
    digits, extension = (last10(number - place), "12") if shared else (last10(number), "")
    person = place >= PER_COMPANY // 2
    owner = (kinds["person"], None, company) if person else (kinds["counterparty"], company, None)
    return (*owner, None, f"+7{digits}", place % 2 == 0, "phone", f"+7{digits}", digits, extension, "")


def _insert(table: str, columns: tuple[str, ...], rows: Iterator[tuple[Any, ...]]) -> None:
    names, places = ", ".join(columns), ", ".join(["%s"] * len(columns))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            return
        sql = f"INSERT INTO {table} ({names}) VALUES ({places})"  # noqa: S608 - names of this file
        while chunk := list(islice(rows, CHUNK)):
            cursor.executemany(sql, chunk)
