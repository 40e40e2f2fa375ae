"""`manage.py ami_record`: record what a PBX tells, for support and for tests; `ami_replay` shows it again."""

import asyncio
import getpass
import os
import signal
from pathlib import Path
from typing import IO, Any, Final

from django.core.management.base import BaseCommand, CommandError, CommandParser

from telephony.ami.account import AmiAccount
from telephony.ami.address import AMI_TLS, AddressError, parse_address
from telephony.ami.session_recorder import SessionRecorder
from telephony.ami.status import LinkStatus
from telephony.core.masking import Mask
from telephony.gateway.configuration import configuration_of
from telephony.models import Pbx

FROM_VARIABLE: Final = "AMI_SECRET"  # of the environment
PRIVATE: Final = 0o600  # a recording names people and numbers


class Command(BaseCommand):
    """Runs until Ctrl-C, SIGTERM or the given time."""

    help = (
        "Records the AMI session of a PBX as JSON lines: the state at log-in, then every event about calls, phones, "
        f"queues and parking. Secrets are never recorded. With --host the AMI password comes from ${FROM_VARIABLE} "
        "or is asked for."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Which PBX, where to, how long."""
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("--pbx", metavar="NAME", help="a PBX of the portal")
        which.add_argument("--host", help="any PBX: pbx.example, or https://pbx.example:8089/asterisk for AJAM")
        parser.add_argument("--port", type=int, help="5038, with --tls 5039; AJAM: 8088, 8089")
        parser.add_argument("--username", default="astpanel", help="AMI account (default: astpanel)")
        parser.add_argument("--tls", action="store_true")
        parser.add_argument("--tls-ca", default="", metavar="FILE", help="PEM file of the certificate authority")
        parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="must not exist yet")
        parser.add_argument("--mask", action="store_true", help="replace outside numbers and names, consistently")
        parser.add_argument("--keep", action="append", default=[], metavar="NUMBER", help="with --mask: stays readable")
        parser.add_argument("--seconds", type=float, default=0.0, help="0 = until Ctrl-C")
        parser.add_argument("--reconcile", type=float, default=30.0, help="seconds between list comparisons, 0 = none")
        parser.add_argument("--story", default="", help="what happens, in words: the first line of the replay")

    def handle(self, *_: Any, **options: Any) -> None:
        """Thin: an account, a file, a SessionRecorder."""
        account = _account(options)
        out: Path = options["out"]
        try:
            descriptor = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE)
        except OSError as error:
            raise CommandError(f"cannot write {out}: {error.strerror}") from error
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            steps, status = asyncio.run(self._record(account, file, options))
        if steps is None:
            out.unlink()
            raise CommandError(f"nothing recorded: {_words(status)}")
        self.stderr.write(f"{steps} steps in {out}")

    async def _record(
        self, account: AmiAccount, file: IO[str], options: dict[str, Any]
    ) -> tuple[int | None, LinkStatus]:
        """→ steps written (None: the PBX was never reached), the last state of the link."""
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop.set)
        if options["seconds"] > 0:
            loop.call_later(options["seconds"], stop.set)

        def write(line: str) -> None:
            file.write(line + "\n")
            file.flush()  # a killed recorder leaves what it saw

        def tell(status: LinkStatus) -> None:
            self.stderr.write(_words(status))

        recorder = SessionRecorder(
            account,
            write=write,
            name=options["out"].stem,
            story=options["story"],
            mask=Mask(frozenset(options["keep"])) if options["mask"] else None,
            on_status=tell,
            reconcile_every=options["reconcile"],
        )
        await recorder.run(stop)
        return (recorder.steps if recorder.begun else None), recorder.status


def _words(status: LinkStatus) -> str:
    return f"{status.state} ({status.reason})" if status.reason else str(status.state)


def _account(options: dict[str, Any]) -> AmiAccount:
    """Of the portal's PBX, or of the command line; a secret never stands on a command line."""
    if options["pbx"]:
        pbx = Pbx.objects.filter(name=options["pbx"]).first()
        if pbx is None:
            raise CommandError(f"no PBX named {options['pbx']}")
        return configuration_of(pbx).account
    try:
        address = parse_address(options["host"], options["port"] or (AMI_TLS if options["tls"] else None))
    except AddressError as error:
        raise CommandError(f"--host cannot be understood: {error.code}") from error
    return AmiAccount(
        host=address.host,
        port=address.port,
        transport=address.transport,
        http_prefix=address.http_prefix,
        username=options["username"],
        secret=os.environ.get(FROM_VARIABLE) or getpass.getpass("AMI password: "),
        tls=options["tls"] or address.tls,
        tls_ca_file=options["tls_ca"],
    )
