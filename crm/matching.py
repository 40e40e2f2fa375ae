"""Who is it? Everybody who has a number, ranked and explained. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final, NamedTuple

USER: Final = "user"
PERSON: Final = "person"
COUNTERPARTY: Final = "counterparty"
MOST_OTHERS: Final = 4  # further owners that go with a contact; the card shows them all


class Reason(StrEnum):
    """Why somebody is meant by a number."""

    INTERNAL = "internal"  # a colleague's internal number
    EXACT = "exact"  # the same number
    LAST10 = "last10"  # the last ten digits are the same, the country is not, or is not known
    LINE = "line"  # the number of a company's line: the owner has an extension behind it


class Sought(NamedTuple):
    """A number as it is looked for. All empty: hidden, a feature code, or no number at all."""

    e164: str
    last10: str
    extension: str = ""


class Owner(NamedTuple):
    """Somebody who has a number. The texts are people's: escape when shown."""

    kind: str  # USER, PERSON, COUNTERPARTY
    id: int
    name: str
    company: str = ""  # of a contact person

    def as_json(self) -> dict[str, Any]:
        """Keys as in docs/live-protocol.md."""
        return {"kind": self.kind, "id": self.id, "name": self.name, "company": self.company}


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody found by a number, as the live protocol carries it. The texts are people's: escape when shown."""

    kind: str  # USER, PERSON, COUNTERPARTY
    id: int
    name: str
    company: str = ""  # of a contact person
    reason: Reason = Reason.EXACT
    manager: int | None = None  # id of the user responsible for the counterparty
    others: tuple[Owner, ...] = ()  # who else has the number, the likeliest first

    @property
    def owner(self) -> Owner:
        """Who it is, without the why."""
        return Owner(self.kind, self.id, self.name, self.company)

    def as_json(self) -> dict[str, Any]:
        """Keys as in docs/live-protocol.md."""
        return {
            **self.owner.as_json(),
            "reason": self.reason.value,
            "manager": self.manager,
            "others": [other.as_json() for other in self.others],
        }


@dataclass(frozen=True, slots=True)
class Match:
    """An owner of the number; `row_id` is the row of contact information that fits best."""

    contact: Contact  # without others
    row_id: int
    archived: bool

    @property
    def reason(self) -> Reason:
        """Why."""
        return self.contact.reason


@dataclass(frozen=True, slots=True)
class Candidate:
    """One row of contact information whose last ten digits fit, and its owner."""

    owner: Owner
    row: int  # id of the row: lower = older
    e164: str
    last10: str
    extension: str = ""  # behind the number: the number itself is a company's line
    internal: bool = False
    is_main: bool = False
    archived: bool = False  # a user: switched off
    manager: int | None = None
    company: Owner | None = None  # the counterparty of a contact person
    company_archived: bool = False


def matches(sought: Sought, candidates: Iterable[Candidate]) -> tuple[Match, ...]:
    """Every owner of the number once, the likeliest first.

    In this order: an internal number's user, anybody not archived, the exact number before equal last 10 digits before
    a company's line, the owner's main number, the oldest row. When nobody has the number itself, only extensions
    behind it, then companies come before their persons: nobody can tell which of them calls.
    """
    fitting = [(reason, one) for one in candidates if (reason := reason_of(sought, one)) is not None]
    if fitting and min(fitting, key=_rank)[0] is Reason.LINE:
        fitting += [(reason, _company_of(one)) for reason, one in fitting if one.company is not None]
    found: dict[tuple[str, int], Match] = {}
    for reason, one in sorted(fitting, key=_rank):
        contact = Contact(*one.owner, reason=reason, manager=one.manager)
        found.setdefault(one.owner[:2], Match(contact, one.row, one.archived))
    return tuple(found.values())


def reason_of(sought: Sought, one: Candidate) -> Reason | None:
    """Why this row fits; None: it does not."""
    if not sought.e164 or (one.e164 != sought.e164 and (one.internal or one.last10 != sought.last10)):
        return None
    if one.internal:
        return Reason.INTERNAL
    if one.extension != sought.extension:
        return Reason.LINE
    return Reason.EXACT if one.e164 == sought.e164 else Reason.LAST10


def best(found: Sequence[Match]) -> Contact | None:
    """Whom to show, with the others; None: nobody."""
    if not found:
        return None
    first = found[0].contact
    others = tuple(match.contact.owner for match in found[1 : MOST_OTHERS + 1])
    return Contact(first.kind, first.id, first.name, first.company, first.reason, first.manager, others)


_ORDER: Final = {reason: order for order, reason in enumerate(Reason)}


def _rank(fitting: tuple[Reason, Candidate]) -> tuple[bool, bool, int, bool, bool, int]:
    reason, one = fitting
    behind_the_line = reason is Reason.LINE and one.owner.kind == PERSON
    return not one.internal, one.archived, _ORDER[reason], behind_the_line, not one.is_main, one.row


def _company_of(one: Candidate) -> Candidate:
    """The line is the company's, whoever has an extension behind it."""
    owner = one.company or one.owner
    return replace(one, owner=owner, company=None, archived=one.company_archived)
