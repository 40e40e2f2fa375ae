"""A file in pieces that are checked or written in one go. Pure but for the directory that they are compared with."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from crm.exchange.joining import Group, join
from crm.exchange.managers import Managers
from crm.exchange.outcomes import ERROR, Outcome
from crm.exchange.planning import FileFacts, Plan, facts_of, planned
from crm.exchange.rows import FileRow

CHUNK: Final = 500  # rows; a large counterparty may make it more


@dataclass(slots=True)
class Chunk:
    """Whole counterparties, and rows that were refused without asking anybody."""

    groups: list[Group] = field(default_factory=list)
    refused: list[FileRow] = field(default_factory=list)
    size: int = 0  # rows


class FilePass:
    """All chunks of a file, the same each time: a pass that broke off goes on behind the rows that are done."""

    def __init__(self, rows: Sequence[FileRow], *, with_duplicates: bool = False) -> None:
        joining = join(rows)
        self.facts: FileFacts = facts_of(joining.groups, with_duplicates=with_duplicates)
        self.managers = Managers()
        self.total = len(rows)
        self._pieces: list[Group | FileRow] = [*joining.groups, *joining.refused]
        self._pieces.sort(key=lambda piece: piece.line)

    def chunks(self, position: int = 0) -> Iterator[Chunk]:
        """Those behind `position` rows."""
        done, chunk = 0, Chunk()
        for piece in self._pieces:
            size = len(piece.rows) if isinstance(piece, Group) else 1
            if done < position:
                done += size
                continue
            if isinstance(piece, Group):
                chunk.groups.append(piece)
            else:
                chunk.refused.append(piece)
            chunk.size += size
            if chunk.size >= CHUNK:
                yield chunk
                chunk = Chunk()
        if chunk.size:
            yield chunk

    def plan(self, chunk: Chunk, *, lock: bool) -> Plan:
        """Outcomes in the file's order."""
        plan = planned(chunk.groups, managers=self.managers, facts=self.facts, lock=lock)
        plan.outcomes += [Outcome(row, ERROR, tuple(row.faults)) for row in chunk.refused]
        plan.outcomes.sort(key=lambda outcome: outcome.row.line)
        return plan
