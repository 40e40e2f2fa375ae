"""Bytes → messages, in one place.

AMI sends blocks of `Key: value` lines, each line ended by CR LF, each block by an empty line. A TCP segment may end
anywhere, also inside a letter. Parsing is what costs most between Asterisk and the page, hence: only the new part of
the buffer is searched, a block is split as bytes, an unwanted event is dropped by its name before it is decoded, and
an event that has the same headers as an earlier one of its name is matched as a whole; whatever is unusual in a block
(a repeated key, a missing space, no colon) sends that block alone down the careful path.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final

END: Final = b"\r\n\r\n"
EVENT: Final = b"Event: "
FOLLOWS: Final = b"Response: Follows"
END_COMMAND: Final = b"--END COMMAND--"
FOLLOWS_HEADERS: Final = ("Response:", "Privilege:", "ActionID:")
MAX_NAMES: Final = 512  # of events whose form is remembered; Asterisk has about 200
MAX_FORMS: Final = 4  # remembered for one name
MAX_HEADERS, MAX_FORM = 100, 8192  # of one form: headers, characters
MAX_MESSAGE: Final = 4 * 1024 * 1024  # bytes; a line cannot be longer than its message


_forms: dict[str, list[tuple[Callable[[str], re.Match[str] | None], tuple[str, ...]]]] = {}


class Message(dict[str, str]):
    """One event or response. Keys and values as on the wire.

    A repeated key (`ChanVariable`, `Output`, `Variable`): `message[key]` is the **first** value, `message.all(key)`
    every one in order. A key that stands once: `all` gives a list of one; one that is missing: an empty list.
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
        """The lines of a Command's output, in the new form (`Output:` headers) and the old (`Response: Follows`)."""
        return self.all("Output")

    @classmethod
    def from_pairs(cls, pairs: Iterable[tuple[str, str]]) -> "Message":
        """A message of these headers; of a repeated key the first value is the key's."""
        message, repeated = cls(), dict[str, list[str]]()
        for key, value in pairs:
            if key in message:
                repeated.setdefault(key, [message[key]]).append(value)
            else:
                message[key] = value
        if repeated:
            message._repeated = repeated
        return message


@dataclass(slots=True)
class WireCounts:
    """What the parser saw; goes on counting over several connections."""

    bytes: int = 0
    messages: int = 0  # returned
    skipped: int = 0  # events that are not wanted
    garbage: int = 0  # blocks that are no message, lines without a colon
    oversized: int = 0  # messages over the limit
    decode_errors: int = 0  # messages with bytes that are not UTF-8


@dataclass(slots=True)
class WireParser:
    """Incremental parser of one AMI connection, from behind the greeting on. Any chunking gives the same messages.

    wanted: names of the events to return, None = all. Responses are always returned.
    marker: an event that contains these bytes is returned whatever its name (the items of our own lists: our ActionID).
    max_message: a longer message is dropped as it comes and counted; memory does not grow.
    """

    wanted: frozenset[str] | None = None
    marker: bytes = b""
    max_message: int = MAX_MESSAGE
    counts: WireCounts = field(default_factory=WireCounts)
    _heads: frozenset[bytes] | None = None  # first lines of wanted events
    _parts: list[bytes] = field(default_factory=list)  # of the unfinished block
    _size: int = 0  # of _parts
    _edge: bytes = b""  # its last three bytes: an END may begin in them
    _dropping: bool = False  # the unfinished block is over the limit
    _follows: bytes = b""  # an old Command answer whose output has contained an empty line

    def __post_init__(self) -> None:
        if self.wanted is not None:
            self._heads = frozenset(f"Event: {name}".encode() for name in self.wanted)

    def feed(self, data: bytes) -> list[Message]:
        """The messages that `data` completes, in order. Never raises for what the other side sent."""
        counts = self.counts
        counts.bytes += len(data)
        messages: list[Message] = []
        blocks = self._blocks(data)
        heads, marker, skipped = self._heads, self.marker, 0
        for block in blocks:
            head = block.partition(b"\r\n")[0]
            if self._follows or head[:7] != EVENT:
                self._unusual(block, messages)
            elif heads is None or head in heads or (marker and marker in block):
                messages.append(_parse(block, counts))
            else:
                skipped += 1
        counts.messages += len(messages)
        counts.skipped += skipped
        return messages

    def _blocks(self, data: bytes) -> list[bytes]:
        """The blocks that `data` completes; keeps the rest."""
        edge = self._edge
        if len(data) < len(END) or END in edge + data[:3]:
            data = edge + data
        elif edge and not self._dropping:  # no END begins in it: spares the copy of `data`
            self._parts.append(edge)
            self._size += len(edge)
        blocks = data.split(END)
        rest = blocks.pop()
        if blocks:
            if self._dropping:
                del blocks[0]
                self._dropping = False
            elif self._parts:
                blocks[0] = b"".join((*self._parts, blocks[0]))
            if self._size + len(data) > self.max_message:
                fitting = [block for block in blocks if len(block) <= self.max_message]
                self.counts.oversized += len(blocks) - len(fitting)
                blocks = fitting
            self._parts.clear()
            self._size = 0
        self._keep(rest)
        return blocks

    def _keep(self, rest: bytes) -> None:
        self._edge = rest[-3:]
        if self._dropping or len(rest) <= 3:
            return
        self._parts.append(rest[:-3])
        self._size += len(rest) - 3
        if self._size > self.max_message:
            self._parts.clear()
            self._size = 0
            self._dropping = True
            self.counts.oversized += 1

    def _unusual(self, block: bytes, messages: list[Message]) -> None:
        """Whatever does not begin like an event: a response, stray line ends, an old Command answer, garbage."""
        if self._follows and not block.startswith((b"Event:", b"Response:")):
            self._more_follows(block, messages)
            return
        self._close_follows(messages)
        block = block.lstrip(b"\r\n")
        if block.startswith(FOLLOWS):
            self._more_follows(block, messages)
        elif block:
            self._append(_parse(block, self.counts), messages)

    def _append(self, message: Message, messages: list[Message]) -> None:
        name = message.get("Event")
        if name is None and "Response" not in message:
            self.counts.garbage += 1
        elif name is None or self._wants(name, message):
            messages.append(message)
        else:
            self.counts.skipped += 1

    def _wants(self, name: str, message: Message) -> bool:
        if self.wanted is None or name in self.wanted:
            return True
        return bool(self.marker) and self.marker.decode() in message.get("ActionID", "")

    def _more_follows(self, block: bytes, messages: list[Message]) -> None:
        """Output of the old form may contain empty lines: it ends at its end line, not at the first one."""
        block = self._follows + END + block if self._follows else block
        if END_COMMAND in block:
            self._follows = b""
            messages.append(_parse_follows(block, self.counts))
        elif len(block) > self.max_message:
            self._follows = b""
            self.counts.oversized += 1
        else:
            self._follows = block

    def _close_follows(self, messages: list[Message]) -> None:
        """The next message came without an end line: what was collected is the answer."""
        if self._follows:
            block, self._follows = self._follows, b""
            messages.append(_parse_follows(block, self.counts))


