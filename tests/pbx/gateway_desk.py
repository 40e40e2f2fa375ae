"""A gateway on a real PBX and who looks at it: phones, a page, a reader of the database."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from astpanel.accounts.models import PanelUser
from telephony.gateway.database import DatabaseThread
from telephony.models import CallRecord, Pbx
from tests.factories import PanelUserFactory
from tests.gateway.office import Page, gateway
from tests.gateway.waiting import until
from tests.pbx.asterisk import Asterisk
from tests.pbx.office import Office
from tests.pbx.recorder import Recorder

RECORD: Final = ("direction", "disposition", "hangup_reason", "caller_number", "called_number")


def one_account(asterisk: Asterisk) -> Pbx:
    """AMI over TCP, everything allowed."""
    where = {"host": asterisk.host, "port": asterisk.ports.ami}
    return Pbx(name="real", username="full", secret=asterisk.secret, **where)


def three_accounts(asterisk: Asterisk) -> Pbx:
    """AJAM over HTTP, the accounts of deploy/asterisk/manager_split.conf."""
    return Pbx(
        name="real",
        host=asterisk.host,
        port=asterisk.ports.http,
        transport=Pbx.Transport.AJAM,
        username="astpanel-listen",
        secret=asterisk.secret,
        control_username="astpanel-control",
        control_secret=asterisk.secret,
        phone_username="astpanel-phone",
        phone_secret=asterisk.secret,
    )


@dataclass(slots=True)
class Desk:
    """Real phones, a page that looks at them through a running gateway, the user at 101."""

    office: Office
    page: Page
    pbx: Pbx
    user: PanelUser
    reader: DatabaseThread

    async def does(self, number: str, what: str, *args: Any) -> Any:
        """A step of a phone; they wait, so in a thread."""
        return await asyncio.to_thread(getattr(self.office.phone(number), what), *args)

    async def shows(self, **phones: str) -> None:
        """Until the tiles show these states: `shows(_101="talking")`."""
        wanted = {number.strip("_"): state for number, state in phones.items()}
        await until(lambda: {number: self.page.phone(number) for number in wanted} == wanted, f"{wanted} on the page")

    async def hears(self, number: str, *states: str) -> None:
        """Until the calls of a phone are in these states: a leg is up a packet before the bridge has both."""

        def seen() -> list[str]:
            return [call["state"] for call in self.page.calls(f"ext/{number}")]

        await until(lambda: seen() == list(states), f"the calls of {number} to be {states}")

    async def save(self, **fields: Any) -> None:
        """As the administrator does."""
        for name, value in fields.items():
            setattr(self.pbx, name, value)
        await self.reader.run(self.pbx.save, patience=60)

    def link(self) -> dict[str, Any]:
        """What the badge shows."""
        value: dict[str, Any] = self.page.state("office").get("link", {})
        return value

    async def recorded(self, *expected: tuple[str, ...]) -> None:
        """Until the records are these; then the two are compared."""

        def read() -> list[tuple[str, ...]]:
            return list(CallRecord.objects.order_by("id").values_list(*RECORD))

        found: list[tuple[str, ...]] = []
        with suppress(TimeoutError):
            async with asyncio.timeout(60):
                while found != list(expected):
                    await asyncio.sleep(0.05)
                    found = await self.reader.run(read, patience=60)
        assert found == list(expected)


@asynccontextmanager
async def open_desk(pbx: Pbx, office: Office, before: Callable[[], None] | None = None) -> AsyncIterator[Desk]:
    """Everybody on the hook, the gateway live. `pbx` is not saved yet. before: what phones do before it starts."""
    reader = DatabaseThread("reader")
    await reader.run(pbx.save, patience=60)
    user = await reader.run(partial(PanelUserFactory, number="101", pbx=pbx), patience=60)
    await reader.run(partial(PanelUserFactory, number="102", last_name="Орлова", pbx=pbx), patience=60)
    await asyncio.to_thread(partial(office.open, Recorder(office.pbx), connected=False))
    if before is not None:
        await asyncio.to_thread(before)
    async with Page(pbx.pk).reading() as page, gateway():
        await until(lambda: page.link() == ("up", ""), "the link to be up")
        yield Desk(office, page, pbx, user, reader)
    await reader.close()
