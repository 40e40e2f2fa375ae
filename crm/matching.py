"""Who is it? Ranking of everybody who has a number. Pure."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody found by a number, as the live protocol carries it. The texts are people's: escape when shown."""

    kind: str  # user, person, counterparty
    id: int
    name: str
    company: str = ""  # of a contact person

    def as_json(self) -> dict[str, str | int]:
        """Keys as in docs/live-protocol.md."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Candidate:
    """One row of contact information whose key fits, and its owner."""

    contact: Contact
    row: int  # id of the row: lower = older
    e164: str
    last10: str
    internal: bool
    is_main: bool
    archived: bool


def best_match(keys: tuple[str, str], candidates: Iterable[Candidate]) -> Contact | None:
    """The owner to show for a number with these keys (E.164, last 10 digits), or None.

    In this order: an internal number's user, anybody not archived, the exact number before equal last 10 digits, the
    owner's main number, the oldest row.
    """
    e164, last10 = keys
    fitting = [one for one in candidates if e164 and (one.e164 == e164 or one.last10 == last10)]
    if not fitting:
        return None
    return min(fitting, key=lambda one: _rank(one, e164)).contact


def _rank(one: Candidate, e164: str) -> tuple[bool, bool, bool, bool, int]:
    return not one.internal, one.archived, one.e164 != e164, not one.is_main, one.row
