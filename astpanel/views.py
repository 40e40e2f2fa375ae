"""The portal's own pages: what monitors and proxies ask for."""

import asyncio
import logging
from datetime import datetime
from typing import Any, Final

from asgiref.sync import sync_to_async
from channels.layers import get_channel_layer
from django.conf import settings
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from telephony.models import Pbx

log = logging.getLogger(__name__)
PATIENCE: Final = 2.0  # seconds the layer may take to give back what was put in


@never_cache
async def healthz(request: HttpRequest) -> JsonResponse:
    """`{"status", "database", "layer", "gateways"}`; 503 when this web process cannot work: no database or no layer.

    Names, addresses and reasons are for logged-in people (the admin's first page). `gateways` says of each enabled PBX
    whether a gateway holds its lease and how old the PBX's last sign of life is, in seconds.
    """
    gateways: list[dict[str, Any]] = []
    database, layer = "ok", "ok"
    try:
        gateways = await sync_to_async(_gateways)(timezone.now())
    except DatabaseError:
        database = "failed"
    try:
        async with asyncio.timeout(PATIENCE):
            await _through_the_layer()
    except Exception:  # whatever the layer's library raises: it does not work
        log.exception("the channel layer does not give back what was put in")
        layer = "failed"
    works = (database, layer) == ("ok", "ok")
    held = all(gateway["lease"] == "held" for gateway in gateways)
    status = "failed" if not works else "ok" if held else "degraded"
    body = {"status": status, "database": database, "layer": layer, "gateways": gateways}
    return JsonResponse(body, status=200 if works else 503)


def _gateways(now: datetime) -> list[dict[str, Any]]:
    return [
        {"pbx": pbx.pk, "lease": _lease(pbx, now), "data_age": _data_age(pbx, now)}
        for pbx in Pbx.objects.filter(enabled=True).select_related("lease").defer("secret").order_by("pk")
    ]


def _lease(pbx: Pbx, now: datetime) -> str:
    if not hasattr(pbx, "lease"):
        return "none"
    return "held" if pbx.lease.expires > now else "expired"


def _data_age(pbx: Pbx, now: datetime) -> float | None:
    link = pbx.lease.status.get("link") if hasattr(pbx, "lease") else None
    data_at = link.get("data_at") if isinstance(link, dict) else None
    return round(max(0.0, now.timestamp() - data_at), 1) if isinstance(data_at, int | float) else None


async def _through_the_layer() -> None:
    layer: Any = get_channel_layer()
    channel = await layer.new_channel("healthz")
    await layer.send(channel, {"type": "probe"})
    await layer.receive(channel)


@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """The counters of this process in Prometheus' text form, for whoever shows the bearer token of the settings.

    Without the right token the page does not exist: how busy the office is concerns nobody outside.
    """
    token = settings.METRICS_TOKEN
    if not token or not constant_time_compare(request.headers.get("Authorization", ""), f"Bearer {token}"):
        raise Http404
    return HttpResponse(generate_latest(), content_type=CONTENT_TYPE_LATEST)
