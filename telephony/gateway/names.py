"""Numbers → people of the directory, without ever making an event wait for the database."""

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from crm.changes import Version
from crm.matching import Contact
from crm.selectors import contacts_and_version
from telephony.gateway.database import DatabaseAwayError, DatabaseThread

log = logging.getLogger(__name__)
LOOK_EVERY: Final = 1.0  # seconds between two looks at the directory's version while calls are live
KNOWN_FOR: Final = 60.0  # seconds until a name is looked up again all the same: it may be written past the product
RETRY_AFTER: Final = 2.0  # seconds, when the database was away
LARGEST: Final = 10_000  # numbers kept; the longest unused go first
AT_ONCE: Final = 200  # numbers in one query
PATIENCE: Final = 10.0  # seconds
LONGEST: Final = 40  # characters; longer "numbers" are no numbers

ContactValue = dict[str, Any]


@dataclass(slots=True)
class _Entry:
    contact: ContactValue | None
    version: Version  # of the directory, when it was read
    until: float  # monotonic


class Names:
    """A cache in front of the directory that follows its version.

    `contact(number, mark)` answers at once with what is known, and has it looked up, or the directory's version asked
    when this mark is new. What is new is told to `on_found` with the marks of all who asked (keys to publish again).
    While `live()` the version is looked at by the clock too; another one, or a database that is back: `on_changed`,
    and whoever shows names asks for them again.
    """

    def __init__(
        self,
        pbx_id: int,
        database: DatabaseThread,
        *,
        on_found: Callable[[set[Hashable]], None],
        on_changed: Callable[[], None],
        live: Callable[[], bool],
    ) -> None:
        self._pbx_id = pbx_id
        self._database = database
        self._on_found = on_found
        self._on_changed = on_changed
        self._live = live
        self._cache: OrderedDict[str, _Entry] = OrderedDict()
        self._version: Version | None = None
        self._asked: dict[str, set[Hashable]] = {}
        self._shown: set[tuple[str, Hashable]] = set()  # for which the version was asked once
        self._due = asyncio.Event()
        self._away = False

    def contact(self, number: str, mark: Hashable) -> ContactValue | None:
        """The `Contact` of docs/live-protocol.md as far as it is known now."""
        if not number or len(number) > LONGEST:
            return None
        entry = self._cache.get(number)
        if self._away:
            return entry.contact if entry else None
        if entry is None or entry.version != self._version or entry.until < time.monotonic():
            self._asked.setdefault(number, set()).add(mark)
            self._due.set()
        elif (number, mark) not in self._shown:
            self._due.set()
        self._shown.add((number, mark))
        if entry is None:
            return None
        self._cache.move_to_end(number)
        return entry.contact

    async def run(self) -> None:
        """Look up what was asked for, for ever."""
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._pause()):
                    await self._due.wait()
            self._due.clear()
            await self._look_up()

    def _pause(self) -> float | None:
        if self._away:
            return RETRY_AFTER
        return LOOK_EVERY if self._live() else None

    async def _look_up(self) -> None:
        """The next numbers, and the version; without numbers the version alone."""
        batch = {number: self._asked.pop(number) for number in list(self._asked)[:AT_ONCE]}
        if self._asked:
            self._due.set()
        if len(self._shown) > LARGEST:
            self._shown.clear()
        read = partial(contacts_and_version, list(batch), pbx_id=self._pbx_id, known=self._version)
        try:
            found, version = await self._database.run(read, patience=PATIENCE)
        except Exception as error:  # whatever it is, calls go on, with the names that are known
            self._failed(error)
            return
        changed = self._away or (self._version not in (None, version))
        self._version, self._away = version, False
        marks = self._learn(batch, found, version)
        if changed:
            self._on_changed()
        if marks:
            self._on_found(marks)

    def _learn(
        self, batch: Mapping[str, set[Hashable]], found: Mapping[str, Contact], version: Version
    ) -> set[Hashable]:
        """Keep it → the marks of those for whom it is another than before."""
        marks: set[Hashable] = set()
        until = time.monotonic() + KNOWN_FOR
        for number, asked in batch.items():
            contact = found[number].as_json() if number in found else None
            before = self._cache.get(number)
            if contact != (before.contact if before else None):
                marks |= asked
            self._cache[number] = _Entry(contact, version, until)
            self._cache.move_to_end(number)
        while len(self._cache) > LARGEST:
            self._cache.popitem(last=False)
        return marks

    def _failed(self, error: Exception) -> None:
        """Whoever shows names asks again when the database is back: nothing piles up meanwhile."""
        if not self._away:
            unexpected = None if isinstance(error, DatabaseAwayError) else error
            log.warning("names are not looked up: %s", error, exc_info=unexpected)
        self._away = True
        self._asked.clear()
        self._shown.clear()
