"""May this user open the panel, as far as licences go?

Asked at each page, socket and command, so the rows are kept for a minute in the process. The moment is asked each
time: an end is an end to the second.
"""

import threading
import time
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from django.db import transaction

from astpanel.accounts.licensing.protection import Protection
from astpanel.accounts.licensing.selectors import Stock, holders

KEPT: Final = 60.0  # seconds; a change in another process is seen after so long, at once where it is announced


class Bar(StrEnum):
    """What stands in the way."""

    NONE = ""
    CLOSED = "closed"  # for everybody: no key is valid, and the grace time is over
    NO_SEAT = "no_seat"  # more users are in use than there are seats, and this one came later


@dataclass(slots=True)
class Access:
    """The rows as read, and what hangs on them."""

    stock: Stock
    read: float  # monotonic
    _borders: dict[int, int | None] = field(default_factory=dict)

    def protection(self, now: datetime) -> Protection:
        return self.stock.protection(now)

    def first_without_seat(self, state: Protection) -> int | None:
        """Seats go by age of the accounts: users in use from this id on have none. None: everybody has one."""
        covered = state.seats_covered
        if covered >= state.seats_used:
            return None
        if covered not in self._borders:
            ids = holders().order_by("pk").values_list("pk", flat=True)
            self._borders[covered] = next(iter(ids[covered : covered + 1]), None)
        return self._borders[covered]


class Keeper:
    """The only one of the process. What was read before somebody wrote is not kept after it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: Access | None = None
        self._written = 0

    def get(self) -> Access:
        with self._lock:
            kept, written = self._kept, self._written
        if kept is None or time.monotonic() - kept.read > KEPT:
            kept = Access(Stock.load(), time.monotonic())
            with self._lock:
                if self._written == written:
                    self._kept = kept
        return kept

    def forget(self) -> None:
        with self._lock:
            self._kept = None
            self._written += 1


keeper: Final = Keeper()


def access() -> Access:
    """Kept, else read: three queries."""
    return keeper.get()


def forget() -> None:
    """Somebody has written: read anew, now and once it is committed."""
    keeper.forget()
    transaction.on_commit(keeper.forget)


def bars(*, now: datetime) -> "Bars":
    """What stands in the way of whom, at this moment."""
    kept = access()
    state = kept.protection(now)
    return Bars(state.closed, kept.first_without_seat(state))


@dataclass(frozen=True, slots=True)
class Bars:
    """For any number of users without another query."""

    closed: bool
    first_without_seat: int | None

    def of(self, user_id: int) -> Bar:
        if self.closed:
            return Bar.CLOSED
        border = self.first_without_seat
        return Bar.NO_SEAT if border is not None and user_id >= border else Bar.NONE
