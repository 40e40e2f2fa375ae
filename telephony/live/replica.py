"""The copy of what a gateway publishes: every audience's dictionary, with epoch and sequence number. Pure.

A gap (a lost delta, another gateway) makes the replica stale: deltas are kept aside until a snapshot closes the gap.
"""

from typing import Any, Final

State = dict[str, Any]
Audiences = dict[str, State]

HELD: Final = 2000  # deltas kept aside while stale; more than that and the next snapshot must be newer


class Replica:
    """State of one PBX as this process knows it."""

    def __init__(self) -> None:
        self.epoch = ""
        self.seq = 0
        self.stale = True  # nothing known yet, or a gap
        self.audiences: Audiences = {}
        self._held: list[tuple[str, int, Audiences]] = []

    def delta(self, epoch: str, seq: int, body: Audiences) -> Audiences | None:
        """Apply one delta and return what changed; None: held back, a snapshot is needed."""
        if not self.stale and epoch == self.epoch:
            if seq == self.seq + 1:
                self.seq = seq
                merge(self.audiences, body)
                return body
            if seq <= self.seq:
                return {}  # delivered twice
        self.stale = True
        self._held.append((epoch, seq, body))
        del self._held[:-HELD]
        return None

    def beat(self, epoch: str, seq: int) -> bool:
        """The gateway stands at (epoch, seq). False: so do we not."""
        if not self.stale and (epoch, seq) != (self.epoch, self.seq):
            self.stale = True
        return not self.stale

    def snapshot(self, epoch: str, seq: int, body: Audiences) -> Audiences | None:
        """Take a snapshot and the held deltas that follow it; return what changed, None if a gap is left.

        An answer that is not needed any more (asked twice) changes nothing.
        """
        if not self.stale:
            return {}
        newer = {n: held for e, n, held in self._held if e == epoch and n > seq}
        self._held = [(epoch, n, newer[n]) for n in sorted(newer)]
        for n in sorted(newer):
            if n != seq + 1:
                return None
            seq = n
            merge(body, newer[n])
        changed = difference(self.audiences, body)
        self.epoch, self.seq, self.audiences, self.stale, self._held = epoch, seq, body, False, []
        return changed

    def state(self, audience: str) -> State:
        """Keys and values of one audience; empty if the gateway has published none."""
        return self.audiences.get(audience, {})


def merge(audiences: Audiences, body: Audiences) -> None:
    """Apply a delta's body in place: null removes the key; an audience without keys is forgotten."""
    for audience, changed in body.items():
        state = audiences.setdefault(audience, {})
        for key, value in changed.items():
            if value is None:
                state.pop(key, None)
            else:
                state[key] = value
        if not state:
            del audiences[audience]


def difference(old: Audiences, new: Audiences) -> Audiences:
    """The delta that leads from one to the other."""
    changed: Audiences = {}
    for audience in old.keys() | new.keys():
        before, after = old.get(audience, {}), new.get(audience, {})
        values = {key: value for key, value in after.items() if before.get(key) != value}
        values |= dict.fromkeys(before.keys() - after.keys())
        if values:
            changed[audience] = values
    return changed
