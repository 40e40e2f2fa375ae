"""Compile locale/*/LC_MESSAGES/*.po → .mo with Babel, so that no system package is needed.

Refuses a catalog with syntax errors; warns of texts that are not translated.
"""

import sys
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).parent.parent


def compile_catalog(source: Path) -> list[str]:
    """Write the .mo beside the .po; → texts without a translation (English needs none)."""
    language = source.parts[-3]
    with source.open("rb") as file:
        catalog = read_po(file, locale=language, abort_invalid=True)
    with source.with_suffix(".mo").open("wb") as file:
        write_mo(file, catalog)
    if language == "en":
        return []
    return [str(message.id) for message in catalog if message.id and (message.fuzzy or not _translated(message.string))]


def _translated(text: str | list[str] | tuple[str, ...] | None) -> bool:
    return all(text) if isinstance(text, list | tuple) else bool(text)


def main() -> None:
    """Compile all of them."""
    for source in sorted(ROOT.glob("locale/*/LC_MESSAGES/*.po")):
        missing = compile_catalog(source)
        for text in missing:
            sys.stderr.write(f"{source.relative_to(ROOT)}: not translated: {text}\n")


if __name__ == "__main__":
    main()
