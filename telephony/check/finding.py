"""What the check says of one thing: a code and its values. The words are made when they are shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final, Self

from telephony.check import words

Param = str | int | float | Sequence[str]


class Level(StrEnum):
    """How bad. `info`: nothing is wrong, but something more is possible."""

    OK = "ok"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"

    @property
    def rank(self) -> int:
        """Worse is more."""
        return RANKS[self]


RANKS: Final = {level: rank for rank, level in enumerate(Level)}


@dataclass(frozen=True, slots=True)
class Snippet:
    """Lines to add to a file of the PBX, and the CLI command that makes it read them. `kind`: Pbx.Kind."""

    file: str
    text: str
    command: str = ""
    kind: str = "asterisk"

    @property
    def place(self) -> str:
        """Where that is in the PBX's own interface; empty: edit the file."""
        return words.place(self.kind, self.file)


@dataclass(frozen=True, slots=True)
class Finding:
    """`params` are JSON values: what was found, hostile text included."""

    code: str
    level: Level
    params: Mapping[str, Param] = field(default_factory=dict)
    lines: tuple[Snippet, ...] = ()

    @property
    def title(self) -> str:
        """What was found, in the reader's language."""
        return words.title(self.code, self.params)

    @property
    def meaning(self) -> str:
        """Why it matters."""
        return words.meaning(self.code, self.params)

    @property
    def act(self) -> str:
        """What to do; empty: nothing."""
        return words.act(self.code, self.params)

    @property
    def key(self) -> tuple[str, str]:
        """The same thing in another check has the same key: the code and the account it is about."""
        return self.code, str(self.params.get("account", ""))

    def as_json(self) -> dict[str, Any]:
        """For PbxCheck.findings."""
        lines = [[line.file, line.text, line.command, line.kind] for line in self.lines]
        return {"code": self.code, "level": self.level.value, "params": dict(self.params), "lines": lines}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """The other way."""
        lines = tuple(Snippet(*line) for line in value["lines"])
        return cls(value["code"], Level(value["level"]), value["params"], lines)


def worst(findings: tuple[Finding, ...]) -> Level:
    """The level of the whole; `info` counts as ok."""
    level = max((finding.level for finding in findings), key=lambda level: level.rank, default=Level.OK)
    return Level.OK if level is Level.INFO else level
