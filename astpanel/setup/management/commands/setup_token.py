"""manage.py setup_token: the address that opens the step of the first administrator, once."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse
from django.utils.translation import gettext as _

from astpanel.setup.tokens import LIFE, fresh_token


class Command(BaseCommand):
    help = "Prints a one-time address where the first administrator is created. Older addresses stop working."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--url", default="", help="where people open the portal, for example https://portal.example"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        token = fresh_token()
        if token is None:
            raise CommandError(
                _("An administrator exists already; a forgotten password: manage.py changepassword NAME")
            )
        self.stdout.write(options["url"].rstrip("/") + reverse("setup-token", args=[token]))
        self.stderr.write(_("Open it in a browser within %(days)d days. It works once.") % {"days": LIFE.days})
