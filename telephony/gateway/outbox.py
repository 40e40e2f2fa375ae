"""What the web processes know of a PBX, as encoded text, and what they must be told next. Pure of I/O."""

import json
from collections.abc import Mapping
from typing import Any

Value = Mapping[str, Any]


class Outbox:
    """Every audience's dictionary, each value encoded once. Unchanged values are not told again; None = gone."""

    def __init__(self) -> None:
        self._audiences: dict[str, dict[str, str]] = {}
        self._changed: dict[str, dict[str, None]] = {}  # audience → keys, in order

    def put(self, audience: str, key: str, value: Value | None) -> None:
        """Set or remove one key."""
        state = self._audiences.get(audience, {})
        text = None if value is None else json.dumps(value, separators=(",", ":"))
        if state.get(key) == text:
            return
        if text is None:
            del state[key]
        else:
            self._audiences.setdefault(audience, state)[key] = text
        if not state:
            self._audiences.pop(audience, None)
        self._changed.setdefault(audience, {})[key] = None

    def keys_of(self, audience: str) -> list[str]:
        """The keys an audience has now."""
        return list(self._audiences.get(audience, ()))

    def take_delta(self) -> str | None:
        """The body of the next delta: what changed since the last call; None if nothing did."""
        if not self._changed:
            return None
        changed, self._changed = self._changed, {}
        parts = {
            audience: {key: self._audiences.get(audience, {}).get(key, "null") for key in keys}
            for audience, keys in changed.items()
        }
        return _object({audience: _object(values) for audience, values in parts.items()})

    def snapshot(self) -> str:
        """The body of a snapshot. Whatever is waiting for the next delta is in it too: a delta may be applied twice."""
        return _object({audience: _object(state) for audience, state in self._audiences.items()})

    def read(self) -> dict[str, dict[str, Any]]:
        """Everything, decoded: for tests and `--status`."""
        return json.loads(self.snapshot())  # type: ignore[no-any-return]  # we wrote it


def _object(members: Mapping[str, str]) -> str:
    """A JSON object of values that are JSON already."""
    return "{" + ",".join(f"{json.dumps(key)}:{text}" for key, text in members.items()) + "}"
