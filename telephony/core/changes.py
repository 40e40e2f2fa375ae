"""What the reducer returns: the few things outsiders may act on. Views are made from the state, once per batch."""

from collections.abc import Callable
from dataclasses import dataclass

from telephony.core.summary import CallSummary


@dataclass(frozen=True, slots=True)
class ExtensionChanged:
    """The tile of one extension may look different now."""

    number: str


@dataclass(frozen=True, slots=True)
class CallStarted:
    """A call came into being (its first channel)."""

    call_id: str


@dataclass(frozen=True, slots=True)
class CallChanged:
    """Legs, parties, state or names of a live call changed."""

    call_id: str


@dataclass(frozen=True, slots=True)
class CallMerged:
    """`call_id` was found to be a part of `into` (attended transfer, pick-up, parking): it is no call of its own."""

    call_id: str
    into: str


class CallEnded:
    """The last channel is gone; the call has left the state, `summary` is all that is known of it.

    The summary may be given as a function: it is made when somebody first asks, since pages do without it.
    """

    __match_args__ = ("call_id", "summary")
    __slots__ = ("_summary", "call_id")

    def __init__(self, call_id: str, summary: CallSummary | Callable[[], CallSummary]) -> None:
        self.call_id = call_id
        self._summary = summary

    @property
    def summary(self) -> CallSummary:
        """The whole story of the call."""
        if not isinstance(self._summary, CallSummary):
            self._summary = self._summary()
        return self._summary

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, CallEnded):
            return NotImplemented
        return self.call_id == other.call_id and self.summary == other.summary

    def __hash__(self) -> int:
        return hash(self.call_id)

    def __repr__(self) -> str:
        return f"CallEnded(call_id={self.call_id!r}, summary={self.summary!r})"


@dataclass(frozen=True, slots=True)
class QueueChanged:
    """Members or waiting callers of a queue changed."""

    name: str


@dataclass(frozen=True, slots=True)
class ParkedCallChanged:
    """A slot was taken or given back."""

    lot: str
    space: str


Change = ExtensionChanged | CallStarted | CallChanged | CallMerged | CallEnded | QueueChanged | ParkedCallChanged
