"""Numbers → people of the directory, without ever making an event wait for the database."""

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from crm.selectors import contacts_by_numbers
from telephony.gateway.database import DatabaseAwayError, DatabaseThread

log = logging.getLogger(__name__)
KNOWN_FOR: Final = 60.0  # seconds until a name is looked up again: a renamed contact appears
UNKNOWN_FOR: Final = 15.0  # seconds until an unknown number is: somebody may just have entered it
RETRY_AFTER: Final = 5.0  # seconds, when the database was away
LARGEST: Final = 10_000  # numbers kept; the longest unused go first
AT_ONCE: Final = 200  # numbers in one query
PATIENCE: Final = 10.0  # seconds
LONGEST: Final = 40  # characters; longer "numbers" are no numbers

ContactValue = dict[str, Any]


@dataclass(slots=True)
class _Entry:
    contact: ContactValue | None
    until: float


class Names:
    """A cache in front of the directory.

    `contact(number, mark)` answers at once with what is known and has the rest looked up; when that brings something
    new, `on_found` gets the marks of all who asked (keys to publish again).
    """

    def __init__(self, pbx_id: int, database: DatabaseThread, on_found: Callable[[set[Hashable]], None]) -> None:
        self._pbx_id = pbx_id
        self._database = database
        self._on_found = on_found
        self._cache: OrderedDict[str, _Entry] = OrderedDict()
        self._asked: dict[str, set[Hashable]] = {}
        self._due = asyncio.Event()

    def contact(self, number: str, mark: Hashable) -> ContactValue | None:
        """The `Contact` of docs/live-protocol.md as far as it is known now."""
        if not number or len(number) > LONGEST:
            return None
        entry = self._cache.get(number)
        if entry is None or entry.until < time.monotonic():
            self._asked.setdefault(number, set()).add(mark)
            self._due.set()
        if entry is None:
            return None
        self._cache.move_to_end(number)
        return entry.contact

    async def run(self) -> None:
        """Look up what was asked for, for ever."""
        while True:
            await self._due.wait()
            self._due.clear()
            while self._asked:
                await self._look_up([number for number, _ in zip(self._asked, range(AT_ONCE), strict=False)])

    async def _look_up(self, numbers: list[str]) -> None:
        look = partial(contacts_by_numbers, numbers, pbx_id=self._pbx_id)
        try:
            found = await self._database.run(look, patience=PATIENCE)
        except DatabaseAwayError as error:
            log.info("names are not looked up: %s", error)
            self._postpone(numbers)
            return
        except Exception:
            log.exception("looking up %d numbers failed", len(numbers))
            self._postpone(numbers)
            return
        marks: set[Hashable] = set()
        for number in numbers:
            contact = found[number].as_json() if number in found else None
            asked = self._asked.pop(number, set())
            if self._learn(number, contact):
                marks |= asked
        if marks:
            self._on_found(marks)

    def _learn(self, number: str, contact: ContactValue | None) -> bool:
        """Keep it; True if it is another than before."""
        before = self._cache.get(number)
        self._cache[number] = _Entry(contact, time.monotonic() + (UNKNOWN_FOR if contact is None else KNOWN_FOR))
        self._cache.move_to_end(number)
        while len(self._cache) > LARGEST:
            self._cache.popitem(last=False)
        return contact != (before.contact if before else None)

    def _postpone(self, numbers: list[str]) -> None:
        again = time.monotonic() + RETRY_AFTER
        for number in numbers:
            self._asked.pop(number, None)
            before = self._cache.get(number)
            self._cache[number] = _Entry(before.contact if before else None, again)
