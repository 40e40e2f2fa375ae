"""The words for licences: states, faults of files, seats. Codes and values in, sentences in the active language out."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from astpanel.accounts.licensing.document import LARGEST, Document, Fault
from astpanel.accounts.licensing.verify import GRACE, State

if TYPE_CHECKING:
    from astpanel.accounts.licensing.protection import Protection

LABELS: Final[dict[State, Promise]] = {
    State.VALID: gettext_lazy("valid"),
    State.EXPIRES_SOON: gettext_lazy("ends soon"),
    State.GRACE: gettext_lazy("has ended, grace time"),
    State.EXPIRED: gettext_lazy("has ended"),
    State.TAMPERED: gettext_lazy("altered"),
    State.UNKNOWN_SIGNER: gettext_lazy("unknown signature"),
    State.OTHER_INSTALLATION: gettext_lazy("for another installation"),
    State.OTHER_PRODUCT: gettext_lazy("for another product"),
    State.NOT_YET_VALID: gettext_lazy("not yet valid"),
    State.TOO_OLD_FOR_VERSION: gettext_lazy("for older versions"),
    State.CLOCK_SET_BACK: gettext_lazy("the clock was set back"),
}

FAULTS: Final[dict[Fault, Promise]] = {
    Fault.TOO_LARGE: gettext_lazy("The file is too large for a licence key: at most %(kib)d KiB."),
    Fault.NOT_TEXT: gettext_lazy("This is not a licence key: a key is a text file."),
    Fault.NO_LICENCE: gettext_lazy(
        "There is no licence key in it: a key begins with the line “-----BEGIN ASTPANEL LICENCE-----”."
    ),
    Fault.TRUNCATED: gettext_lazy("The key is cut short: its end is missing. Take the whole file."),
    Fault.SEVERAL: gettext_lazy("There are several keys in it: add them one by one."),
    Fault.DAMAGED: gettext_lazy("The key is damaged: ask for it again as an attached file."),
    Fault.NEWER_FORMAT: gettext_lazy("The key is made for a later version of the portal: update the portal first."),
    Fault.BAD_FIELDS: gettext_lazy("The key makes no sense: ask who issued it for another one."),
}

CLOCK: Final = gettext_lazy(
    "The clock of the server is behind the latest moment seen: set it right, then keys count again."
)


def level(state: State) -> str:
    """`ok`, `warning` or `error`."""
    if state == State.VALID:
        return "ok"
    return "warning" if state in {State.EXPIRES_SOON, State.GRACE, State.NOT_YET_VALID} else "error"


def day(moment: datetime) -> str:
    """A date for people, in the portal's time zone; without the «г.» that would end a sentence with two full stops."""
    return date_format(timezone.localtime(moment), "DATE_FORMAT").removesuffix(" г.")


def key_text(state: State, document: Document | None) -> str:
    """One key: what its state means, and what to do."""
    if document is None:
        return _("The stored key was altered or damaged and does not count. Add its file again.")
    end = day(document.expires) if document.expires else ""
    until = day(document.expires + GRACE) if document.expires else ""
    texts = {
        State.VALID: _("Valid until %(end)s.") % {"end": end} if end else _("Valid, without an end."),
        State.EXPIRES_SOON: _("Valid until %(end)s: order the next key in time.") % {"end": end},
        State.GRACE: _("Ended on %(end)s. People work on until %(until)s; nobody new can be added. Add a new key.")
        % {"end": end, "until": until},
        State.EXPIRED: _("Ended on %(end)s. Add a new key.") % {"end": end},
        State.TAMPERED: _(
            "What is stored differs from what was signed, so it does not count. Add the key's file again."
        ),
        State.UNKNOWN_SIGNER: _(
            "It is signed with a key that this portal does not know: it was made for another portal or a later "
            "version, or the portal's secret key has changed since. Ask for a new key."
        ),
        State.OTHER_INSTALLATION: _("It is made for the installation %(number)s. Ask for a key for this one.")
        % {"number": document.installation},
        State.OTHER_PRODUCT: _("It is a key for the product “%(product)s”.") % {"product": document.product},
        State.NOT_YET_VALID: _("It counts from %(begin)s on.") % {"begin": day(document.issued)},
        State.TOO_OLD_FOR_VERSION: _("It is for versions up to %(version)s; this portal is newer. Ask for a new key.")
        % {"version": document.max_version},
        State.CLOCK_SET_BACK: str(CLOCK),
    }
    return texts[state]


