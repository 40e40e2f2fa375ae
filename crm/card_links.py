"""Links from a customer's card into other systems: `https://crm.example/find/{e164}`.

What is put in is percent-encoded, so neither a name nor a number can change where a link leads; the address itself is
http or https, and its host is written out.
"""

import logging
import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlsplit

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from astpanel.lib.phone_numbers import digits_of
from crm.models import CardLink

log = logging.getLogger(__name__)
PLACEHOLDERS: Final = ("e164", "digits", "last10", "name", "external_ref")
SCHEMES: Final = ("http", "https")
EXAMPLE: Final = {"e164": "+74951112233", "name": "ООО «Ромашка»", "external_ref": "000012345"}
_PLACEHOLDER: Final = re.compile(r"\{([^{}]*)\}")
_FORBIDDEN: Final = re.compile(r"[\s\\<>\"'`\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Link:
    """A link ready to be followed. The name is an administrator's text: escape it when shown."""

    name: str
    url: str


def links_for(*, e164: str, name: str, external_ref: str) -> list[Link]:
    """The enabled links, in their order. One is left out when what it needs is not known (a hidden number). One query.

    `e164`: with the plus, or the bare digits of a number that is no E.164 one.
    """
    found = []
    for row in CardLink.objects.filter(enabled=True):
        try:
            check_template(row.template)
        except ValidationError:
            log.error("link %s on the card is left out: its address is not allowed", row.pk)
            continue
        if url := filled(row.template, e164=e164, name=name, external_ref=external_ref):
            found.append(Link(row.name, url))
    return found


def filled(template: str, *, e164: str, name: str, external_ref: str) -> str:
    """The address for one customer; empty when one of its placeholders has no value. The template was checked."""
    digits = digits_of(e164)
    values = dict(zip(PLACEHOLDERS, (e164, digits, digits[-10:], name, external_ref), strict=True))
    if not all(values[key] for key in _PLACEHOLDER.findall(template)):
        return ""
    return _PLACEHOLDER.sub(lambda found: quote(values[found[1]], safe="", errors="replace"), template)


def check_template(template: str) -> None:
    """Raises ValidationError that says in words what is wrong."""
    if unknown := [key for key in _PLACEHOLDER.findall(template) if key not in PLACEHOLDERS]:
        text = _("There is no {%(unknown)s}. Known: %(known)s.")
        known = ", ".join(f"{{{key}}}" for key in PLACEHOLDERS)
        raise ValidationError(text, code="placeholder", params={"unknown": unknown[0], "known": known})
    if "{" in (rest := _PLACEHOLDER.sub("", template)) or "}" in rest:
        raise ValidationError(_("A curly bracket stands alone: placeholders look like {e164}."), code="bracket")
    if _FORBIDDEN.search(template):
        raise ValidationError(
            _("Spaces, quotes, backslashes, angle brackets and control characters are not allowed in an address."),
            code="characters",
        )
    try:
        parts = urlsplit(template)
        port_is_fine = parts.port != 0  # raises ValueError for one that is no number
    except ValueError:
        raise ValidationError(_("This is no address."), code="address") from None
    if parts.scheme.lower() not in SCHEMES or not template.lower().startswith(("http://", "https://")):
        raise ValidationError(_("The address begins with https:// or http://."), code="scheme")
    if not parts.hostname or not port_is_fine or "@" in parts.netloc or _PLACEHOLDER.search(parts.netloc):
        raise ValidationError(
            _("After https:// stands the name of the server, without a placeholder, a log-in or a password."),
            code="host",
        )
