"""Why a user was not changed, kept as a code with fields, said in the reader's language."""

from collections.abc import Callable
from enum import StrEnum

from django.utils.translation import gettext as _


class Reason(StrEnum):
    """In `ProfileAssignmentItem.detail`: `code` or `code:field,field`."""

    GONE = "gone"
    OWN_NUMBER = "own_number"
    KIND_GONE = "kind_gone"
    CHANGED_SINCE = "changed_since"
    ASSIGNED_SINCE = "assigned_since"

    def with_fields(self, *fields: str) -> str:
        """As it is stored."""
        return f"{self}:{','.join(fields)}" if fields else str(self)


def text_of(detail: str, label: Callable[[str], str]) -> str:
    """The stored detail in words; `label` names a field."""
    code, _colon, fields = detail.partition(":")
    names = ", ".join(f"«{label(field)}»" for field in fields.split(",") if field)
    match code:
        case Reason.GONE:
            return _("The user was deleted meanwhile.")
        case Reason.OWN_NUMBER:
            return _("The number of last resort is the user's own: an unanswered call would go in circles.")
        case Reason.KIND_GONE:
            return _("The kind of contact information for the last resort was deleted meanwhile.")
        case Reason.CHANGED_SINCE:
            return _("Changed since and left as it is: %(fields)s.") % {"fields": names}
        case Reason.ASSIGNED_SINCE:
            return _("Another assignment came since: undo that one first.")
    return detail
