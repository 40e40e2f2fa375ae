"""Every text of the code is in the catalogs, translated, with the same placeholders."""

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).parents[2]
SOURCES = ("astpanel", "crm", "telephony", "supervisor", "templates")
DOMAINS = {"django": (".py", ".html", ".txt"), "djangojs": (".js",)}
KEYWORDS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop")),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
}
PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[sd]|\{\w+(?::\w+)?\}")
Text = str | tuple[str, ...]
Key = tuple[str | None, Text]  # context and text: one word may have two translations
every_domain = pytest.mark.parametrize("domain", DOMAINS)


def catalog(domain: str, language: str = "ru") -> dict[Key, Message]:
    with (ROOT / f"locale/{language}/LC_MESSAGES/{domain}.po").open("rb") as file:
        return {_key(message.context, message.id): message for message in read_po(file, locale=language) if message.id}


def texts_of_code(domain: str) -> Iterator[tuple[str, Key]]:
    """(file, text) of everything the code translates."""
    for folder in SOURCES:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in DOMAINS[domain]:
                name = str(path.relative_to(ROOT))
                yield from ((name, _key(found[3], found[1])) for found in _extract(path))


def _extract(path: Path) -> Iterator[tuple[int, str | tuple[str, ...], list[str], str | None]]:
    source = path.read_text()
    if path.suffix in {".html", ".txt"}:
        source = "\n".join(line.lstrip() for line in templatize(source).splitlines())  # no indentation for Python
    method = "javascript" if path.suffix == ".js" else "python"
    return iter(extract(method, BytesIO(source.encode()), KEYWORDS))


def _key(context: str | None, text: str | list[str] | tuple[str, ...]) -> Key:
    return context, text if isinstance(text, str) else tuple(text)


@every_domain
def test_every_text_of_the_code_is_in_the_catalogs(domain: str) -> None:
    used = set(texts_of_code(domain))
    for language in ("ru", "en"):
        known = catalog(domain, language)
        singular = {(context, text[0]) for context, text in known if isinstance(text, tuple)}  # one of a pair will do
        assert sorted((name, str(key)) for name, key in used if key not in known and key not in singular) == []


@every_domain
def test_the_catalogs_hold_nothing_that_is_not_used(domain: str) -> None:
    used = {text for _name, text in texts_of_code(domain)}
    assert [text for text in catalog(domain) if text not in used] == []


@every_domain
def test_everything_is_translated(domain: str) -> None:
    messages = catalog(domain).values()
    assert [message.id for message in messages if message.fuzzy] == []
    assert [message.id for message in messages if not all(_forms(message))] == []


@every_domain
def test_placeholders_agree(domain: str) -> None:
    wrong = [message.id for message in catalog(domain).values() if not _agrees(message)]
    assert wrong == []


def _forms(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string or [""])


def _agrees(message: Message) -> bool:
    """The form for one may leave the number out, the others have just what the English has."""
    texts = [message.id] if isinstance(message.id, str) else list(message.id)
    forms = _forms(message)
    wanted = sorted(PLACEHOLDER.findall(texts[-1]))
    first = sorted(PLACEHOLDER.findall(forms[0]))
    rest = [sorted(PLACEHOLDER.findall(form)) for form in forms[1:]]
    return (first == wanted or (len(texts) > 1 and set(first) <= set(wanted))) and all(form == wanted for form in rest)


@pytest.mark.parametrize(
    ("english", "russian", "expected"),
    [
        ("%(a)s of %(b)d", "%(b)d: %(a)s", True),
        ("%(a)s of %(b)d", "%(a)s", False),
        ("%s", "%d", False),
        (("one row", "%(n)d rows"), ("строка", "%(n)d строки", "%(n)d строк", "%(n)d строк"), True),
        (("%(n)d row", "%(n)d rows"), ("%(n)d строка", "строки", "%(n)d строк", "%(n)d строк"), False),
        ("{who:s} left", "{who} ушёл", False),
    ],
)
def test_a_wrong_placeholder_is_found(english: Text, russian: Text, expected: bool) -> None:
    assert _agrees(Message(english, russian)) is expected
