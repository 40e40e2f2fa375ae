"""Bytes → messages."""

from collections.abc import Sequence


class Message(dict[str, str]):
    """One event or response. Keys and values as on the wire.

    A repeated key (`ChanVariable`, `Output`, `Variable`): `message[key]` is the **first** value, `message.all(key)` every
    one in order. A key that stands once: `all` gives a list of one; a key that is not there: an empty list.
    """

    __slots__ = ("_repeated",)
    _repeated: dict[str, list[str]]  # set only when a key is repeated

    def all(self, key: str) -> list[str]:
        """Every value of `key` in the order of the wire."""
        repeated = getattr(self, "_repeated", None)
        if repeated is not None and key in repeated:
            return list(repeated[key])
        return [self[key]] if key in self else []

    @property
    def output(self) -> list[str]:
        """The lines of a Command's output, one or many, in the new form (`Output:`) and the old (`Response: Follows`)."""
        return self.all("Output")


class WireParser:
    """Incremental parser of one AMI connection."""

    def feed(self, data: bytes) -> Sequence[Message]:
        """The messages completed by `data`."""
        raise NotImplementedError
