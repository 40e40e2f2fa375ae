"""What goes out at once and what waits for the window. The event loop never gets a turn between two messages here:
what a browser has got was sent synchronously, and what waits stays waiting.
"""

import json
from typing import Any, Final

from telephony.live.feed import Feed
from telephony.live.frames import Frame
from telephony.live.member import Member
from telephony.rules import UserFacts
from tests.gateway.waiting import until

LINK: Final = {"state": "up", "reason": "", "since": 1.0, "data_at": 1.0, "drift": 0}
FREE: Final = {"ext:101": {"state": "free"}}
RINGING: Final = {"ext:101": {"state": "ringing"}}


class Paper:
    """The writer of a browser's socket: keeps what it was given."""

    def __init__(self) -> None:
        self.changes: list[dict[str, Any]] = []

    def write(self, frame: Frame) -> None:
        message = json.loads(frame.text)
        if message["t"] == "delta":
            self.changes.append(message["set"])

    async def close(self, code: int) -> None:
        raise AssertionError(code)


class Wire:
    """One feed, one browser that reads `office`, and the gateway's words."""

    def __init__(self) -> None:
        self.feed = Feed(1, lambda _pbx: True)
        self.paper = Paper()
        self.seq = 0
        self.data_at = 1.0
        self._take("live.snapshot", body=json.dumps({"office": {"link": LINK}}))
        user = UserFacts(id=1, active=True, in_use=True, supervisor=False, pbx_id=1, numbers=frozenset())
        self.feed.join(Member(user=user, session_key="", language="ru", writer=self.paper), "office")

    def _take(self, kind: str, **rest: Any) -> None:
        self.feed.take({"type": kind, "pbx": 1, "epoch": "g1", "seq": self.seq, **rest})

    def beat(self) -> dict[str, Any]:
        """→ the link as pages see it then."""
        self.data_at += 2
        self._take("live.beat", data_at=self.data_at)
        return {"link": LINK | {"data_at": self.data_at}}

    def change(self, values: dict[str, Any]) -> None:
        self.seq += 1
        self._take("live.delta", body=json.dumps({"office": values}))

    async def window_over(self) -> None:
        """Until the feed would send at once again."""
        await until(lambda: self.feed._window is None, "the window to be over")


async def test_a_change_right_behind_a_beat_goes_at_once() -> None:
    wire = Wire()
    first, second = wire.beat(), wire.beat()
    wire.change(RINGING)
    assert wire.paper.changes == [first, second, RINGING]
    wire.feed.close()


async def test_changes_right_behind_a_change_wait_and_are_merged() -> None:
    wire = Wire()
    wire.change(FREE)
    wire.change({"ext:102": {"state": "off"}})
    link = wire.beat()
    wire.change(RINGING)
    assert wire.paper.changes == [FREE]
    await wire.window_over()
    assert wire.paper.changes == [FREE, {"ext:102": {"state": "off"}} | link | RINGING]
    wire.feed.close()


async def test_a_beat_that_waited_for_the_window_opens_no_other() -> None:
    wire = Wire()
    wire.change(FREE)
    link = wire.beat()
    await until(lambda: wire.paper.changes != [FREE], "the beat to go out")
    wire.change(RINGING)
    assert wire.paper.changes == [FREE, link, RINGING]
    wire.feed.close()
