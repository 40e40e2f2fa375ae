"""Why a reading of the source ended: 1C's own reasons (crm/sources/odata.Problem) and ours. In words."""

from enum import StrEnum
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.sources.answers import SourceError
from crm.sources.odata import NoAccessError
from crm.sources.words import PROBLEMS


class Stop(StrEnum):
    """The values of SourceImport.problem besides those of Problem."""

    NOT_CONFIRMED = "not_confirmed"
    MAP = "map"  # the base has changed so that the map does not fit any more
    CHANGED_HERE = "changed_here"  # address, log-in or map were changed while it was being read
    BROKEN = "broken"  # the work itself broke; the log says more


STOPS: Final[dict[str, Promise]] = {
    Stop.NOT_CONFIRMED: gettext_lazy("The field map is not confirmed."),
    Stop.MAP: gettext_lazy("The base has changed: the field map does not fit any more. Confirm it anew."),
    Stop.CHANGED_HERE: gettext_lazy("The address, the log-in or the field map was changed meanwhile. Load again."),
    Stop.BROKEN: gettext_lazy("The work broke off. The worker's log says more."),
}


class StoppedError(Exception):
    """The reading cannot go on; the directory is as it was."""

    def __init__(self, stop: Stop) -> None:
        super().__init__(stop.value)
        self.stop = stop


def words_of(code: str) -> str:
    """One sentence for the administrator; empty for no code."""
    found = STOPS.get(code) or PROBLEMS.get(code)
    return str(found) if found else code


def words_of_error(error: NoAccessError) -> str:
    """The sentence, of which object, and 1C's own words."""
    said = words_of(error.problem)
    if isinstance(error, SourceError) and error.entity:
        said = _("%(object)s: %(problem)s") % {"object": error.entity, "problem": said}
    if isinstance(error, SourceError) and error.detail:
        said += " " + _("1C says: “%(words)s”") % {"words": error.detail}
    return said
