"""A browser tab that speaks ASGI to the whole application: origin check, session, router, consumer, hub."""

import asyncio
import json
from typing import Any

from channels.db import database_sync_to_async
from channels.testing import WebsocketCommunicator
from django.conf import settings
from django.test import Client

from astpanel.accounts.models import PanelUser
from astpanel.asgi import application

PATIENCE = 30.0  # seconds; a busy machine is slow, a broken protocol never answers


def log_in(user: PanelUser) -> str:
    """A new session of this user: its cookie's value."""
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client.cookies[settings.SESSION_COOKIE_NAME].value


class Browser:
    """Counts and acknowledges frames as a page does, unless told not to."""

    def __init__(self, socket: Any, session: str) -> None:
        self.session = session
        self.acks = True
        self.received = 0
        self._socket = socket

    async def send(self, message: dict[str, Any] | str | bytes) -> None:
        """A frame: an object as JSON, text and bytes as they are."""
        if isinstance(message, bytes):
            await self._socket.send_to(bytes_data=message)
        else:
            await self._socket.send_to(text_data=message if isinstance(message, str) else json.dumps(message))

    async def get(self) -> dict[str, Any]:
        """The next frame; `{"closed": code}` at the end."""
        message = await self._socket.receive_output(PATIENCE)
        if message["type"] == "websocket.close":
            return {"closed": message.get("code")}
        self.received += 1
        if self.acks:
            await self.send({"t": "ack", "seq": self.received})
        return dict(json.loads(message["text"]))

    async def until(self, **wanted: Any) -> dict[str, Any]:
        """Skip frames until one has these fields."""
        async with asyncio.timeout(PATIENCE):
            while True:
                frame = await self.get()
                if wanted.items() <= frame.items() or "closed" in frame:
                    return frame

    async def close(self) -> None:
        """Close the tab."""
        await self._socket.disconnect(timeout=PATIENCE)


async def open_browser(user: PanelUser | None, *, origin: str = "http://localhost", language: str = "en") -> Browser:
    """A tab; `None`: nobody is logged in."""
    session = await database_sync_to_async(log_in)(user) if user else ""
    headers = [
        (b"origin", origin.encode()),
        (b"accept-language", language.encode()),
        (b"cookie", f"{settings.SESSION_COOKIE_NAME}={session}".encode()),
    ]
    socket = WebsocketCommunicator(application, "/ws/live/", headers=headers)
    connected, code = await socket.connect(PATIENCE)
    if not connected:
        raise ConnectionRefusedError(code)
    return Browser(socket, session)
