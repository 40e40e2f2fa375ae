"""What is read about licences."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.conf import settings
from django.db.models import QuerySet

from astpanel import VERSION
from astpanel.accounts.licensing.document import Document, DocumentError, Sealed, parse
from astpanel.accounts.licensing.protection import KeyState, Protection
from astpanel.accounts.licensing.signing import BadKeyError, Signer, own_signer, vendor_signers
from astpanel.accounts.licensing.verify import Circumstances, State, distrust, state_of
from astpanel.accounts.models import Installation, License, PanelUser

THE_ONE: Final = 1  # primary key of the only row


def installation() -> Installation:
    """Who we are; made when asked for the first time."""
    return Installation.objects.get_or_create(pk=THE_ONE)[0]


def signers(here: Installation) -> dict[str, Signer]:
    """Whose signatures count here. Raises BadKeyError when the setting cannot be read."""
    known = vendor_signers(settings.LICENSE_KEYS)
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        for purpose in ("local", "demo") if settings.DEMO else ("local",):
            signer = own_signer(str(secret), here.uuid, purpose)
            known[signer.id] = signer
    return known


def circumstances(here: Installation, now: datetime) -> Circumstances:
    """What keys are measured by."""
    return Circumstances(str(here.uuid), VERSION, now, here.latest_seen)


def protection(*, now: datetime) -> Protection:
    """Three queries (four the first time), and no signature that was verified before."""
    return Stock.load().protection(now)


@dataclass(frozen=True, slots=True)
class Stock:
    """The rows that protection is made of."""

    installation: Installation
    licenses: tuple[License, ...]
    seats_used: int

    @classmethod
    def load(cls) -> "Stock":
        return cls(installation(), tuple(License.objects.all()), holders().count())

    def protection(self, now: datetime) -> Protection:
        """The same rows at another moment give another answer: a key ends without anybody writing anything."""
        try:
            known = signers(self.installation)
        except BadKeyError:
            known = None
        here = circumstances(self.installation, now)
        keys = tuple(_key_state(row, known or {}, here) for row in self.licenses)
        return Protection(known is not None, keys, self.seats_used, here, self.installation.created)


def _key_state(row: License, known: dict[str, Signer], here: Circumstances) -> KeyState:
    try:
        sealed = parse(row.document.encode())
    except (DocumentError, UnicodeEncodeError):
        return KeyState(row, State.TAMPERED, None)
    doubt = distrust(sealed, known)
    if doubt is None and not agrees(row, sealed):
        doubt = State.TAMPERED
    return KeyState(row, doubt or state_of(sealed.document, here), sealed.document)


def columns(document: Document) -> dict[str, object]:
    """What the row repeats of its document."""
    return {
        "key_id": document.key,
        "kind": str(document.kind),
        "holder": document.holder,
        "seats": document.seats,
        "issued": document.issued,
        "expires": document.expires,
        "max_version": document.max_version,
        "installation": document.installation,
    }


def agrees(row: License, sealed: Sealed) -> bool:
    """The readable copy is a true one."""
    return all(getattr(row, name) == value for name, value in columns(sealed.document).items())


def holders() -> QuerySet[PanelUser]:
    """Users who take a seat: in use and not switched off."""
    return PanelUser.objects.filter(in_use=True, is_active=True)


def holder_names(limit: int) -> list[str]:
    """The first of those who hold seats."""
    return [str(user) for user in holders()[:limit]]
