"""Which connection an account wants."""

from telephony.ami.account import AmiAccount, LinkTimings
from telephony.ami.ajam import AjamConnection
from telephony.ami.client import LinkManager
from telephony.ami.connection import Connection
from telephony.ami.dial import dial
from telephony.ami.routing import Hooks
from telephony.ami.wire import WireCounts


class TcpConnection(LinkManager):
    """A LinkManager that knows whom to dial. Events come by themselves."""

    def __init__(
        self,
        account: AmiAccount,
        timings: LinkTimings,
        hooks: Hooks,
        *,
        wanted: frozenset[str] | None,
        counts: WireCounts,
    ) -> None:
        super().__init__(hooks, wanted=wanted, counts=counts)
        self._account, self._timings = account, timings

    async def open(self) -> None:
        """Connect and wait for Asterisk's greeting. Raises ConnectFailed."""
        await dial(self, self._account, self._timings)

    def listen(self) -> None:
        """Nothing to ask for."""


def connection_to(
    account: AmiAccount, timings: LinkTimings, hooks: Hooks, *, wanted: frozenset[str] | None, counts: WireCounts
) -> Connection:
    """Not opened yet."""
    kind = AjamConnection if account.transport == "ajam" else TcpConnection
    return kind(account, timings, hooks, wanted=wanted, counts=counts)
