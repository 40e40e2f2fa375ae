"""The columns of a file of customers."""

from typing import Final

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from astpanel.lib.tables.base import Limits
from astpanel.lib.tables.columns import Column, Columns

LONGEST_NOTE: Final = 32_000  # characters; a cell of Excel holds a little more
LIMITS: Final = Limits(size=60_000_000, rows=200_000, columns=60, cell=LONGEST_NOTE, unpacked=600_000_000)

COLUMNS: Final = (
    Column("name", "Контрагент", ("counterparty", "company", "name", "клиент", "наименование", "организация"),
           _("required; at most 255 characters")),
    Column("kind", "Вид", ("kind", "type", "вид контрагента"), _("company or person")),
    Column("manager", "Ответственный менеджер", ("responsible manager", "manager", "менеджер", "ответственный"),
           _("log-in, full name or internal number of a panel user")),
    Column("note", "Примечание", ("note", "comment", "комментарий"), _("any text")),
    Column("ref", "Внешний код", ("external reference", "external ref", "код"),
           _("what another system knows the counterparty by; at most 64 characters")),
    Column("archived", "В архиве", ("archived", "архив"), _("yes or no; of the contact person where one is named")),
    Column("person", "Контактное лицо", ("contact person", "contact", "контакт"),
           _("empty: the row is of the counterparty itself")),
    Column("position", "Должность", ("position", "job title"), _("of the contact person")),
    Column("person_ref", "Внешний код лица", ("external reference of the person",),
           _("what another system knows the contact person by")),
    Column("phones", "Телефоны", ("phones", "phone", "phone number", "телефон", "номер телефона", "номер"),
           _("one or several, a line each or with semicolons between; an extension stays with its number")),
    Column("main", "Основной", ("main", "main number", "основной номер", "основной телефон"),
           _("which of the phones; “yes”: the first one; empty: as it is")),
    Column("email", "E-mail", ("email", "почта", "эл. почта", "электронная почта"), _("one or several")),
    Column("address", "Адрес", ("address",), _("one in each line of the cell")),
    Column("code", "Код в портале", ("portal id",),
           _("from an export of this portal: tells apart customers of the same name; leave it as it is")),
)  # fmt: skip
TABLE: Final = Columns(COLUMNS, required="name")
KEYS: Final = tuple(column.key for column in COLUMNS)


def headers() -> list[str]:
    """Of a file for whoever reads the interface now; both languages are read back."""
    if in_russian():
        return [column.title for column in COLUMNS]
    return [column.aliases[0].capitalize() for column in COLUMNS]


def in_russian() -> bool:
    """Is the interface?"""
    return (get_language() or "ru").startswith("ru")
