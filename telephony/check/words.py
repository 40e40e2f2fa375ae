"""The check's words: what was found, why it matters, what to do. Rendered in the reader's language when shown."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from telephony.check.words_access import ACCESS
from telephony.check.words_features import FEATURES
from telephony.check.words_numbers import NUMBERS
from telephony.check.words_parts import FEATURE_NAMES, PLACES, Words
from telephony.live.reasons import link_reason

SHOWN: Final = 30  # of a list of numbers
ALL: Final[dict[str, Words]] = ACCESS | NUMBERS | FEATURES


def title(code: str, params: Mapping[str, object]) -> str:
    """What was found; of an unknown code (a newer version's) the code itself."""
    if code == "login_failed":
        return f"{params.get('account', '')}: {link_reason(str(params.get('reason', ''))).what}"
    return _fill(ALL[code].title if code in ALL else code, params)


def meaning(code: str, params: Mapping[str, object]) -> str:
    """Why it matters."""
    if code == "login_failed":
        return str(link_reason(str(params.get("reason", ""))).why)
    return _fill(ALL[code].meaning, params) if code in ALL else ""


def act(code: str, params: Mapping[str, object]) -> str:
    """What to do."""
    if code == "login_failed":
        return str(link_reason(str(params.get("reason", ""))).act)
    return _fill(ALL[code].act, params) if code in ALL else ""


def place(kind: str, file: str) -> str:
    """Where the PBX's own interface keeps such a file."""
    known = PLACES.get(kind)
    return str(known) % {"file": file} if known else ""


def _fill(text: object, params: Mapping[str, object]) -> str:
    shown = {name: _shown(name, value) for name, value in params.items()}
    try:
        return str(text) % shown
    except (KeyError, ValueError):  # kept by another version of the portal
        return str(text)


def _shown(name: str, value: object) -> str:
    if name == "features" and isinstance(value, list):
        return ", ".join(str(FEATURE_NAMES.get(code, code)) for code in value)
    if name == "day":
        return _day(str(value))
    if isinstance(value, list):
        rest = len(value) - SHOWN
        listed = ", ".join(map(str, value[:SHOWN]))
        return _("%(listed)s and %(rest)d more") % {"listed": listed, "rest": rest} if rest > 0 else listed
    return str(value)


def _day(text: str) -> str:

    try:
        return date_format(date.fromisoformat(text), "DATE_FORMAT")
    except ValueError:
        return text
