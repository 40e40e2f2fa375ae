"""How the gateways stand, in words: `run_gateway --status`. Read from the leases, so it works from any machine."""

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any, Final

from django.utils import timezone

from telephony.core.enums import LinkState
from telephony.models import GatewayLease, Pbx

LINK_WORDS: Final[Mapping[str, str]] = {
    LinkState.CONNECTING: "connecting",
    LinkState.RESYNC: "logged in, reading the state",
    LinkState.UP: "live",
    LinkState.DOWN: "lost, tried again",
    LinkState.DENIED: "login denied; change the PBX's name or password",
}


def report(names: Collection[str] = ()) -> str:
    """A few lines for each PBX, disabled ones too."""
    rows = Pbx.objects.select_related("lease").order_by("name")
    if names:
        rows = rows.filter(name__in=names)
    now = timezone.now()
    return "\n".join(line for pbx in rows for line in _lines(pbx, now)) or "no PBX is configured"


def _lines(pbx: Pbx, now: dt.datetime) -> list[str]:
    transport = ", AJAM" if pbx.transport == Pbx.Transport.AJAM else ""
    head = f"{pbx.name} ({pbx.host}:{pbx.port}{transport}{', TLS' if pbx.tls else ''})"
    lease: GatewayLease | None = getattr(pbx, "lease", None)
    if lease is None or not lease.holder:
        return [f"{head}: no gateway has ever run" if pbx.enabled else f"{head}: disabled"]
    if lease.expires <= now:
        ago = (now - lease.expires).total_seconds()
        what = "NO GATEWAY" if pbx.enabled else "disabled"
        return [f"{head}: {what}; the last one, {lease.holder}, ended {ago:.0f} s ago"]
    lines = [f"{head}: gateway {lease.holder}, epoch {lease.epoch}"]
    return lines + ([f"  {line}" for line in _numbers(lease.status, now.timestamp())] if lease.status else [])


def _numbers(status: Mapping[str, Any], now: float) -> list[str]:
    link, recorder, gateway, wire = (status[key] for key in ("link", "recorder", "gateway", "wire"))
    age = "never" if link["data_at"] is None else f"{max(0.0, now - link['data_at']):.0f} s ago"
    reason = f" ({link['reason']})" if link["reason"] else ""
    version = f", Asterisk {link['version']}" if link["version"] else ""
    lines = [
        f"link: {LINK_WORDS.get(link['state'], link['state'])}{reason}{version}; last word from the PBX {age}",
        f"calls now: {status['calls']}, extensions: {status['extensions']}, "
        f"drift: {gateway['drift']} in {gateway['reconciled']} reconciliations",
        f"records: {recorder['written']} written, {status['buffered']} buffered, {recorder['retries']} retries, "
        f"{recorder['rejected']} rejected",
        f"events: {gateway['events']} applied, {gateway['reducer_errors']} broke the reducer, "
        f"{wire['garbage']} garbage, {wire['oversized']} oversized, {wire['drops']} connections lost",
        f"live view: {status['published']} batches, {status['layer_failures']} layer failures, "
        f"{status['view_errors']} errors, {status['bad_commands']} bad commands",
    ]
    for duty, account in status["accounts"].items():
        because = f" ({account['reason']})" if account["reason"] else ""
        lines.append(f"{duty} account: {LINK_WORDS.get(account['state'], account['state'])}{because}")
    if link["missing"]:
        lines.append(f"no AMI account has a right to: {', '.join(link['missing'])}")
    return lines
