"""What is written about licences: keys added, the trial made, the clock noted."""

from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from astpanel.accounts.licensing import words
from astpanel.accounts.licensing.document import Document, DocumentError, Kind, Sealed, parse
from astpanel.accounts.licensing.protection import KeyState, Protection
from astpanel.accounts.licensing.seats import SeatVerdict, may_use_more
from astpanel.accounts.licensing.selectors import (
    THE_ONE,
    agrees,
    circumstances,
    columns,
    installation,
    protection,
    signers,
)
from astpanel.accounts.licensing.signing import (
    DEMO_SEATS,
    DEMO_TIME,
    TRIAL_SEATS,
    TRIAL_TIME,
    BadKeyError,
    own_key,
    own_signer,
    seal,
)
from astpanel.accounts.licensing.verify import PRODUCT, State, distrust, state_of
from astpanel.accounts.models import Installation, License, PanelUser

__all__ = [
    "KeyState",
    "Protection",
    "SeatVerdict",
    "create_trial",
    "install_demo_key",
    "install_key",
    "may_use_more",
    "note_time",
    "protection",
]

NOTE_EVERY: Final = timedelta(minutes=5)  # the latest moment seen is written no more often
ACCEPTED: Final = {State.VALID, State.EXPIRES_SOON, State.GRACE, State.NOT_YET_VALID, State.CLOCK_SET_BACK}


@transaction.atomic
def install_key(*, document: bytes, by: PanelUser | None, now: datetime | None = None) -> License:
    """Add the key in a file's bytes. A later document with the same number replaces the earlier one.

    Raises ValidationError in words, with the fault or state as its code, when the key is not for here.
    """
    now = now or timezone.now()
    here = installation()
    sealed = _trusted(document, here)
    state = state_of(sealed.document, circumstances(here, now))
    forgiven = _forgive_clock(here, sealed.document, now)
    if state not in ACCEPTED:
        raise ValidationError(words.key_text(state, sealed.document), code=state.value)
    row = License.objects.select_for_update().filter(key_id=sealed.document.key).first() or License()
    if row.pk is not None:
        _may_replace(row, sealed, forgiven)
    for name, value in columns(sealed.document).items():
        setattr(row, name, value)
    row.document = document.decode("utf-8-sig")
    row.added, row.added_by = now, by
    row.save()
    note_time(now=now)
    return row


@transaction.atomic
def create_trial(*, by: PanelUser | None, now: datetime | None = None) -> License:
    """The trial key of this installation, signed with its own key. Raises ValidationError the second time."""
    now = now or timezone.now()
    here = installation()
    if circumstances(here, now).clock_set_back:
        raise ValidationError(str(words.CLOCK), code=State.CLOCK_SET_BACK.value)
    if not Installation.objects.filter(pk=THE_ONE, trial_created=None).update(trial_created=now):
        made = words.day(here.trial_created) if here.trial_created else ""
        text = _("The trial key of this installation was made on %(date)s; there is one only.") % {"date": made}
        raise ValidationError(text, code="trial_exists")
    document = _own_document(here, now, f"TRIAL-{here.uuid.hex[:8].upper()}", TRIAL_SEATS, TRIAL_TIME)
    return _install_own(here, document, "local", by, now)


@transaction.atomic
def install_demo_key(*, now: datetime | None = None) -> License:
    """The key of the demo office, made anew when it is not valid any more. It counts nowhere but in a demo."""
    now = now or timezone.now()
    here = installation()
    document = _own_document(here, now, "DEMO", DEMO_SEATS, DEMO_TIME)
    for key in protection(now=now).keys:
        if key.license.key_id == document.key:
            if key.state == State.VALID:
                return key.license
            key.license.delete()
    return _install_own(here, document, "demo", None, now)


def note_time(*, now: datetime) -> None:
    """Remember the latest moment seen: the clock cannot be set back behind it unnoticed. One cheap statement."""
    unseen = Q(latest_seen=None) | Q(latest_seen__lt=now - NOTE_EVERY)
    Installation.objects.filter(unseen, pk=THE_ONE).update(latest_seen=now)


def _trusted(data: bytes, here: Installation) -> Sealed:
    try:
        sealed = parse(data)
        doubt = distrust(sealed, signers(here))
    except DocumentError as error:
        raise ValidationError(words.fault_text(error.fault), code=error.fault.value) from None
    except BadKeyError:
        raise ValidationError(words.unreadable_keys(), code="no_keys") from None
    if doubt == State.TAMPERED:
        raise ValidationError(words.forged(), code=doubt.value)
    if doubt is not None:
        raise ValidationError(words.key_text(doubt, sealed.document), code=doubt.value)
    return sealed


def _forgive_clock(here: Installation, document: Document, now: datetime) -> bool:
    """The vendor knows the wrong moment this clock once showed: forget it. It cannot be forgiven twice."""
    if document.forgives_clock is None or document.installation != str(here.uuid):
        return False
    if here.latest_seen is None or here.latest_seen.replace(microsecond=0) != document.forgives_clock:
        return False
    changed = Installation.objects.filter(pk=THE_ONE, latest_seen=here.latest_seen).update(latest_seen=now)
    here.latest_seen = now
    return bool(changed)


def _may_replace(row: License, sealed: Sealed, forgiven: bool) -> None:
    """A damaged row is mended by its own file; a renewal comes under the same number; the same file twice does not."""
    try:
        old = parse(row.document.encode())
    except (DocumentError, UnicodeEncodeError):
        return
    intact = agrees(row, old) and distrust(old, signers(installation())) is None
    if not intact or forgiven or sealed.document.issued > old.document.issued:
        return
    if sealed.payload == old.payload:
        raise ValidationError(_("This key has been added already."), code="exists")
    raise ValidationError(_("A newer document of this key has been added already."), code="older")


def _own_document(here: Installation, now: datetime, key: str, seats: int, time: timedelta) -> Document:
    issued = now.replace(microsecond=0)
    return Document(
        key=key,
        signer="",
        product=PRODUCT,
        kind=Kind.TRIAL,
        holder=_("Demo office") if key == "DEMO" else _("Trial of this installation"),
        seats=seats,
        issued=issued,
        expires=issued + time,
        installation=str(here.uuid),
    )


def _install_own(here: Installation, document: Document, purpose: str, by: PanelUser | None, now: datetime) -> License:
    signer = own_signer(settings.SECRET_KEY, here.uuid, purpose)
    text = seal(document, own_key(settings.SECRET_KEY, here.uuid, purpose), signer.id)
    return install_key(document=text.encode(), by=by, now=now)
