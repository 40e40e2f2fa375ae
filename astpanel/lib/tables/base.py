"""What readers of all formats share."""

from dataclasses import dataclass

from django.utils.translation import gettext as _


class FileError(Exception):
    """The file cannot be read as a table; the message says why, in words for its owner."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may have at most. A longer cell is cut one character behind `cell`, so that it can be refused."""

    size: int  # bytes
    rows: int
    columns: int
    cell: int  # characters
    unpacked: int  # bytes inside of an XLSX, which is a ZIP: a bomb is a small file

    def check_size(self, size: int) -> None:
        """Raises FileError. For a file that is not read yet."""
        if size > self.size:
            raise FileError(_("The file is larger than %(size)d MB.") % {"size": self.size // 1_000_000})


@dataclass(frozen=True, slots=True)
class Line:
    """One row: its number as a spreadsheet shows it, its cells as texts.

    `problems` say in words what the format itself makes unreadable: a formula without a value, bytes of no encoding.
    """

    number: int
    cells: list[str]
    problems: tuple[str, ...] = ()


def error_problem(error: str) -> str:
    """In words: a cell holds `#N/A` and the like."""
    return _("A cell is an error of the spreadsheet: %(error)s.") % {"error": error}
