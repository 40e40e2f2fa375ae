"""Licences for tests: a vendor of our own, whose public key the test run trusts."""

import os
from datetime import UTC, datetime
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.utils import timezone

from astpanel.accounts.licensing.document import Document, DocumentError, Kind
from astpanel.accounts.licensing.signing import public_line, seal

SIGNER: Final = "tests"
PRIVATE: Final = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))  # published here: trusted by tests only
KEYS: Final = public_line(SIGNER, PRIVATE)
NOON: Final = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def trust_test_keys() -> None:
    """For this process, and by the environment for the servers that tests start."""
    from django.conf import settings  # noqa: PLC0415 - not before pytest has chosen the settings

    os.environ["ASTPANEL_LICENSE_KEYS"] = KEYS
    settings.LICENSE_KEYS = [KEYS]


def document(**values: Any) -> Document:
    """A permanent key for ten, with what the test changes."""
    common: dict[str, Any] = {
        "key": "TEST-1",
        "signer": SIGNER,
        "product": "astpanel",
        "kind": Kind.PERMANENT,
        "holder": "ООО «Ромашка»",
        "seats": 10,
        "issued": NOON,
    }
    return Document(**common | values)


def sealed(**values: Any) -> str:
    """The file of such a key, signed."""
    return seal(document(**values), PRIVATE, values.get("signer", SIGNER))


def give_key(seats: int = 10_000) -> None:
    """A valid key in the database, for tests that are about something else."""
    from astpanel.accounts.licensing.services import install_key  # noqa: PLC0415 - apps must be ready

    trust_test_keys()
    install_key(document=sealed(key=f"TEST-{seats}", seats=seats).encode(), by=None, now=timezone.now())


def document_of(row: Any) -> str:
    """The signed document of a row that a factory makes; none when no vendor could have signed such values."""
    names = ("kind", "holder", "seats", "issued", "expires", "max_version", "installation")
    given = {name: getattr(row, name) for name in names if hasattr(row, name)}
    try:
        return sealed(key=row.key_id, **given)
    except DocumentError:
        return ""
