"""Files of customers, and what came of them, in few words."""

import io
from collections.abc import Sequence
from typing import Any

from django.utils import translation
from openpyxl import Workbook

from crm.exchange import services
from crm.exchange.services import begin_import, take_file
from crm.models import ContactPerson, Counterparty, DirectoryImport


def csv_file(*lines: str, header: str = "Контрагент;Внешний код;Контактное лицо;Телефоны") -> bytes:
    """Semicolons, UTF-8."""
    return "\n".join((header, *lines)).encode()


def xlsx_file(*rows: Sequence[object]) -> bytes:
    """The first row holds the headers."""
    book = Workbook()
    for row in rows:
        book.active.append(list(row))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def check(data: bytes, by: Any = None) -> DirectoryImport:
    """Taken and checked, in English; a large file by the worker's function."""
    with translation.override("en"):
        made = take_file(data=data, name="клиенты.csv", by=by)
        if made.state == DirectoryImport.State.CHECKING:
            services.check(made)
    return made


def bring(data: bytes, by: Any = None, *, with_duplicates: bool = False) -> DirectoryImport:
    """The rows without faults, written."""
    made = check(data, by)
    with translation.override("en"):
        return begin_import(made=made, by=by, only_valid=True, with_duplicates=with_duplicates)


def counts(made: DirectoryImport) -> dict[str, int]:
    """Without what there was none of."""
    return {action: count for action, count in made.counts.items() if count}


def faults(made: DirectoryImport) -> list[tuple[int, str]]:
    """Row and reasons."""
    return [(fault.line, " ".join(fault.texts)) for fault in made.faults.all()]


def values(owner: Counterparty | ContactPerson) -> list[tuple[str, str, bool]]:
    """Type, value, main; in the order of the page."""
    return list(owner.contact_info.values_list("type", "value", "is_main"))