def _decode(block: bytes, counts: WireCounts) -> str:
    try:
        return block.decode()
    except UnicodeDecodeError:
        counts.decode_errors += 1
        return block.decode(errors="replace")


def _parse(block: bytes, counts: WireCounts) -> Message:
    """The short path: the block has exactly the headers, in the order, of an earlier event of this name."""
    try:
        text = block.decode()
    except UnicodeDecodeError:
        text = _decode(block, counts)
    for match, keys in _forms.get(text[: text.find("\r\n")], ()):
        found = match(text)
        if found is not None:
            return Message(zip(keys, found.groups(), strict=True))
    lines = text.split("\r\n")
    message = _parse_with_care(lines, counts)
    if lines[0].startswith("Event: "):
        _learn(lines, message)
    return message


def _parse_with_care(lines: list[str], counts: WireCounts) -> Message:
    """The key ends at the first colon; one space after it, if any, is not part of the value."""
    pairs = []
    for line in lines:
        key, colon, value = line.partition(":")
        if colon and key:
            pairs.append((key, value.removeprefix(" ")))
        else:
            counts.garbage += 1
    return Message.from_pairs(pairs)


def _learn(lines: list[str], message: Message) -> None:
    """Remember the form of an event, if it is regular: each line `Key: value`, no key twice, none made for one channel.

    Matching a form is one call into `re` for the whole block, and the keys are the same objects in every message.
    """
    keys = tuple(message)
    if len(keys) != len(lines) or len(keys) > MAX_HEADERS or any("(" in key for key in keys):
        return  # "(": ChanVariable(PJSIP/101-00000001)
    known = _forms.setdefault(lines[0], []) if len(_forms) < MAX_NAMES else _forms.get(lines[0], [])
    expression = "\r\n".join(f"{re.escape(key)}: ([^\r]*)" for key in keys)
    if len(known) < MAX_FORMS and len(expression) < MAX_FORM:
        known.append((re.compile(expression).fullmatch, keys))


def _parse_follows(block: bytes, counts: WireCounts) -> Message:
    """`Response: Follows` of Asterisk ≤ 13: headers, then raw output with LF or CR LF, then `--END COMMAND--`."""
    lines = _decode(block, counts).split("\r\n")
    first = next((n for n, line in enumerate(lines) if not line.startswith(FOLLOWS_HEADERS)), len(lines))
    message = _parse_with_care(lines[:first], counts)
    text = "\n".join(lines[first:]).partition(END_COMMAND.decode())[0]
    output = [("Output", line) for line in text.removesuffix("\n").split("\n")] if text else []
    return Message.from_pairs((*message.items(), *output))
