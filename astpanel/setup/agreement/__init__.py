"""The licence agreement: our own text in both languages. Another text is another digest and is asked for again."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

VERSION: Final = "1.0"
_FOLDER: Final = Path(__file__).parent
_TEXTS: Final = {language: (_FOLDER / f"{language}.txt").read_text(encoding="utf-8") for language in ("ru", "en")}
DIGEST: Final = hashlib.sha256("\f".join(_TEXTS.values()).encode()).hexdigest()  # of both: one acceptance, any language


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and its paragraphs."""

    title: str
    paragraphs: tuple[str, ...]


def sections(language: str) -> tuple[Section, ...]:
    """The agreement in that language; in Russian where we have no such text."""
    text = _TEXTS.get(language.split("-", maxsplit=1)[0], _TEXTS["ru"])
    return tuple(_section(part) for part in text.split("# ")[1:])


def _section(text: str) -> Section:
    title, *paragraphs = [" ".join(part.split()) for part in text.split("\n\n")]
    return Section(title, tuple(part for part in paragraphs if part))
