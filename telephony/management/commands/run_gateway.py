"""`manage.py run_gateway`: the process that speaks with the PBXs; `--status` says how it stands."""

import asyncio
import signal
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from telephony.gateway import service
from telephony.gateway.report import report
from telephony.models import Pbx


class Command(BaseCommand):
    """Runs until SIGTERM or SIGINT, then stops cleanly."""

    help = "Connects to the PBXs, records calls, publishes the live view. Start two for each PBX: one stands by."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which PBXs; or only the status."""
        parser.add_argument("--pbx", action="append", default=[], metavar="NAME", help="only this PBX (repeatable)")
        parser.add_argument("--status", action="store_true", help="print how each PBX and its gateway stand, and end")

    def handle(self, *_: Any, **options: Any) -> None:
        """Thin: status or service."""
        names: list[str] = options["pbx"]
        if unknown := set(names) - set(Pbx.objects.filter(name__in=names).values_list("name", flat=True)):
            raise CommandError(f"no PBX named {', '.join(sorted(unknown))}")
        if options["status"]:
            self.stdout.write(report(names))
            return
        asyncio.run(_run(names))


async def _run(names: list[str]) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await service.run(stop, pbx_names=names)
