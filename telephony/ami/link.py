"""One PBX, one link: connects, logs in, reads the state, then passes every event on; for ever, whatever happens."""

from collections.abc import Awaitable, Callable

from telephony.ami.account import AmiAccount, LinkTimings
from telephony.ami.actions import Action
from telephony.ami.status import LinkStatus
from telephony.ami.wire import Message

OnEvent = Callable[[Message, float], None]
OnStatus = Callable[[LinkStatus], None]
Resync = Callable[["AmiLink"], Awaitable[None]]
Tap = Callable[[bytes, float], None]


class AmiLink:
    """A link to one Asterisk.

    on_event(message, received): every wanted event in order; `received` = when its bytes came, seconds since the epoch.
    on_status(status): each change of state or reason.
    resync(link): awaited after every login (state RESYNC). Events that come meanwhile are buffered and passed to
    `on_event` after it returns, then the state is UP. It uses `link.collect` (see `resync.load_snapshot`). If it raises,
    the connection is dropped and the link tries again.
    wanted: names of the events to pass on; None = all. Others are dropped before decoding.
    tap(data, received): every byte as it comes (the recorder).

    Callbacks are plain quick functions, called in the event loop; what they raise is logged and counted.
    """

    def __init__(  # noqa: PLR0913 - all by name; most have a default
        self,
        account: AmiAccount,
        *,
        on_event: OnEvent,
        on_status: OnStatus | None = None,
        resync: Resync | None = None,
        wanted: frozenset[str] | None = None,
        timings: LinkTimings | None = None,
        tap: Tap | None = None,
    ) -> None:
        raise NotImplementedError

    @property
    def status(self) -> LinkStatus:
        """Now."""
        raise NotImplementedError

    @property
    def data_at(self) -> float | None:
        """Seconds since the epoch of the last byte from the PBX; None before the first."""
        raise NotImplementedError

    async def run(self) -> None:
        """Work until `close()`. Reconnects after 1–30 s; a denied login waits for `reconfigure()`."""
        raise NotImplementedError

    async def send(self, action: Action, deadline: float | None = None) -> Message:
        """The response to one action, waited for at most `deadline` seconds from now.

        Raises ActionFailed, ActionTimeout, LinkDown (nothing was sent), LinkLost, UnsafeValue.
        """
        raise NotImplementedError

    async def originate(self, action: Action, deadline: float | None = None) -> Message:
        """Send an Originate and wait for its OriginateResponse: the first leg was answered, else ActionFailed.

        `message["Reason"]`: 0 no such extension or unreachable, 1 no answer, 3 rang out, 4 answered, 5 busy,
        8 congestion.
        """
        raise NotImplementedError

    async def collect(self, action: Action, deadline: float | None = None) -> tuple[Message, ...]:
        """The events of a list action without the Complete line. Raises as `send`."""
        raise NotImplementedError

    def request_resync(self) -> None:
        """Run the resync hook again as soon as possible (a reload of the PBX, too much drift). Nothing while not up."""
        raise NotImplementedError

    def reconfigure(self, account: AmiAccount) -> None:
        """Use another account from now on: drops the connection and tries at once, also after a denied login."""
        raise NotImplementedError

    async def close(self) -> None:
        """Log off and stop, at any moment; waits until `run()` has ended. Pending actions fail with LinkLost."""
        raise NotImplementedError
