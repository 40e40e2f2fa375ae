"""The columns of a file of users: their keys, and what their headers may be called."""

from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Column:
    """`title` is the header in Russian, the first language of such files; `aliases` are other headers it may have."""

    key: str
    title: str
    aliases: tuple[str, ...]
    help: Any


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
YES: Final = frozenset({"да", "yes", "1", "+", "true", "истина", "on", "y", "д"})
NO: Final = frozenset({"нет", "no", "0", "-", "false", "ложь", "off", "n", "н"})

_BY_HEADER: Final = {name: column.key for column in COLUMNS for name in (column.title.lower(), *column.aliases)}


def key_of(header: str) -> str | None:
    """The key of a column by its header in a file, in either language and any case."""
    return _BY_HEADER.get(" ".join(header.replace("ё", "е").split()).lower())
