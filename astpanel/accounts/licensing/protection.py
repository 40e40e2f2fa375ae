"""Whether the panel may be used, and by how many: the keys together. Pure over rows that have been read."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from astpanel.accounts.licensing import words
from astpanel.accounts.licensing.document import Document
from astpanel.accounts.licensing.verify import GRACE, Circumstances, State

if TYPE_CHECKING:
    from astpanel.accounts.models import License


@dataclass(frozen=True, slots=True)
class KeyState:
    """A key and what it is worth now. `document` None: what is stored is not readable."""

    license: "License"
    state: State
    document: Document | None

    @property
    def usable(self) -> bool:
        return self.state.usable

    @property
    def label(self) -> str:
        """The state in a word or two."""
        return str(words.LABELS[self.state])

    @property
    def level(self) -> str:
        """`ok`, `warning` or `error`: a CSS class."""
        return words.level(self.state)

    @property
    def text(self) -> str:
        """What the state means and what to do."""
        return words.key_text(self.state, self.document)

    @property
    def grace_until(self) -> datetime | None:
        """When its users stop working, if it is over."""
        if self.state != State.GRACE or self.document is None or self.document.expires is None:
            return None
        return self.document.expires + GRACE


@dataclass(frozen=True, slots=True)
class Protection:
    """The answer to «Контроль системы защиты» at one moment.

    Everybody works for GRACE after the installation was made, whatever the keys: that is for setting up, and for
    portals that had users before they had keys. Nobody new can be flagged without a seat, so it gives no seats away.
    """

    available: bool  # the keys that verify can be read
    keys: tuple[KeyState, ...]
    seats_used: int
    here: Circumstances
    created: datetime  # of the installation

    @property
    def usable(self) -> bool:
        """A permanent or trial key is valid."""
        return any(key.usable for key in self.keys)

    @property
    def seats_total(self) -> int:
        """Seats of the valid keys: what can be handed out."""
        return sum(key.document.seats for key in self.keys if key.usable and key.document)

    @property
    def seats_free(self) -> int:
        return max(0, self.seats_total - self.seats_used)

    @property
    def seats_covered(self) -> int:
        """How many of the users in use may work: seats of valid keys and of those in their grace time."""
        return self._covered(self.here.moment)

    @property
    def closed(self) -> bool:
        """The panel opens for nobody."""
        moment = self.here.moment
        return moment >= self.created + GRACE and self._seats_at(moment) == 0

    @property
    def grace_until(self) -> datetime | None:
        """When somebody who works now will not any more, unless a key is added; None: no such moment is near."""
        if self.seats_used <= self.seats_total and self.usable:
            return None
        moment = self.here.moment
        ends = (self.created + GRACE, *(key.grace_until for key in self.keys if key.grace_until))
        covered = self._covered(moment)
        lost = sorted(end for end in ends if end > moment and (self._covered(end) < covered or not self._seats_at(end)))
        return lost[0] if lost else None

    @property
    def expires(self) -> datetime | None:
        """The first end among the valid keys."""
        ends = [key.document.expires for key in self.keys if key.usable and key.document and key.document.expires]
        return min(ends, default=None)

    @property
    def level(self) -> str:
        """`ok`, `warning` or `error`."""
        if not self.available or self.closed or self.seats_used > self.seats_covered:
            return "error"
        soon = any(key.state == State.EXPIRES_SOON for key in self.keys)
        return "warning" if self.grace_until or soon or not self.usable else "ok"

    @property
    def reason(self) -> str:
        """How it stands and, when not well, why and what to do."""
        return words.reason(self)

    def _covered(self, moment: datetime) -> int:
        return self.seats_used if moment < self.created + GRACE else min(self.seats_used, self._seats_at(moment))

    def _seats_at(self, moment: datetime) -> int:
        """`moment` is now or the end of a grace time; what is valid now is taken to stay so."""
        alive = (key for key in self.keys if key.usable or (key.grace_until and moment < key.grace_until))
        return sum(key.document.seats for key in alive if key.document)
