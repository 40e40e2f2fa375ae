"""Ed25519 keys: who may sign which licences. Pure: keys in, documents and signatures out.

The vendor's private key never comes near an installation. The installation's own key, derived from its secret, signs
nothing but trial (and demo) keys for itself: docs/adr/0009-licences.md.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import lru_cache
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from astpanel.accounts.licensing.document import CONTEXT, Document, Kind, Sealed, armour, canonical

TRIAL_SEATS: Final = 25
TRIAL_TIME: Final = timedelta(days=30)
DEMO_SEATS: Final = 100
DEMO_TIME: Final = timedelta(days=366)
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9.-]{0,39}")


class BadKeyError(ValueError):
    """A public key that cannot be read."""


@dataclass(frozen=True, slots=True)
class Signer:
    """A public key (32 bytes) and what it may vouch for; None: anything."""

    id: str
    public: bytes
    most_seats: int | None = None
    longest: timedelta | None = None
    only_for: str = ""  # an installation; then trial keys only

    def allows(self, document: Document) -> bool:
        """The signature is not asked here."""
        if not self.only_for:
            return True
        return (
            document.kind == Kind.TRIAL
            and document.installation == self.only_for
            and document.forgives_clock is None
            and document.expires is not None
            and (self.most_seats is None or document.seats <= self.most_seats)
            and (self.longest is None or document.expires - document.issued <= self.longest)
        )


Signers = Mapping[str, Signer]


def vendor_signers(lines: Iterable[str]) -> dict[str, Signer]:
    """`name:base64 of 32 bytes` each. Raises BadKeyError naming the line."""
    found = {}
    for line in lines:
        name, _, text = line.partition(":")
        try:
            public = base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError):
            public = b""
        if _NAME.fullmatch(name) is None or name.startswith(("local-", "demo-")) or len(public) != 32:
            raise BadKeyError(line[:80])
        found[name] = Signer(name, public)
    return found


def public_line(name: str, private: Ed25519PrivateKey) -> str:
    """What `vendor_signers` reads."""
    return f"{name}:{base64.b64encode(private.public_key().public_bytes_raw()).decode()}"


def own_key(secret: str, installation: UUID, purpose: str) -> Ed25519PrivateKey:
    """The installation's own key for a purpose ("local", "demo"): always the same while the secret is."""
    derived = HKDF(algorithm=SHA256(), length=32, salt=installation.bytes, info=f"astpanel licence {purpose}".encode())
    return Ed25519PrivateKey.from_private_bytes(derived.derive(secret.encode()))


def own_signer(secret: str, installation: UUID, purpose: str) -> Signer:
    """The public half. The id changes with the secret, so that an old key is told from a forged one."""
    public = _own_public(secret, installation, purpose)
    seats, longest = (DEMO_SEATS, DEMO_TIME) if purpose == "demo" else (TRIAL_SEATS, TRIAL_TIME)
    name = f"{purpose}-{hashlib.sha256(public).hexdigest()[:12]}"
    return Signer(name, public, seats, longest, str(installation))


@lru_cache(maxsize=16)
def _own_public(secret: str, installation: UUID, purpose: str) -> bytes:
    return own_key(secret, installation, purpose).public_key().public_bytes_raw()


def seal(document: Document, private: Ed25519PrivateKey, signer: str) -> str:
    """The licence file. Raises DocumentError when the values make no sense."""
    payload = canonical(replace(document, signer=signer))
    return armour(payload, private.sign(CONTEXT + payload))


def is_signed(sealed: Sealed, signer: Signer) -> bool:
    """The signature fits. The answer is remembered: it never changes."""
    return _fits(signer.public, sealed.signature, sealed.signed_bytes)


@lru_cache(maxsize=256)
def _fits(public: bytes, signature: bytes, signed: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, signed)
    except (InvalidSignature, ValueError):
        return False
    return True
