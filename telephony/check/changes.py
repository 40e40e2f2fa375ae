"""What is different from the check before. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from telephony.check.finding import Finding, Level


@dataclass(frozen=True, slots=True)
class Difference:
    """Only warnings and errors count: what is in order, or only good to know, comes and goes with the hour."""

    appeared: tuple[Finding, ...] = ()
    gone: tuple[Finding, ...] = ()
    changed: tuple[Finding, ...] = ()  # the same thing about other numbers, or worse or better; as it is now

    def __bool__(self) -> bool:
        return bool(self.appeared or self.gone or self.changed)


def difference(before: Sequence[Finding], now: Sequence[Finding]) -> Difference:
    """From one check to the next."""
    old = {finding.key: finding for finding in before if _counts(finding)}
    new = {finding.key: finding for finding in now if _counts(finding)}
    return Difference(
        appeared=tuple(finding for key, finding in new.items() if key not in old),
        gone=tuple(finding for key, finding in old.items() if key not in new),
        changed=tuple(finding for key, finding in new.items() if key in old and not _same(finding, old[key])),
    )


def _counts(finding: Finding) -> bool:
    return finding.level in (Level.WARNING, Level.ERROR)


def _same(one: Finding, other: Finding) -> bool:
    """Values pass through JSON on their way to the database: a tuple comes back as a list."""
    return one.as_json()["level"] == other.as_json()["level"] and _values(one) == _values(other)


def _values(finding: Finding) -> dict[str, object]:
    return {name: list(value) if isinstance(value, tuple | list) else value for name, value in finding.params.items()}
