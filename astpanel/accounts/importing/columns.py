"""The columns of a file of users: their keys, and what their headers may be called."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from astpanel.lib.tables.columns import Column, Columns

COLUMNS: Final = (
    Column("username", "Логин", ("log-in", "login", "username"), _("required; who has it already is changed")),
    Column("last_name", "Фамилия", ("last name", "surname"), _("at most 150 characters")),
    Column("first_name", "Имя", ("first name",), _("at most 150 characters")),
    Column("patronymic", "Отчество", ("patronymic", "middle name"), _("at most 150 characters")),
    Column("department", "Отдел", ("department",), _("a new one is made")),
    Column("number", "Внутренний номер", ("internal number", "extension", "номер"), _("digits only, nobody else's")),
    Column("mobile", "Мобильный", ("mobile", "mobile number"), _("one number in any format")),
    Column("email", "E-mail", ("email", "e-mail", "почта", "эл. почта"), _("an address")),
    Column("pbx", "АТС", ("pbx",), _("the name of one that is set up; empty: the only one there is")),
    Column("profile", "Профиль", ("profile",), _("the name of one that is there: adds the user to its list")),
    Column("in_use", "Использовать", ("use", "in use"), _("yes or no; yes takes a licence seat")),
    Column("supervisor", "Супервизор", ("supervisor",), _("yes or no; only superusers may say yes")),
)
KEYS: Final = tuple(column.key for column in COLUMNS)
TABLE: Final = Columns(COLUMNS, required="username")
