"""Columns of a table in a file: their keys, and what their headers may be called. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from astpanel.lib.tables.base import FileError


@dataclass(frozen=True, slots=True)
class Column:
    """`title` is the header in Russian, the first language of such files; `aliases` are other headers it may have."""

    key: str
    title: str
    aliases: tuple[str, ...]
    help: Any


class Columns:
    """All columns that a kind of file may have. `required`: the key of the one without which it is no such file."""

    def __init__(self, columns: Sequence[Column], *, required: str) -> None:
        self.columns = tuple(columns)
        self.required = required
        self._by_header = {_plain(name): column.key for column in columns for name in (column.title, *column.aliases)}

    def key_of(self, header: str) -> str | None:
        """The key of a column by its header in a file, in either language and any case."""
        return self._by_header.get(_plain(header))

    def keys_of(self, header: Sequence[str]) -> list[str | None]:
        """Of each header; None: nobody knows it. Raises FileError where one is twice, or the required one is not."""
        keys = [self.key_of(name) for name in header]
        titles = {column.key: column.title for column in self.columns}
        if self.required not in keys:
            text = _("No column “%(name)s”: the first row must hold the headers, as in the template.")
            raise FileError(text % {"name": titles[self.required]})
        known = [key for key in keys if key]
        if twice := next((column for column in self.columns if known.count(column.key) > 1), None):
            raise FileError(_("There are two columns “%(name)s”.") % {"name": twice.title})
        return keys


def _plain(header: str) -> str:
    return " ".join(header.casefold().replace("ё", "е").split())
