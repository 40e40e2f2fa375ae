"""manage.py demo_pbx: a PBX of our own that speaks AMI, for the demo, for tests and for load."""

import argparse
import asyncio
import signal
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from telephony.core.recording import RecordingError, parse
from telephony.demo.building import Building, office
from telephony.demo.engine.clock import LoopClock
from telephony.demo.face.accounts import Account
from telephony.demo.face.server import AmiServer
from telephony.demo.life import Life
from telephony.demo.load import Crowd
from telephony.demo.people import EMPLOYEES
from telephony.demo.playing import Player


def _positive(text: str) -> float:
    value = float(text)
    if value <= 0:
        raise argparse.ArgumentTypeError("must be more than 0")
    return value


class Command(BaseCommand):
    help = "A built-in PBX on the loopback that speaks AMI: a living office, a crowd for load, or a recording."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
        parser.add_argument("--port", type=int, default=5138, help="0 = any free port")
        parser.add_argument("--username", default="demo")
        parser.add_argument("--secret", default="demo")
        parser.add_argument("--extensions", type=int, help="load: so many extensions instead of the office")
        parser.add_argument("--calls", type=int, default=0, help="load: so many calls at once")
        parser.add_argument("--rate", type=_positive, default=20.0, help="load: new calls per second, at most")
        parser.add_argument("--seconds", type=_positive, help="end after so many seconds")
        parser.add_argument("--play", type=Path, help="play a recording to whoever is connected")
        parser.add_argument("--speed", type=float, default=1.0, help="of the recording; 0 = without pauses")
        parser.add_argument("--seed", type=int, help="the same calls each time")

    def handle(self, *args: Any, **options: Any) -> None:
        with suppress(KeyboardInterrupt):
            asyncio.run(self._run(options))

    async def _run(self, options: dict[str, Any]) -> None:
        player = self._player(options) if options["play"] else None
        crowd = None
        if player:
            building = player.building
        elif options["extensions"]:
            crowd = self._crowd(options)
            building = crowd.building
        else:
            building = office(LoopClock(), EMPLOYEES)
            Life(building, seed=options["seed"]).begin()
        server = self._server(building, options)
        try:
            await server.start()
        except OSError as error:
            raise CommandError(f"cannot listen on {options['host']}:{options['port']}: {error.strerror}") from error
        self.stdout.write(f"demo PBX on {server.host}:{server.port}, log-in {options['username']}")
        self.stdout.flush()
        if crowd:
            crowd.begin()
        await self._until_the_end(server, crowd, player, options)

    def _server(self, building: Building, options: dict[str, Any]) -> AmiServer:
        account = Account(options["username"], options["secret"])
        return AmiServer(building.pbx, building.plan, [account], host=options["host"], port=options["port"])

    def _crowd(self, options: dict[str, Any]) -> Crowd:
        wanted = {name: options[name] for name in ("extensions", "calls", "rate")}
        try:
            return Crowd(LoopClock(), **wanted, seed=options["seed"] or 1)
        except ValueError as error:
            raise CommandError(str(error)) from error

    def _player(self, options: dict[str, Any]) -> Player:
        try:
            text = options["play"].read_text(encoding="utf-8")
            return Player(parse(text.splitlines()), speed=options["speed"])
        except (OSError, RecordingError) as error:
            raise CommandError(f"{options['play']}: {error}") from error

    async def _until_the_end(
        self, server: AmiServer, crowd: Crowd | None, player: Player | None, options: dict[str, Any]
    ) -> None:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for sign in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(sign, stop.set)
        if options["seconds"]:
            loop.call_later(options["seconds"], stop.set)
        work = []
        if crowd:
            work.append(asyncio.create_task(self._report(server, crowd)))
        if player:
            server.answer = player.answer
            work.append(asyncio.create_task(self._play(server, player)))
        await stop.wait()
        for task in work:
            task.cancel()
        await asyncio.gather(*work, return_exceptions=True)
        await server.stop()

    async def _play(self, server: AmiServer, player: Player) -> None:
        """Begin a moment after somebody has asked for the lists; say when it is over."""
        await player.asked.wait()
        await asyncio.sleep(1.0)
        await player.play(server)
        self.stdout.write(f"played {player.recording.header.name}")
        self.stdout.flush()

    async def _report(self, server: AmiServer, crowd: Crowd) -> None:
        """Each 5 s: how many calls live, events per second, share of one core."""
        events, cpu, wall = server.events, time.process_time(), time.monotonic()
        while True:
            await asyncio.sleep(5)
            passed = time.monotonic() - wall
            rate, share = (server.events - events) / passed, (time.process_time() - cpu) / passed
            live = crowd.started - crowd.ended
            self.stdout.write(f"calls {live}, started {crowd.started}, events/s {rate:.0f}, core {share:.0%}")
            self.stdout.flush()
            events, cpu, wall = server.events, time.process_time(), time.monotonic()
