"""What a key is worth: document, signers, installation, version and clock in, a state out. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from astpanel.accounts.licensing.document import Document, Sealed
from astpanel.accounts.licensing.signing import Signers, is_signed

PRODUCT: Final = "astpanel"
GRACE: Final = timedelta(days=14)  # people work on for so long after the end
SOON: Final = timedelta(days=14)  # an end so near is worth a word
SET_BACK: Final = timedelta(days=1)  # a clock behind the latest moment seen by more than this was set back
SKEW: Final = timedelta(hours=1)  # the vendor's clock may be ahead of ours


class State(StrEnum):
    """Of one key."""

    VALID = "valid"
    EXPIRES_SOON = "expires_soon"  # valid
    GRACE = "grace"  # over, but people work on for a while
    EXPIRED = "expired"
    TAMPERED = "tampered"  # the signature does not fit, or the row says other than its document
    UNKNOWN_SIGNER = "unknown_signer"
    OTHER_INSTALLATION = "other_installation"
    OTHER_PRODUCT = "other_product"
    NOT_YET_VALID = "not_yet_valid"
    TOO_OLD_FOR_VERSION = "too_old_for_version"
    CLOCK_SET_BACK = "clock_set_back"

    @property
    def usable(self) -> bool:
        """It gives seats."""
        return self in {State.VALID, State.EXPIRES_SOON}


@dataclass(frozen=True, slots=True)
class Circumstances:
    """Where and when a key is looked at."""

    installation: str
    version: str  # of the portal: digits and points
    now: datetime
    latest_seen: datetime | None = None

    @property
    def clock_set_back(self) -> bool:
        return self.latest_seen is not None and self.now < self.latest_seen - SET_BACK

    @property
    def moment(self) -> datetime:
        """Time does not run backwards."""
        return self.now if self.latest_seen is None else max(self.now, self.latest_seen)


def distrust(sealed: Sealed, signers: Signers) -> State | None:
    """Why the document cannot be believed; None: it can."""
    signer = signers.get(sealed.document.signer)
    if signer is None:
        return State.UNKNOWN_SIGNER
    return None if is_signed(sealed, signer) and signer.allows(sealed.document) else State.TAMPERED


def state_of(document: Document, here: Circumstances) -> State:
    """Of a document that can be believed."""
    return _misfit(document, here) or _by_time(document, here)


def _misfit(document: Document, here: Circumstances) -> State | None:
    if document.product != PRODUCT:
        return State.OTHER_PRODUCT
    if document.installation and document.installation != here.installation:
        return State.OTHER_INSTALLATION
    if document.max_version and not covers(document.max_version, here.version):
        return State.TOO_OLD_FOR_VERSION
    return None


def _by_time(document: Document, here: Circumstances) -> State:
    """A key without an end gains nothing from a wrong clock, so it is not held against it."""
    if document.expires is not None and here.clock_set_back:
        return State.CLOCK_SET_BACK
    if document.issued > here.moment + SKEW:
        return State.NOT_YET_VALID
    if document.expires is None:
        return State.VALID
    left = document.expires - here.moment
    if left <= timedelta(0):
        return State.GRACE if left > -GRACE else State.EXPIRED
    return State.EXPIRES_SOON if left <= SOON else State.VALID


def covers(limit: str, version: str) -> bool:
    """`1` covers 1.9.3, `1.2` covers 1.2.7 and 1.1, not 1.3."""
    most = tuple(map(int, limit.split(".")))
    return tuple(map(int, version.split(".")))[: len(most)] <= most
