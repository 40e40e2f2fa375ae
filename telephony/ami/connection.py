"""What a transport gives to a session: AMI over TCP (`client`) and over HTTP (`ajam`) look alike from here up."""

import asyncio
from typing import Protocol

from telephony.ami.actions import Action
from telephony.ami.pending import Answer, PendingAction
from telephony.ami.reasons import Reason


class Connection(Protocol):
    """One connection, or HTTP session, from opening to its end; never opened a second time."""

    lost: "asyncio.Future[Reason]"  # gets the reason of the end

    async def open(self) -> None:
        """Reach an Asterisk and make sure that it is one, before anything secret is sent. Raises ConnectFailed."""

    def listen(self) -> None:
        """Logged in: fetch events from now on. What happened since the log-in comes too."""

    def submit(self, action: Action, answer: Answer) -> PendingAction:
        """Send an action now, once. Raises LinkLost, UnsafeValue."""

    def forget(self, pending: PendingAction) -> None:
        """Stop waiting for it; what still comes is an orphan."""

    def drop(self, reason: Reason) -> None:
        """End the connection for this reason; what waits fails with LinkLost. Harmless at any moment and twice."""

    async def hang_up(self, reason: Reason) -> None:
        """Drop, and wait until everything is closed."""
