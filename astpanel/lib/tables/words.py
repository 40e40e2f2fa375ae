"""Yes and no in the cells of a file. Pure."""

from typing import Final

from django.utils.translation import gettext as _

YES: Final = frozenset({"да", "yes", "1", "+", "true", "истина", "on", "y", "д"})
NO: Final = frozenset({"нет", "no", "0", "-", "false", "ложь", "off", "n", "н"})


def yes_or_no(text: str) -> bool:
    """«да», yes, 1, + … Raises ValueError in words."""
    word = text.strip().lower()
    if word not in YES | NO:
        raise ValueError(_("Say yes or no."))
    return word in YES
