"""`manage.py license_keygen`: a vendor's key pair."""

from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.core.management.base import BaseCommand, CommandError, CommandParser

from astpanel.accounts.licensing.signing import BadKeyError, public_line, vendor_signers
from astpanel.env import write_secret


class Command(BaseCommand):
    """For the vendor, on the vendor's machine: the private key never comes near an installation."""

    help = "Makes the vendor's key pair: the private key goes to a file, the public line is for ASTPANEL_LICENSE_KEYS."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("-o", "--output", type=Path, required=True, help="file for the private key, made with 0600")
        parser.add_argument("--name", default="vendor-1", help="id of the key pair, repeated in each licence")

    def handle(self, *args: Any, output: Path, name: str, **options: Any) -> None:
        if output.exists():
            raise CommandError(f"{output} is there already: a private key is never overwritten")
        private = Ed25519PrivateKey.generate()
        line = public_line(name, private)
        try:
            vendor_signers([line])
        except BadKeyError:
            raise CommandError(f"--name {name!r}: expected small letters, digits, points and hyphens") from None
        pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
        try:
            write_secret(output, pem, replace=False)
        except OSError as error:
            raise CommandError(f"{output}: {error.strerror}") from error
        self.stdout.write(line)
