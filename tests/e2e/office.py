"""The portal for browser tests: real daphne, a database of its own, a publisher in place of a gateway.

    python -m tests.e2e.office --people 20            prints {"port": …, "control": …} and serves until ended
    python -m tests.e2e.office --people 20 --living   the same with calls that come and go, to look at

Tests steer the publisher over the control port: one JSON object a line in, one line back.
"""

import argparse
import asyncio
import json
import os
import random
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from tests.e2e.publisher import Publisher

LINE: Final = 8 * 1024 * 1024  # bytes: the state of a large office


def main() -> None:
    """Set everything up, then serve."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, default=20)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--living", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="astpanel-office-") as folder:
        os.environ["ASTPANEL_VAR"] = folder
        os.environ.setdefault("ASTPANEL_LOG_LEVEL", "WARNING")
        os.environ["ASTPANEL_DATABASE"] = f"sqlite:///{Path(folder) / 'test.sqlite3'}"
        os.environ["DJANGO_SETTINGS_MODULE"] = "astpanel.settings"
        _serve(options)


def _serve(options: argparse.Namespace) -> None:
    from daphne.server import Server  # noqa: PLC0415 - installs the reactor: before anything of Twisted
    from twisted.internet import reactor  # noqa: PLC0415 - the one daphne has just chosen

    from astpanel.asgi import application  # noqa: PLC0415 - reads the settings chosen above
    from tests.e2e.publisher import Publisher  # noqa: PLC0415 - needs Django's settings

    publisher = Publisher(_fill_database(options.people))
    server = Server(application, endpoints=[f"tcp:{options.port}:interface=127.0.0.1"])
    reactor.callLater(0, _begin, server, publisher, options)  # type: ignore[arg-type]  # the stubs know no module here
    server.run()


def _begin(server: Any, publisher: "Publisher", options: argparse.Namespace) -> None:
    """The reactor runs: now there is a loop for tasks."""
    server.starting = asyncio.create_task(_start(server, publisher, options))


def _fill_database(people: int) -> int:
    from django.core.management import call_command  # noqa: PLC0415 - needs Django's settings

    from tests.e2e.seed import seed  # noqa: PLC0415 - needs Django's settings

    call_command("migrate", verbosity=0)
    return seed(people)


async def _start(server: Any, publisher: "Publisher", options: argparse.Namespace) -> None:
    while not server.listening_addresses:  # noqa: ASYNC110 - daphne has no event for it
        await asyncio.sleep(0.01)
    server.publishing = asyncio.create_task(publisher.run())
    control = await asyncio.start_server(lambda r, w: _control(publisher, r, w), "127.0.0.1", 0, limit=LINE)
    server.control = control
    if options.living:
        server.life = asyncio.create_task(_live(publisher, options.people))
    ports = {"port": server.listening_addresses[0][1], "control": control.sockets[0].getsockname()[1]}
    print(json.dumps(ports), flush=True)  # noqa: T201 - this line is how the caller learns the ports


async def _control(publisher: "Publisher", reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while line := await reader.readline():
        order = json.loads(line)
        what = order["do"]
        if what == "set":
            await publisher.set(order["changes"])
        elif what == "replace":
            await publisher.replace(order["state"])
        elif what == "link":
            await publisher.link(order["state"], order["reason"])
        elif what == "beating":
            publisher.beating = order["on"]
        elif what == "outcome":
            publisher.outcome = order["outcome"]
        elif what == "lose":  # a delta that gets lost on its way
            publisher.keep(order["changes"])
        elif what == "missed":  # its record is in the database; nobody is told
            await asyncio.to_thread(_calls, "missed_call", publisher.pbx_id, order["caller"], order["number"])
        elif what == "forget_calls":  # those of tests before
            await asyncio.to_thread(_calls, "forget_missed_calls")
        answer = {"commands": publisher.commands}
        if what in {"customer", "contact_info", "overwrite", "forget"}:  # the directory: tests/e2e/directory.py
            answer["found"] = await asyncio.to_thread(_directory, what, order)
        writer.write(json.dumps(answer).encode() + b"\n")
        await writer.drain()


def _calls(what: str, *values: Any) -> None:
    from django.db import connection  # noqa: PLC0415 - as above

    from tests.e2e import seed  # noqa: PLC0415 - as above

    getattr(seed, what)(*values)
    connection.close()  # of this thread


def _directory(what: str, order: dict[str, Any]) -> Any:
    from django.db import connection  # noqa: PLC0415 - as above

    from tests.e2e import directory  # noqa: PLC0415 - as above

    found = getattr(directory, what)(**{name: value for name, value in order.items() if name != "do"})
    connection.close()  # of this thread
    return found


async def _live(publisher: "Publisher", people: int) -> None:
    """Calls that come and go, for the eyes."""
    from tests.e2e import scenes  # noqa: PLC0415 - as above

    await publisher.replace(scenes.busy_office(people))
    numbers = [str(200 + i) for i in range(people)]
    while True:
        number = random.choice(numbers)
        state = random.choice(["free", "ringing", "talking", "free"])
        await publisher.set({"office": {f"ext:{number}": scenes.extension(number, state)}})
        await asyncio.sleep(random.uniform(0.1, 1.5))


if __name__ == "__main__":
    main()
