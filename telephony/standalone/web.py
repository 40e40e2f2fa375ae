"""Daphne in an event loop that it shares with the gateway."""

import asyncio
import socket
from typing import Any

from daphne.server import Server, twisted_loop


class PortTakenError(Exception):
    """Nothing can listen there; the text says why."""


def loop() -> asyncio.AbstractEventLoop:
    """The event loop that Daphne's reactor runs on."""
    found: asyncio.AbstractEventLoop = twisted_loop
    return found


def check_port(host: str, port: int) -> None:
    """Raises PortTakenError before anything else is started. Port 0 is always free."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as Twisted does: TIME_WAIT is no hindrance
        try:
            probe.bind((host, port))
        except OSError as error:
            raise PortTakenError(f"{host}:{port}: {error.strerror}") from error


class WebServer(Server):  # type: ignore[misc]  # Daphne ships no types
    """`listening` is set once the port answers; `run` blocks until `end`."""

    def __init__(self, application: Any, host: str, port: int) -> None:
        endpoint = f"tcp:port={port}:interface={host.replace(':', chr(92) + ':')}"
        super().__init__(application, endpoints=[endpoint], signal_handlers=False, server_name="astpanel", verbosity=0)
        self.listening = asyncio.Event()
        self.failed = ""

    @property
    def port(self) -> int:
        """Where it listens, also if it was asked for any free port."""
        return int(self.listening_addresses[0][1])

    def listen_success(self, port: Any) -> None:
        """Daphne's callback."""
        super().listen_success(port)
        self.listening.set()

    def listen_error(self, failure: Any) -> None:
        """Daphne's callback; it would only log and stop."""
        self.failed = str(failure.getErrorMessage())
        self.listening.set()

    async def stop_listening(self) -> None:
        """No new connections."""
        for listener in self.listeners:
            port = getattr(listener, "result", None)
            if port is not None and hasattr(port, "stopListening"):
                port.stopListening()

    async def say_goodbye(self) -> None:
        """End what runs for each connection; a WebSocket consumer then tells its browser that the server stops."""
        applications = [
            application
            for details in self.connections.values()
            if (application := details.get("application_instance")) is not None and not application.done()
        ]
        for application in applications:
            application.cancel()
        await asyncio.gather(*applications, return_exceptions=True)

    def kill_all_applications(self) -> None:
        """Daphne's last act before the reactor ends; it forgets that a connection may have no application left."""
        for details in self.connections.values():
            application = details.get("application_instance")
            if application is not None and not application.done():
                application.cancel()

    def end(self) -> None:
        """`run` returns."""
        self.stop()
