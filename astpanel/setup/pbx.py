"""The PBX of the assistant: which row it is, and writing it."""

from typing import Any, Final

from django.conf import settings
from django.db import transaction

from astpanel.accounts.models import PanelUser
from telephony.ami.address import parse_address
from telephony.models import Pbx

NAME: Final = "Asterisk"
SECRETS: Final = ("secret", "control_secret", "phone_secret")
TYPED: Final = (
    *(
        "host",
        "port",
        "transport",
        "tls",
        "username",
        "tls_verify",
        "tls_ca",
        "control_username",
        "phone_username",
        "http_prefix",
    ),
    "dial_context",
)


def current(user: PanelUser) -> Pbx | None:
    """The administrator's own PBX, else the first one; the built-in one only in a demo."""
    rows = Pbx.objects.all() if settings.DEMO else Pbx.objects.exclude(kind=Pbx.Kind.DEMO)
    own = rows.filter(pk=user.pbx_id).first() if user.pbx_id else None
    return own or rows.order_by("-enabled", "id").first()


def link_shown(pbx: Pbx) -> str:
    """The choice of the form; empty where the port says it."""
    usual = parse_address("pbx", pbx.port)
    if (usual.transport, usual.tls) == (pbx.transport, pbx.tls):
        return ""
    return f"{pbx.transport}-tls" if pbx.tls else pbx.transport


def described(kept: Pbx | None, values: dict[str, Any]) -> Pbx:
    """The row as the form describes it, not saved. Passwords that were not typed are those of the row."""
    pbx = Pbx.objects.get(pk=kept.pk) if kept is not None else Pbx(name=_free_name(), enabled=False)
    for name in TYPED:
        setattr(pbx, name, values[name])
    pbx.dial_context = values["dial_context"] or Pbx._meta.get_field("dial_context").default
    if values["kind"] and pbx.kind != Pbx.Kind.DEMO:
        pbx.kind = values["kind"]
    for name in SECRETS:
        if values[name]:
            setattr(pbx, name, values[name])
    pbx.full_clean(exclude=["name"])
    return pbx


def save_draft(*, pbx: Pbx) -> None:
    """A connection that does not work yet: its passwords are kept, encrypted, and no gateway takes it up.

    A connection that works is not touched.
    """
    if not pbx.enabled:
        pbx.save()


@transaction.atomic
def save_connection(*, pbx: Pbx, user: PanelUser, phone: dict[str, Any]) -> None:
    """It works: gateways take it up; it is the administrator's own PBX. `phone`: softphone, sip_port, sip_password."""
    pbx.enabled = True
    pbx.save()
    user.pbx, user.softphone = pbx, phone["softphone"]
    user.sip_port = phone["sip_port"] or PanelUser._meta.get_field("sip_port").default
    user.sip_host = user.sip_host or pbx.host
    if phone["sip_password"]:
        user.sip_password = phone["sip_password"]
    fields = ["pbx", "softphone", "sip_port", "sip_host", "sip_password"]
    user.clean_fields(exclude=[field.name for field in user._meta.fields if field.name not in fields])
    user.save(update_fields=fields)


def _free_name() -> str:
    """`Asterisk`, or with the first number that no PBX has."""
    taken = set(Pbx.objects.values_list("name", flat=True))
    return next(name for name in (NAME, *(f"{NAME} {number}" for number in range(2, 10_000))) if name not in taken)
