"""The built-in PBX on a real socket, in a thread of its own: the check blocks the thread of the test."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from telephony.demo.building import empty_building
from telephony.demo.engine.clock import LoopClock
from telephony.demo.face.accounts import Account
from telephony.demo.face.server import AmiServer

SECRET: Final = "ami-secret-of-the-demo"
PATIENCE: Final = 30.0  # seconds for it to start and to end


@contextmanager
def demo_pbx() -> Iterator[int]:
    """Phones 101 and 102 → the port."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    async def start() -> AmiServer:
        building = empty_building(LoopClock())
        for number, name in (("101", "Ivanova"), ("102", "Петров")):
            building.add_phone(number, name, user_agent="Yealink SIP-T46U 108.86.0.20")
        server = AmiServer(building.pbx, building.plan, [Account("astpanel", SECRET)])
        await server.start()
        return server

    try:
        server = asyncio.run_coroutine_threadsafe(start(), loop).result(PATIENCE)
        yield server.port
        asyncio.run_coroutine_threadsafe(server.stop(), loop).result(PATIENCE)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(PATIENCE)
        loop.close()
