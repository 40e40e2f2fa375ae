"""The limit of the quiet benchmark, in a process of its own: TCP in, WebSocket out, nothing between.

python -m tests.bench.quiet_relay PORT: what comes from that port of the loopback goes to every WebSocket as one text
frame. The port where it listens itself is the first line of its output.
"""

import asyncio
import sys

from websockets.asyncio.server import ServerConnection, broadcast, serve


async def relay(port: int) -> None:
    """Until the sender closes."""
    connections: set[ServerConnection] = set()

    async def handler(connection: ServerConnection) -> None:
        connections.add(connection)
        await connection.wait_closed()
        connections.discard(connection)

    reader, _ = await asyncio.open_connection("127.0.0.1", port)
    async with serve(handler, "127.0.0.1", 0, compression=None) as server:
        sys.stdout.write(f"{next(iter(server.sockets)).getsockname()[1]}\n")
        sys.stdout.flush()
        while data := await reader.read(65536):
            broadcast(connections, data.decode())


if __name__ == "__main__":
    asyncio.run(relay(int(sys.argv[1])))
