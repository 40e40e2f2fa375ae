"""What the reducer returns: the few things outsiders may act on. Views are made from the state, once per batch."""

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


@dataclass(frozen=True, slots=True)
class CallEnded:
    """The last channel is gone; the call has left the state, this is all that is known of it."""

    call_id: str
    summary: CallSummary


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
