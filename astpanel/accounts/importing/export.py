"""Lists of users as files that can be edited and imported again; formula-safe."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import tablib
from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _
from import_export.formats.base_formats import XLSX

from astpanel.accounts.importing.columns import COLUMNS
from astpanel.accounts.importing.formulas import escaped
from astpanel.accounts.models import PanelUser
from astpanel.accounts.selectors import internal_numbers, with_internal_numbers, with_roles
from crm.models import ContactInfo

TITLES: Final = [column.title for column in COLUMNS]
EXAMPLE: Final = {
    "username": "petrov",
    "last_name": "Петров",
    "first_name": "Пётр",
    "patronymic": "Иванович",
    "department": "Продажи",
    "number": "102",
    "mobile": "+7 916 111-22-33",
    "email": "petrov@example.com",
    "in_use": "да",
    "supervisor": "нет",
}
TYPES: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def template_file(kind: str) -> bytes:
    """The headers and one invented person."""
    return file_of([[EXAMPLE.get(column.key, "") for column in COLUMNS]], kind)


def users_file(users: QuerySet[PanelUser], kind: str) -> bytes:
    """These users, a row each. Three queries."""
    return file_of(_rows(users), kind)


def file_of(rows: Iterable[Sequence[str]], kind: str) -> bytes:
    """`csv`: as Russian Excel opens it, UTF-8 with its mark and semicolons. `xlsx`: text cells."""
    table = tablib.Dataset(headers=TITLES)
    for row in rows:
        table.append([escaped(cell) for cell in row])
    if kind == "csv":
        text: str = table.export("csv", delimiter=";")
        return b"\xef\xbb\xbf" + text.encode()
    data: bytes = XLSX().export_data(table)
    return data


def _rows(users: QuerySet[PanelUser]) -> Iterator[list[str]]:
    mobiles = Prefetch("contact_info", ContactInfo.objects.filter(kind__is_mobile=True), to_attr="mobile_rows")
    rows = with_internal_numbers(with_roles(users)).select_related("department", "pbx", "assigned_profile")
    for user in rows.prefetch_related(mobiles):
        cells = {
            "username": user.username,
            "last_name": user.last_name,
            "first_name": user.first_name,
            "patronymic": user.patronymic,
            "department": str(user.department or ""),
            "number": next(iter(internal_numbers(user)), ""),
            "mobile": next((row.value for row in user.mobile_rows), ""),
            "email": user.email,
            "pbx": str(user.pbx or ""),
            "in_use": _yes_no(user.in_use),
            "supervisor": _yes_no(user.supervises),  # type: ignore[attr-defined]  # annotated
        }
        yield [cells.get(column.key, "") for column in COLUMNS]


def _yes_no(value: bool) -> str:
    return _("yes") if value else _("no")
