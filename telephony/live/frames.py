"""A WebSocket text frame, encoded once however many browsers get it.

A frame from a server is not masked (RFC 6455, 5.1) and the portal negotiates no compression, so the same bytes suit
every socket.
"""

import json
from functools import cached_property
from typing import Any


def frame_header(length: int) -> bytes:
    """FIN + text opcode and the payload's length in its shortest form (RFC 6455, 5.2)."""
    if length <= 125:
        return bytes((0x81, length))
    if length <= 0xFFFF:
        return bytes((0x81, 126)) + length.to_bytes(2, "big")
    return bytes((0x81, 127)) + length.to_bytes(8, "big")


class Frame:
    """One message to browsers: `wire` is what goes into the TCP stream, `text` what an ASGI server wants."""

    def __init__(self, message: dict[str, Any]) -> None:
        self.payload = json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
        self.wire = frame_header(len(self.payload)) + self.payload
        self.size = len(self.wire)  # bytes

    @cached_property
    def text(self) -> str:
        """The payload as text."""
        return self.payload.decode()
