"""What became of the rows: counts for the report, and what was refused."""

from dataclasses import dataclass, field
from typing import Final

from crm.models import RefusedRow, SourceImport

SORTS: Final = ("customers", "persons", "numbers", "users")
OUTCOMES: Final = ("created", "changed", "same", "gone", "refused", "held")
LONGEST: Final = 255


@dataclass(slots=True)
class Outcomes:
    """Of one chunk; `write` adds them to the run's within the chunk's transaction."""

    run: SourceImport
    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    refused: list[RefusedRow] = field(default_factory=list)

    def add(self, sort: str, outcome: str, count: int = 1) -> None:
        """`sort` of SORTS, `outcome` of OUTCOMES."""
        own = self.counts.setdefault(sort, {})
        own[outcome] = own.get(outcome, 0) + count

    def refuse(  # noqa: PLR0913 - one keyword per column
        self, sort: str, *, entity: str, ref: str, name: str, value: str, reason: str
    ) -> None:
        """A row, or a value of it, that is not taken over."""
        self.add(sort, "refused")
        self.refused.append(
            RefusedRow(
                run=self.run,
                entity=entity,
                external_ref=ref,
                name=name[:LONGEST],
                value=value[:LONGEST],
                reason=reason,
            )
        )

    def write(self) -> None:
        """Into the run, whose row is saved."""
        RefusedRow.objects.bulk_create(self.refused)
        for sort, counts in self.counts.items():
            own = self.run.counts.setdefault(sort, {})
            for outcome, count in counts.items():
                own[outcome] = own.get(outcome, 0) + count
        self.run.save(update_fields=["counts", "position"])
