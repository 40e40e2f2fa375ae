"""Pbx rows → what a gateway needs, as values to compare: a change is applied without a restart."""

import hashlib
import os
from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path

from django.conf import settings

from telephony.ami.account import AmiAccount
from telephony.models import Pbx


@dataclass(frozen=True, slots=True)
class PbxConfiguration:
    """One enabled PBX."""

    id: int  # 0: not saved yet
    name: str
    account: AmiAccount  # reads everything, and does everything if it is the only one
    control: AmiAccount | None  # commands on calls and queues
    phone: AmiAccount | None  # what needs write=system: lifting a desk phone, AstDB
    dial_context: str


def enabled_pbxs(names: Collection[str]) -> dict[int, PbxConfiguration]:
    """All enabled PBXs by id, or those of them with one of the names. Asks the database."""
    rows = Pbx.objects.filter(enabled=True)
    if names:
        rows = rows.filter(name__in=names)
    return {pbx.pk: configuration_of(pbx) for pbx in rows}


def configuration_of(pbx: Pbx) -> PbxConfiguration:
    """The row as a value; a row that is not saved yet too, so that its settings can be tried."""
    account = AmiAccount(
        host=pbx.host,
        port=pbx.port,
        transport="ajam" if pbx.transport == Pbx.Transport.AJAM else "ami",
        http_prefix=pbx.http_prefix,
        username=pbx.username,
        secret=pbx.secret,
        tls=pbx.tls,
        tls_verify=pbx.tls_verify,
        tls_ca_file=_ca_file(pbx.pk, pbx.tls_ca) if pbx.tls and pbx.tls_ca.strip() else "",
    )
    return PbxConfiguration(
        id=pbx.pk or 0,
        name=pbx.name,
        account=account,
        control=_other(account, pbx.control_username, pbx.control_secret),
        phone=_other(account, pbx.phone_username, pbx.phone_secret),
        dial_context=pbx.dial_context,
    )


def _other(account: AmiAccount, username: str, secret: str) -> AmiAccount | None:
    """Another log-in at the same place."""
    return replace(account, username=username, secret=secret) if username else None


def _ca_file(pbx_id: int | None, pem: str) -> str:
    """The certificate authority as the file that OpenSSL wants; another text, another file name."""
    folder = Path(settings.VAR_DIR) / "tls"
    path = folder / f"pbx-{pbx_id or 'new'}-{hashlib.sha256(pem.encode()).hexdigest()[:16]}.pem"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(f".{os.getpid()}")
        fresh.write_text(pem, encoding="utf-8")
        fresh.replace(path)
    return str(path)
