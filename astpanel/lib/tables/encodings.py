"""Bytes of a text file → text, as Russian Excel and everybody else write it. Pure."""

from typing import Final

from django.utils.translation import gettext as _

from astpanel.lib.tables.base import FileError

LOST: Final = "\ufffd"  # stands for bytes that are no text in the encoding
OLD_EXCEL: Final = b"\xd0\xcf\x11\xe0"
NO_TEXTS: Final = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"%PDF", b"PK\x03\x04", b"\x1f\x8b", b"Rar!", b"7z\xbc\xaf")
HEAD: Final = 4_096  # bytes that are looked at to guess
MOST_CONTROLS: Final = 0.1  # of the head; a text has next to none


def decoded(data: bytes) -> str:
    """The text; what no encoding explains is U+FFFD in it, for the reader to refuse. Raises FileError for no text.

    UTF-8, Windows-1251, UTF-16 with or without its mark. A UTF-8 file with a few broken bytes stays UTF-8: read as
    Windows-1251 all its names would be rubbish that nobody refuses.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):  # “Unicode text” of Excel
        return data.decode("utf-16", errors="replace")
    if data.startswith(OLD_EXCEL):
        raise FileError(_("This is a file of an old Excel (XLS): save it as XLSX or CSV."))
    if wide := _utf16(data):
        return data.decode(wide, errors="replace")
    if data.startswith(NO_TEXTS) or _controls(data[:HEAD]) > MOST_CONTROLS:
        raise FileError(_("This is neither a CSV nor an XLSX file."))
    text = data.decode("utf-8-sig", errors="replace")
    lost = text.count(LOST)
    if lost and lost * 10 > len(text) - lost - len(text.encode("ascii", errors="ignore")):
        return data.decode("cp1251", errors="replace")
    return text


def _utf16(data: bytes) -> str:
    """Without its mark: each second byte of ASCII signs, the headers' separators among them, is a NUL."""
    head = data[:HEAD]
    even, odd = head[::2].count(0), head[1::2].count(0)
    if even + odd < 2 or min(even, odd) * 20 > max(even, odd):
        return ""
    if max(even, odd) * 50 < len(head):  # a stray NUL in a text of single bytes
        return ""
    return "utf-16-be" if even > odd else "utf-16-le"


def _controls(head: bytes) -> float:
    return sum(byte < 32 and byte not in b"\t\r\n" for byte in head) / max(len(head), 1)
