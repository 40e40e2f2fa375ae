"""HTTP that ends in time, however slowly it is answered.

httpx limits the silence between two pieces, and the whole of nothing: a server that sends one byte a second, in the
headers too, would hold a worker for hours. Here each read, write and TLS handshake gets what is left of the whole.
"""

import math
import time
from collections.abc import Iterable
from ssl import SSLContext
from typing import Any

import httpcore
import httpx

KEPT: float = 5.0  # seconds a connection without requests stays open


class Deadline:
    """By when the request under way must be over. For ever, until `begin`."""

    def __init__(self) -> None:
        self._until = math.inf

    def begin(self, seconds: float) -> None:
        """Of the next request."""
        self._until = time.monotonic() + seconds

    def left(self, timeout: float | None, late: type[Exception]) -> float:
        """Seconds that may be waited, `timeout` at most. Raises `late` when there are none."""
        left = self._until - time.monotonic()
        if left <= 0:
            raise late("the whole took too long")
        return left if timeout is None else min(timeout, left)


class TimedTransport(httpx.HTTPTransport):
    """One connection at a time, kept open for the next request, past any proxy of the environment."""

    def __init__(self, deadline: Deadline, *, verify: bool) -> None:
        context = httpx.create_ssl_context(verify=verify, trust_env=False)
        super().__init__(verify=context, trust_env=False)
        self._pool = httpcore.ConnectionPool(  # httpx has no way to name the network
            ssl_context=context,
            max_connections=1,
            max_keepalive_connections=1,
            keepalive_expiry=KEPT,
            network_backend=_Network(deadline),
        )


class _Network(httpcore.NetworkBackend):
    def __init__(self, deadline: Deadline) -> None:
        self._deadline, self._real = deadline, httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        left = self._deadline.left(timeout, httpcore.ConnectTimeout)
        return _Stream(self._deadline, self._real.connect_tcp(host, port, left, local_address, socket_options))


class _Stream(httpcore.NetworkStream):
    def __init__(self, deadline: Deadline, real: httpcore.NetworkStream) -> None:
        self._deadline, self._real = deadline, real

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._real.read(max_bytes, self._deadline.left(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._real.write(buffer, self._deadline.left(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self._real.close()

    def start_tls(
        self, ssl_context: SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        left = self._deadline.left(timeout, httpcore.ConnectTimeout)
        return _Stream(self._deadline, self._real.start_tls(ssl_context, server_hostname, left))

    def get_extra_info(self, info: str) -> Any:
        return self._real.get_extra_info(info)
