"""What a reader, or a screen reader, gets from a page: its texts, and the attributes that are shown or read out."""

from html.parser import HTMLParser
from typing import Final

Attributes = list[tuple[str, str | None]]

SILENT: Final = frozenset({"script", "style", "svg"})
VERBATIM: Final = frozenset({"code", "pre", "samp", "kbd"})  # lines to type or to copy: the same in every language
VOID: Final = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"})
READ_OUT: Final = frozenset({"title", "placeholder", "alt", "label", "aria-label", "aria-description"})
BUTTONS: Final = frozenset({"submit", "button", "reset"})


class _Reader(HTMLParser):
    """`texts`: each piece with white space made single, in the order of the page."""

    def __init__(self, language: str) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: list[str] = []
        self._language = language
        self._open: list[tuple[str, bool]] = []  # tag, and whether what is in it counts

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        given = {name: value or "" for name, value in attrs}
        counts = self._counts() and tag not in SILENT | VERBATIM and given.get("lang", self._language) == self._language
        if counts:
            for text in _read_out(tag, given):
                self._add(text)
        if tag not in VOID:
            self._open.append((tag, counts))

    def handle_startendtag(self, tag: str, attrs: Attributes) -> None:
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        places = [place for place, (name, _counts) in enumerate(self._open) if name == tag]
        if places:  # an end that is left out, as of <li>, ends with what is around it
            del self._open[places[-1] :]

    def handle_data(self, data: str) -> None:
        if self._counts():
            self._add(data)

    def _counts(self) -> bool:
        return not self._open or self._open[-1][1]

    def _add(self, text: str) -> None:
        if text := " ".join(text.split()):
            self.texts.append(text)


def _read_out(tag: str, given: dict[str, str]) -> list[str]:
    if given.get("type") == "hidden":
        return []
    found = [value for name, value in given.items() if name in READ_OUT or _for_scripts(name, value)]
    if tag == "input" and given.get("type") in BUTTONS:
        found.append(given.get("value", ""))
    return found


def visible_texts(page: str, language: str) -> list[str]:
    """The page's texts without what is marked as being in another language (`lang=`)."""
    reader = _Reader(language)
    reader.feed(page)
    reader.close()
    return reader.texts


def _for_scripts(name: str, value: str) -> bool:
    """Words that a script shows are in data attributes; what has no space there is a code, what begins so is JSON."""
    return name.startswith("data-") and " " in value and value[0] not in "{["
