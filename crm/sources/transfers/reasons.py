"""Why a number waits: codes and words. Problems of reaching the source have their words in crm/sources/words.py."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm.sources.odata import Problem
from crm.sources.words import PROBLEMS

WRITING: Final = "writing"  # a worker has it just now
LEASE: Final = timedelta(minutes=10)  # after which that worker counts as dead


class Reason(StrEnum):
    """What the portal itself found."""

    NO_KIND = "no_kind"  # no kind of the source means ours
    KIND_TAKEN = "kind_taken"  # a register has one number of a kind for each customer
    ROW_CHANGED = "row_changed"  # the row says something else in the source by now
    SEVERAL = "several"  # the row has several numbers in the source
    NO_MAIN = "no_main"  # the source marks no number as the main one
    NO_TYPE = "no_type"  # the source's word for the type is not known
    NO_OBJECT = "no_object"  # which object of the source it is is not known
    NO_PLACE = "no_place"  # the object has no contact information by the field map
    NOT_KEPT = "not_kept"  # 1C said yes, and does not have it


WORDS: Final[dict[str, Promise]] = {
    WRITING: _("Is being written just now."),
    Reason.NO_KIND: _("No kind of contact information in the source means this one. Add it to the field map."),
    Reason.KIND_TAKEN: _("The customer has a number of this kind in the source already: it keeps one of each kind."),
    Reason.ROW_CHANGED: _("In the source the row says something else by now. Compare both."),
    Reason.SEVERAL: _("In the source several numbers stand in one row. Part them there."),
    Reason.NO_MAIN: _("The source marks no number as the main one."),
    Reason.NO_TYPE: _("The field map does not say how the source names this type."),
    Reason.NO_OBJECT: _("Which object of the source it belongs to is not known."),
    Reason.NO_PLACE: _("By the field map this object of the source has no contact information."),
    Reason.NOT_KEPT: _("The source has taken the change, and does not have it now. Look into its own checks."),
    Problem.FORBIDDEN: _("The 1C user's role may not write this object."),
    Problem.GONE: _("The customer is not in the source any more."),
}
EVERYTHING: Final = frozenset(  # problems of the source as a whole: nobody else's number would fare better
    {
        *(Problem.BAD_ADDRESS, Problem.HOST_UNKNOWN, Problem.REFUSED, Problem.TLS, Problem.DENIED, Problem.MOVED),
        *(Problem.NOT_PUBLISHED, Problem.NOT_ODATA, Problem.NO_SESSION, Problem.NO_METHOD),
    }
)
PASSING: Final = frozenset(  # what may be over in a minute
    {
        *(Problem.HOST_UNKNOWN, Problem.REFUSED, Problem.TIMEOUT, Problem.LOST, Problem.CHANGED, Problem.BAD_JSON),
        *(Problem.NO_SESSION, Problem.NOT_ODATA, WRITING),
    }
)
SOONEST, LATEST, SELDOM = timedelta(minutes=1), timedelta(hours=1), timedelta(hours=6)


def in_words(problem: str) -> str:
    """Why it waits; empty for a code that there is not, and while nothing was tried."""
    return str(WORDS.get(problem) or PROBLEMS.get(problem) or "")


def due_at(*, problem: str, attempts: int, tried: datetime) -> datetime:
    """When it is tried again: what passes soon, soon and then less often; what a person has to mend, seldom."""
    if problem == WRITING:
        return tried + LEASE
    if problem not in PASSING:
        return tried + SELDOM
    pause: timedelta = SOONEST * 2 ** min(max(attempts - 1, 0), 10)
    return tried + min(pause, LATEST)
