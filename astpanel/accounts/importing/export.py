"""Lists of users as files that can be edited and imported again; formula-safe."""

from collections.abc import Iterator
from typing import Final

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from astpanel.accounts.importing.columns import COLUMNS
from astpanel.accounts.models import PanelUser
from astpanel.accounts.selectors import internal_numbers, with_internal_numbers, with_roles
from astpanel.lib.tables.writing import table_file
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


def template_file(kind: str) -> bytes:
    """The headers and one invented person."""
    return table_file(TITLES, [[EXAMPLE.get(column.key, "") for column in COLUMNS]], kind)


def users_file(users: QuerySet[PanelUser], kind: str) -> bytes:
    """These users, a row each. Three queries."""
    return table_file(TITLES, _rows(users), kind)


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
