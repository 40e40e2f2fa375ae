"""manage.py demo_office: people, customers and the PBX of the demo, in the database."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from telephony.demo.accounts import DEMO_ACCOUNTS
from telephony.demo.office import DemoLink, furnish, lock_up


class Command(BaseCommand):
    help = "Makes (or mends) the demo office in the database. Needs ASTPANEL_DEMO=1: its passwords are published."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="of the demo PBX")
        parser.add_argument("--port", type=int, default=5138)
        parser.add_argument("--username", default="demo")
        parser.add_argument("--secret", default="demo")
        parser.add_argument("--lock", action="store_true", help="close the demo accounts and forget its PBX instead")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["lock"]:
            self.stdout.write("locked up" if lock_up() else "nothing was open")
            return
        if not settings.DEMO:
            raise CommandError("This makes log-ins with published passwords. Set ASTPANEL_DEMO=1 if you want that.")
        furnish(link=DemoLink(options["host"], options["port"], options["username"], options["secret"]))
        for account in DEMO_ACCOUNTS:
            self.stdout.write(f"{account.username} / {account.password}")
