"""`manage.py license_issue`: sign a licence file, on the vendor's machine."""

import secrets
import sys
from argparse import ArgumentTypeError
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from astpanel.accounts.licensing.document import Document, DocumentError, Kind
from astpanel.accounts.licensing.signing import seal
from astpanel.accounts.licensing.verify import PRODUCT

OTHERS = 0o077  # permission bits of group and world


class Command(BaseCommand):
    """Needs no database. The same values signed twice give two keys unless --key names one."""

    help = "Signs a licence file with the vendor's private key, which is kept outside of every installation."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--private-key", type=Path, required=True, help="as license_keygen made it")
        parser.add_argument("--name", default="vendor-1", help="id of the key pair, as in license_keygen")
        parser.add_argument("--holder", required=True, help="who it is for")
        parser.add_argument("--seats", type=int, required=True)
        parser.add_argument("--trial", action="store_true", help="a trial key: needs --expires")
        parser.add_argument("--expires", type=_end, help="last day (2027-03-31) or moment (2027-03-31T12:00:00Z)")
        parser.add_argument("--begins", type=_moment, help="counts from this moment on; default: now")
        parser.add_argument("--installation", type=_uuid, default="", help="number of the installation; default: any")
        parser.add_argument("--max-version", default="", help="1 = every 1.x; default: every version")
        parser.add_argument("--key", help="number of the key; the same number renews the earlier document")
        parser.add_argument("--forgives-clock", type=_moment, help="the wrong latest moment seen")
        parser.add_argument("-o", "--output", type=Path, help="default: the standard output")

    def handle(self, *args: Any, private_key: Path, output: Path | None, name: str, **options: Any) -> None:
        if options["forgives_clock"] and not options["installation"]:
            raise CommandError("--forgives-clock needs --installation")
        document = Document(
            key=options["key"] or new_number(),
            signer=name,
            product=PRODUCT,
            kind=Kind.TRIAL if options["trial"] else Kind.PERMANENT,
            holder=options["holder"],
            seats=options["seats"],
            issued=(options["begins"] or timezone.now()).replace(microsecond=0),
            expires=options["expires"],
            max_version=options["max_version"],
            installation=options["installation"],
            forgives_clock=options["forgives_clock"],
        )
        try:
            text = seal(document, read_private(private_key), name)
        except DocumentError:
            hint = "seats from 1, an end after the beginning (a trial needs one), a printable holder, versions like 1.2"
            raise CommandError(f"These values make no licence: {hint}") from None
        if output is None:
            sys.stdout.write(text)
            return
        try:
            with output.open("x", encoding="utf-8") as file:
                file.write(text)
        except OSError as error:
            raise CommandError(f"{output}: {error.strerror}") from error
        self.stdout.write(f"{document.key}: {output}")


def read_private(path: Path) -> Ed25519PrivateKey:
    """Refuses a file that others can read. Raises CommandError."""
    try:
        if path.stat().st_mode & OTHERS:
            raise CommandError(f"{path} can be read by others: chmod 600 {path}")
        key = load_pem_private_key(path.read_bytes(), password=None)
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}") from error
    except (ValueError, TypeError):
        raise CommandError(f"{path}: not a private key as license_keygen writes it") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise CommandError(f"{path}: not an Ed25519 key")
    return key


def new_number() -> str:
    """`K7QF-2M9X-D4TA`: no letters that are taken for digits."""
    letters = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
    return "-".join("".join(secrets.choice(letters) for _ in range(4)) for _ in range(3))


def _moment(text: str) -> datetime:
    try:
        moment = parse_datetime(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise ArgumentTypeError(f"{text!r}: expected a moment with its time zone such as 2027-03-31T12:00:00Z")
    return moment.astimezone(UTC).replace(microsecond=0)


def _end(text: str) -> datetime:
    """A day counts whole."""
    try:
        day = parse_date(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r}: there is no such day") from None
    return _moment(text) if day is None else datetime.combine(day + timedelta(days=1), time(), UTC)


def _uuid(text: str) -> str:
    try:
        return str(UUID(text)) if text else ""
    except ValueError:
        raise ArgumentTypeError(f"{text!r}: expected the number that the portal shows under Licences") from None
