"""Facts on disk while the database is away: append-only JSON lines, one file a gateway, read at the next start."""

import logging
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from telephony.gateway.facts import Fact, FactError, decode, encode

log = logging.getLogger(__name__)
HEADER: Final = '{"format":"astpanel-spool","version":1}'


@dataclass(frozen=True, slots=True)
class Spooled:
    """What files of earlier gateways held; `paths` are removed once the facts are in the database."""

    facts: tuple[Fact, ...]
    paths: tuple[Path, ...]


class Spool:
    """The spool of one gateway of one PBX. Methods touch the disk: call them in a thread."""

    def __init__(self, folder: Path, pbx_id: int, owner: str) -> None:
        self.folder = folder
        self.pbx_id = pbx_id
        self.path = folder / f"calls-{pbx_id}-{owner}.jsonl"

    def append(self, facts: Iterable[Fact]) -> None:
        """Add the facts and wait until the disk has them. Mode 0600: the file tells who called whom."""
        self._append(self.path, [encode(fact) for fact in facts])

    def reject(self, fact: Fact, reason: str) -> None:
        """Keep a fact that the database refuses for good where an administrator finds it."""
        path = self.folder / f"rejected-{self.pbx_id}.jsonl"
        self._append(path, [encode(fact)])
        log.error("the database refuses a record (%s); it is kept in %s", reason, path)

    def clear(self) -> None:
        """Everything is in the database."""
        self.path.unlink(missing_ok=True)

    def load(self) -> Spooled:
        """The facts in the files of earlier gateways of this PBX, oldest file first. A damaged file is set aside."""
        facts: list[Fact] = []
        paths: list[Path] = []
        found = [path for path in self.folder.glob(f"calls-{self.pbx_id}-*.jsonl") if path != self.path]
        for path in sorted(found, key=_modified):
            good, damage = _read(path)
            facts += good
            paths.append(_set_aside(path, damage, len(good)) if damage else path)
        return Spooled(tuple(facts), tuple(path for path in paths if path.suffix == ".jsonl"))

    def _append(self, path: Path, lines: list[str]) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(handle, "a", encoding="utf-8") as file:
            if os.fstat(handle).st_size == 0:
                file.write(HEADER + "\n")
            file.writelines(line + "\n" for line in lines)
            file.flush()
            os.fsync(file.fileno())


def _modified(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:  # another gateway was faster
        return 0.0


def _read(path: Path) -> tuple[list[Fact], str]:
    """The facts of a file and what is wrong with it. A last line without its end is dropped: it was never promised."""
    try:
        text = path.read_bytes().decode("utf-8", "replace")
    except OSError as error:
        return [], f"not readable: {error.strerror}"
    lines = text.split("\n")[:-1]
    if not lines or lines[0] != HEADER:
        return [], "not a spool file"
    facts: list[Fact] = []
    damage = ""
    for number, line in enumerate(lines[1:], start=2):
        try:
            facts.append(decode(line))
        except FactError as error:
            damage = damage or f"line {number}: {error}"
    return facts, damage


def _set_aside(path: Path, damage: str, saved: int) -> Path:
    aside = path.with_suffix(".damaged")
    try:
        path.rename(aside)
    except OSError as error:
        log.error("%s is damaged (%s) and cannot be renamed: %s", path, damage, error.strerror)
        return aside
    log.error("%s is damaged (%s): %d facts were read from it, the file is kept as %s", path, damage, saved, aside.name)
    return aside
