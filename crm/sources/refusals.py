"""Why a row of the source was not taken over: codes of RefusedRow.reason in words."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

REASONS: Final[dict[str, Promise]] = {
    "no_name": _("It has no name."),
    "no_owner": _("The customer it belongs to is not there."),
    "digits": _("A phone number has digits."),
    "no_number": _("This is no phone number."),
    "too_short": _("Too few digits for a phone number of a customer."),
    "extension_alone": _("An extension without its number."),
    "part": _("This is not the whole number."),
    "too_long": _("Too long."),
    "several": _("Several numbers that cannot be told apart."),
    "control": _("It has control characters."),
    "invalid": _("This is no e-mail address."),
    "required": _("It is empty."),
}


def reason_in_words(code: str) -> str:
    """One sentence; the code itself when it is of another version."""
    return str(REASONS.get(code, code))
