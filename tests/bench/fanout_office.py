"""The office of the fan-out benchmark: a database with as many logged-in users as browsers, and a gateway's voice."""

import asyncio
import json
import time
from typing import Any

import django

django.setup()

from channels.layers import get_channel_layer  # noqa: E402 - the apps must be ready
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402 - the same
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402 - the same
from django.core.management import call_command  # noqa: E402 - the same

from astpanel.accounts.models import PanelUser  # noqa: E402 - the same
from telephony.models import Pbx  # noqa: E402 - the same


def make_office(users: int) -> tuple[int, list[str]]:
    """Migrate an empty database; return the PBX's id and one session cookie for each user."""
    call_command("migrate", verbosity=0)
    pbx = Pbx.objects.create(name="bench", host="127.0.0.1", username="bench")
    names = [PanelUser(username=f"user{n}", password="!", in_use=True) for n in range(users)]
    PanelUser.objects.bulk_create(names)
    cookies = []
    for user in PanelUser.objects.order_by("id"):
        session = SessionStore()
        session[SESSION_KEY] = str(user.id)
        session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.create()
        cookies.append(str(session.session_key))
    return pbx.pk, cookies


class Publisher:
    """Speaks to the hub as a gateway does (docs/live-protocol.md).

    `merging`: what changes within 50 ms is one delta, as a gateway publishes. Else each change is a delta of its own,
    and all the merging is left to the hub.
    """

    def __init__(self, pbx_id: int, *, merging: bool) -> None:
        self._pbx = pbx_id
        self._merging = merging
        self._pending: dict[str, Any] = {}
        self._window: asyncio.Task[None] | None = None
        self._seq = 0
        self._layer: Any = get_channel_layer()

    async def publish(self, key: str, value: dict[str, Any]) -> None:
        """One change."""
        self._pending[key] = value
        if not self._merging:
            await self._flush()
        elif self._window is None:
            self._window = asyncio.create_task(self._flush_later())

    async def _flush_later(self) -> None:
        await asyncio.sleep(0.05)
        self._window = None
        await self._flush()

    async def _flush(self) -> None:
        self._seq += 1
        body = json.dumps({"office": self._pending}, ensure_ascii=False, separators=(",", ":"))
        self._pending = {}
        await self._layer.group_send(f"live.{self._pbx}", self._signed("live.delta", body=body))

    async def answer(self) -> None:
        """Beats, and snapshots when the hub asks."""
        channel = await self._layer.new_channel()
        await self._layer.group_add(f"gateway.{self._pbx}", channel)
        beats = asyncio.create_task(self._beat())
        try:
            while True:
                message = await self._layer.receive(channel)
                await self._layer.send(message["reply"], self._signed("live.snapshot", body='{"office": {}}'))
        finally:
            beats.cancel()

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(2)
            await self._layer.group_send(f"live.{self._pbx}", self._signed("live.beat", data_at=time.time()))

    def _signed(self, kind: str, **more: Any) -> dict[str, Any]:
        return {"type": kind, "pbx": self._pbx, "epoch": "bench", "seq": self._seq, **more}
