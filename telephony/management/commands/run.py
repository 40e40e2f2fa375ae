"""manage.py run: the whole portal in one go, with a demo PBX (or, with PBX=real, your own)."""

import asyncio
import logging
import os
import sys
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections
from django.urls import reverse
from django.utils.translation import gettext as _

from astpanel import env
from astpanel.setup.tokens import fresh_token
from telephony.demo.accounts import DEMO_ACCOUNTS
from telephony.demo.face.server import AmiServer
from telephony.demo.office import furnish, lock_up
from telephony.standalone.pbx import named_in_environment, save_real_pbx, start_demo_pbx, wants_real_pbx
from telephony.standalone.portal import Portal
from telephony.standalone.web import PortTakenError, WebServer, check_port, loop

HOST = "127.0.0.1"


class Command(BaseCommand):
    help = "Starts everything: database, web, gateway, workers and a demo PBX. PBX=real takes your own PBX instead."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            port = env.number("ASTPANEL_PORT", 8000, low=0, high=65535)
            real = wants_real_pbx()
            check_port(HOST, port)
        except env.SettingError as error:
            raise CommandError(str(error)) from error
        except PortTakenError as error:
            text = _("Port %(port)d cannot be used (%(why)s). Stop what listens there, or choose another port: %(how)s")
            how = "ASTPANEL_PORT=8001 make run"
            raise CommandError(text % {"port": port, "why": error, "how": how}) from error
        self._switch_demo(on=not real)
        if "ASTPANEL_LOG_LEVEL" not in os.environ:
            for name in ("", "telephony", "astpanel", "django"):  # a person looks at this console
                logging.getLogger(name).setLevel(logging.WARNING)
        self.stdout.write(_("Preparing the database…"))
        call_command("migrate", interactive=False, verbosity=0)
        demo = None
        if real:
            self._prepare_real()
        else:
            demo = self._prepare_demo()
        token = fresh_token()
        connections.close_all()
        self._serve(port, demo, token)

    @staticmethod
    def _switch_demo(*, on: bool) -> None:
        """For this process and for the workers."""
        settings.DEMO = on
        os.environ["ASTPANEL_DEMO"] = "1" if on else "0"

    @staticmethod
    def _prepare_demo() -> AmiServer:
        server, link = loop().run_until_complete(start_demo_pbx())
        furnish(link=link)
        return server

    def _prepare_real(self) -> None:
        try:
            named = named_in_environment()
            if named:
                pbx = save_real_pbx(real=named)
                self.stdout.write(_("PBX: %(name)s at %(host)s:%(port)d") % vars_of(pbx))
        except (env.SettingError, ValidationError) as error:
            raise CommandError(str(error)) from error
        if lock_up():
            self.stdout.write(_("The demo log-ins are closed."))
        if not named:
            self.stdout.write(_("The start-up assistant in the admin connects your PBX."))

    def _serve(self, port: int, demo: AmiServer | None, token: str | None) -> None:
        from astpanel.asgi import application  # noqa: PLC0415 - made only now, when the settings are final

        asyncio.set_event_loop(loop())
        web = WebServer(application, HOST, port)
        portal = Portal(web, demo, lambda found: self._ready(found, demo is not None, token))
        task = loop().create_task(portal.run())
        web.run()
        if not task.done():
            task.cancel()
        connections.close_all()
        if portal.failure:
            raise CommandError(portal.failure)
        self.stdout.write(_("Stopped."))

    def _ready(self, port: int, demo: bool, token: str | None) -> None:
        lines = ["", _("The portal is ready: %(url)s") % {"url": f"http://{HOST}:{port}/"}]
        if demo:
            lines += [f"  {account.username:<11} {account.password:<16} {account.title}" for account in DEMO_ACCOUNTS]
        if token:
            lines.append(_("There is no administrator yet. Create the first one here (works once):"))
            lines.append(f"  http://{HOST}:{port}{reverse('setup-token', args=[token])}")
        lines += [_("Ctrl-C stops it."), ""]
        self.stdout.write("\n".join(lines))
        self.stdout.flush()
        sys.stdout.flush()


def vars_of(pbx: Any) -> dict[str, Any]:
    """What the console says of a PBX: never its secret."""
    return {"name": pbx.name, "host": pbx.host, "port": pbx.port}
