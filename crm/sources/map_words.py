"""What is wrong with a field map, in words."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm.sources.map_problems import Finding, MapProblem

WORDS: Final[dict[str, Promise]] = {
    MapProblem.NO_CUSTOMERS: _("No catalogue of customers is chosen."),
    MapProblem.NO_ENTITY: _("1C does not publish this object. Select it there, or choose another one."),
    MapProblem.NO_PROPERTY: _("The object has no such field."),
    MapProblem.NO_SECTION: _("The object has no such tabular part, or it is not published."),
    MapProblem.NO_OWNER: _("The field with the owner of the contact information is not chosen."),
    MapProblem.TWICE: _("One catalogue is chosen in two places."),
    MapProblem.NO_NUMBERS: _("No phones would be loaded: nothing says where they are kept."),
    MapProblem.NO_MANAGER: _("No field names the responsible manager: managers are chosen here."),
    MapProblem.NO_PERSONS: _("No contact persons would be loaded."),
    MapProblem.NO_USERS: _("A field names the managers, but no catalogue of users is chosen: nobody can be matched."),
}


def in_words(finding: Finding) -> str:
    """One sentence, with the object's name where it is about one."""
    said = str(WORDS[finding.problem])
    return f"{finding.path}: {said}" if finding.path else said


def kept_in_words(problem: str, path: str) -> str:
    """Of a finding that was kept as a pair of texts."""
    try:
        return in_words(Finding(MapProblem(problem), path))
    except ValueError:  # of another version
        return f"{path}: {problem}"
