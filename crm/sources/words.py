"""Verdicts of the identification in words: what was found, and what to do about it."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.sources.odata import Problem
from crm.sources.registry import CONFIGURATIONS
from crm.sources.signature import Identification, Verdict

PUBLISH: Final = gettext_lazy(
    "In the Designer: “Administration → Publishing on the web server”, tick “Publish the standard OData interface”."
)
SELECT: Final = gettext_lazy(
    "In 1C: “All functions → Standard → Managing the automatic REST service” (or the setting of synchronisation in the "
    "cloud): select counterparties, contact persons, contact information and users."
)
PROBLEMS: Final[dict[str, Promise]] = {
    Problem.BAD_ADDRESS: gettext_lazy("This is no web address. Expected something like https://server/base."),
    Problem.HOST_UNKNOWN: gettext_lazy("The name of the server is unknown. Check the address."),
    Problem.REFUSED: gettext_lazy("The server does not answer at this address. Check host and port."),
    Problem.TIMEOUT: gettext_lazy("The server has not answered in time. Check the address and the network."),
    Problem.TLS: gettext_lazy(
        "No encrypted connection could be made: the certificate is not trusted, or the port does not speak TLS."
    ),
    Problem.LOST: gettext_lazy("The connection broke in the middle of the answer. Try again."),
    Problem.DENIED: gettext_lazy("1C refuses this log-in or password. Use a 1C user of its own with read rights."),
    Problem.FORBIDDEN: gettext_lazy("The 1C user has no right to the OData interface. Give it a role that reads."),
    Problem.NOT_PUBLISHED: gettext_lazy("There is no OData interface at this address."),
    Problem.MOVED: gettext_lazy("The server sends to another address. Type that address here."),
    Problem.SERVER_ERROR: gettext_lazy("1C answered with an error of its own. Look into the web server's log."),
    Problem.NOT_ODATA: gettext_lazy("Something else than 1C's OData interface answers here."),
    Problem.TOO_LARGE: gettext_lazy("The answer is too large."),
    Problem.NOT_SELECTED: gettext_lazy("The object is not among those that 1C publishes over OData. Select it there."),
    Problem.GONE: gettext_lazy("It is not in 1C any more."),
    Problem.CHANGED: gettext_lazy("Somebody changes it in 1C at the same time. Try again later."),
    Problem.BAD_JSON: gettext_lazy("The answer of 1C breaks off or cannot be read. Try again."),
    Problem.REJECTED: gettext_lazy("1C does not take the request."),
    Problem.NO_METHOD: gettext_lazy(
        "The web server does not let the portal write: it must pass PATCH requests on to 1C."
    ),
    Problem.NO_SESSION: gettext_lazy("1C has no free session or client licence for the portal. Try again later."),
}


def headline(found: Identification) -> str:
    """One sentence: what it is."""
    match found.verdict:
        case Verdict.RECOGNISED if found.host:
            names = {"name": name_of(found.configuration), "host": name_of(found.host)}
            return _("Recognised: %(name)s within %(host)s.") % names
        case Verdict.RECOGNISED:
            return _("Recognised: %(name)s.") % {"name": name_of(found.configuration)}
        case Verdict.MODIFIED:
            return _("A modified configuration: choose the one it was made from.")
        case Verdict.UNKNOWN:
            return _("No supported configuration: choose the nearest one, or the built-in directory.")
        case Verdict.EMPTY:
            return _("OData is published, but no objects are selected.")
        case Verdict.NO_ACCESS:
            return str(PROBLEMS.get(found.problem, _("No access.")))


def advice(found: Identification) -> str:
    """What to do; empty if nothing."""
    if found.verdict is Verdict.EMPTY:
        return str(SELECT)
    if found.verdict is Verdict.NO_ACCESS and found.problem in {Problem.NOT_PUBLISHED, Problem.NOT_ODATA}:
        return str(PUBLISH)
    if found.missing:
        return _("Not found: %(objects)s.") % {"objects": ", ".join(found.missing)} + f" {SELECT}"
    return ""


def name_of(code: str) -> str:
    """The configuration's name."""
    return str(CONFIGURATIONS[code].name) if code in CONFIGURATIONS else code
