"""One browser tab as the hub sees it."""

from telephony.live.flow import Flow
from telephony.live.frames import Frame
from telephony.live.socket_writer import SocketWriter
from telephony.rules import UserFacts


class Member:
    """Who reads, what they joined, how far they have read."""

    __slots__ = ("audiences", "broken", "flow", "language", "pbx_id", "session_key", "user", "writer")

    def __init__(self, *, user: UserFacts, session_key: str, language: str, writer: SocketWriter) -> None:
        self.user = user  # as last loaded from the database
        self.session_key = session_key
        self.language = language
        self.writer = writer
        self.flow = Flow()
        self.pbx_id = user.pbx_id
        self.audiences: dict[str, None] = {}  # joined, in that order
        self.broken = False  # writing raised, or it reads nothing at all: to be closed

    def offer(self, frame: Frame, now: float) -> None:
        """Send a delta, unless the browser is behind: then it gets a fresh snapshot once it has caught up."""
        flow = self.flow
        if flow.admits(frame.size, now):
            self.writer.write(frame)
            flow.wrote(frame.size, now)

    def show(self, frame: Frame, now: float) -> None:
        """Send a snapshot; one that is behind gets it later, one that piles them up unread is cut off."""
        if self.flow.hopeless:
            self.broken = True
        elif not self.flow.paused:
            self.writer.write(frame)
            self.flow.wrote(frame.size, now, snapshot=True)

    def tell(self, frame: Frame, now: float) -> None:
        """Send an answer: never withheld; one that piles up answers unread is cut off."""
        if self.flow.hopeless:
            self.broken = True
            return
        self.writer.write(frame)
        self.flow.wrote(frame.size, now)
