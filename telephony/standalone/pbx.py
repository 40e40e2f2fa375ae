"""Which PBX the portal speaks with: the built-in one, or the real one that the environment names."""

import os
import secrets
from dataclasses import dataclass
from typing import Final

from astpanel import env
from telephony.demo.building import office
from telephony.demo.engine.clock import LoopClock
from telephony.demo.face.accounts import Account
from telephony.demo.face.server import AmiServer
from telephony.demo.life import Life
from telephony.demo.office import DemoLink
from telephony.demo.people import EMPLOYEES
from telephony.models import Pbx

DEMO_USER: Final = "demo"


async def start_demo_pbx() -> tuple[AmiServer, DemoLink]:
    """The living office on a free port of the loopback, with a secret that nobody else knows."""
    building = office(LoopClock(), EMPLOYEES)
    link_secret = secrets.token_urlsafe(16)
    server = AmiServer(building.pbx, building.plan, [Account(DEMO_USER, link_secret)])
    await server.start()
    Life(building, heard=server.is_watched).begin()
    return server, DemoLink(server.host, server.port, DEMO_USER, link_secret)


def wants_real_pbx() -> bool:
    """`PBX=real make run`. Raises SettingError if PBX is neither real nor demo."""
    value = os.environ.get("PBX", "demo").strip().lower()
    if value not in {"", "demo", "real"}:
        raise env.SettingError(f"PBX={value!r}: expected real or demo")
    return value == "real"


@dataclass(frozen=True, slots=True)
class RealPbx:
    """What ASTPANEL_AMI_* say."""

    name: str
    host: str
    port: int
    username: str
    secret: str
    tls: bool


def named_in_environment() -> RealPbx | None:
    """None unless ASTPANEL_AMI_HOST is set. Raises SettingError."""
    host = env.text("ASTPANEL_AMI_HOST", "")
    if not host:
        return None
    tls = env.flag("ASTPANEL_AMI_TLS", default=False)
    return RealPbx(
        name=env.text("ASTPANEL_AMI_NAME", "Asterisk"),
        host=host,
        port=env.number("ASTPANEL_AMI_PORT", 5039 if tls else 5038, low=1, high=65535),
        username=env.text("ASTPANEL_AMI_USER", "astpanel"),
        secret=env.text("ASTPANEL_AMI_SECRET"),
        tls=tls,
    )


def save_real_pbx(*, real: RealPbx) -> Pbx:
    """Make the row, or bring it up to date; what else was set in the admin stays. Raises ValidationError."""
    pbx = Pbx.objects.filter(name=real.name).exclude(kind=Pbx.Kind.DEMO).first() or Pbx(name=real.name)
    pbx.enabled, pbx.host, pbx.port, pbx.tls = True, real.host, real.port, real.tls
    pbx.username, pbx.secret = real.username, real.secret
    pbx.full_clean()
    pbx.save()
    return pbx
