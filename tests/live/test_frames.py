"""The bytes of a frame, read back by a WebSocket library that is not ours."""

import pytest
from websockets.frames import Frame as TheirFrame
from websockets.frames import Opcode
from websockets.streams import StreamReader

from telephony.live.frames import Frame


@pytest.mark.parametrize("size", [0, 1, 100, 112, 113, 65_520, 65_522, 65_523, 70_000])
def test_another_library_reads_the_same(size: int) -> None:
    frame = Frame({"text": "я" * (size // 2) + "a" * (size % 2)})
    reader = StreamReader()
    reader.feed_data(frame.wire)
    reading = TheirFrame.parse(reader.read_exact, mask=False)
    with pytest.raises(StopIteration) as done:
        next(reading)
    theirs = done.value.value
    assert (theirs.opcode, theirs.fin, theirs.data.decode()) == (Opcode.TEXT, True, frame.text)
    assert frame.size == len(frame.wire)
