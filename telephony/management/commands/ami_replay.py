"""`manage.py ami_replay FILE`: a recorded AMI session as the table of what the portal makes of it."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from telephony.core import recording, replay


class Command(BaseCommand):
    """Needs neither a PBX nor a database."""

    help = "Prints a recording of ami_record as a table: every change in its order, then each call's summary."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Which recordings."""
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")

    def handle(self, *_: Any, **options: Any) -> None:
        """One table a file."""
        for path in options["files"]:
            try:
                with path.open(encoding="utf-8") as lines:
                    table = replay.table(recording.parse(lines))
            except OSError as error:
                raise CommandError(f"{path}: {error.strerror}") from error
            except (recording.RecordingError, UnicodeDecodeError) as error:
                raise CommandError(f"{path}: {error}") from error
            self.stdout.write(table)