def fault_text(fault: Fault) -> str:
    """Why a file is no key."""
    return str(FAULTS[fault]) % {"kib": LARGEST // 1024}


def reason(protection: "Protection") -> str:
    """The keys together: how it stands; when not well, why and what to do."""
    if not protection.available:
        return unreadable_keys()
    facts = {"used": protection.seats_used, "total": protection.seats_total, "works": protection.seats_covered}
    if protection.closed:
        return f"{_cause(protection)} {_('The panel is closed until a valid key is added; nothing is deleted.')}"
    until = protection.grace_until
    if not protection.usable:
        open_until = _("The panel works until %(until)s.") % {"until": day(until)} if until else ""
        return f"{_cause(protection)} {open_until}".strip()
    if protection.seats_used <= protection.seats_total:
        taken = _("%(used)d of %(total)d seats taken.") % facts
        soon = protection.expires if protection.level == "warning" else None
        return f"{taken} {_('A key ends on %(date)s.') % {'date': day(soon)}}" if soon else taken
    over = _("Users in use: %(used)d, seats of the licence keys: %(total)d.") % facts
    if protection.seats_covered < protection.seats_used:
        return f"{over} {_('The panel opens for %(works)d of them only: free seats or add a key.') % facts}"
    return f"{over} {_('All can work until %(until)s.') % {'until': day(until)}}" if until else over


def _cause(protection: "Protection") -> str:
    """Why no key is valid: the one that says most."""
    if not protection.keys:
        return _("There is no licence key yet.")
    if protection.here.clock_set_back:
        return str(CLOCK)
    over = [
        key.document.expires for key in protection.keys if key.state in {State.GRACE, State.EXPIRED} and key.document
    ]
    if ended := max((end for end in over if end), default=None):
        return _("The licence ended on %(end)s.") % {"end": day(ended)}
    key = protection.keys[0]
    return _("No licence key is valid. %(key)s: %(text)s") % {"key": key.license.key_id, "text": key.text}


def no_seats(*, wanted: int, free: int, total: int, holders: Sequence[str], others: int) -> str:
    """Why nobody more can be flagged «Использовать»: the first names of those who hold the seats, and how many more."""
    if not total:
        return _("No licence key is valid, so there are no seats: add a key under “Licences”.")
    if free:
        text = ngettext("%(wanted)d seat is needed,", "%(wanted)d seats are needed,", wanted) % {"wanted": wanted}
        left = ngettext("%(free)d is free.", "%(free)d are free.", free) % {"free": free}
        begin = f"{text} {left}"
    else:
        begin = ngettext("The only seat is taken.", "All %(total)d seats are taken.", total) % {"total": total}
    names = ", ".join(holders)
    more = ngettext("and %(count)d more", "and %(count)d more", others) % {"count": others} if others else ""
    held = _("They are held by: %(names)s.") % {"names": f"{names} {more}".strip()}
    return f"{begin} {held} {_('Take the mark “Use” off somebody, or add a key.')}"


def unreadable_keys() -> str:
    """The portal itself is set up wrongly."""
    return _("The keys that verify licences cannot be read: check ASTPANEL_LICENSE_KEYS.")


def forged() -> str:
    """Of a file that is to be added."""
    return _(
        "The signature does not fit: the key was changed after it was signed. Ask for it again as an attached file."
    )
