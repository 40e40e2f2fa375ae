"""Up to three log-ins at one PBX: one listens, one commands, one touches phones. One account for everything will do.

An account that may place calls can run code on an unpatched Asterisk (CVE-2024-42365), and the account that is always
busy reading events has no need of that right. Hence the split of `deploy/asterisk/manager_split.conf`.
"""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from enum import StrEnum
from functools import partial
from typing import Any, Final

from telephony.ami.account import AmiAccount
from telephony.ami.actions import Action
from telephony.ami.link import AmiLink, OnEvent, Resync
from telephony.ami.reasons import Reason
from telephony.ami.resync import load_snapshot
from telephony.ami.rights import FEATURES
from telephony.ami.status import LinkStatus
from telephony.ami.wire import Message
from telephony.core.enums import LinkState
from telephony.core.reducer import WANTED_EVENTS
from telephony.core.snapshot import PbxSnapshot
from telephony.gateway.configuration import PbxConfiguration

log = logging.getLogger(__name__)


class Duty(StrEnum):
    """What a log-in beside the listening one is for."""

    CONTROL = "control"
    PHONE = "phone"


SETTLE: Final = 3.0  # seconds that the reading of the state waits for the other accounts
NEED_SYSTEM: Final = frozenset({"PJSIPNotify", "SIPnotify", "PJSIPShowContacts", "DBPut", "DBDel"})
COMMANDS: Final = frozenset({"originate", "hangup", "transfer", "park", "variables", "queue_members"})  # features
PHONES: Final = frozenset({"contacts", "answer"})  # features


class Links:
    """The listening link with its events and re-sync, and the links that only carry actions.

    An action goes over the link whose duty it is: commands over the control link, what needs write=system over the
    phone link, else the control link; without such an account, over the listening link. It never falls back to
    another link when its own is down: LinkDown says why.
    """

    def __init__(
        self,
        configuration: PbxConfiguration,
        *,
        on_event: OnEvent,
        on_changed: Callable[[], None],
        resync: Resync,
    ) -> None:
        self._name = configuration.name
        self._on_changed = on_changed
        self.listen = AmiLink(
            configuration.account,
            on_event=on_event,
            on_status=partial(self._status, "listen"),
            resync=resync,
            wanted=WANTED_EVENTS | {"ContactStatus"},  # of phones, for telephony.gateway.phones
        )
        self._others: dict[Duty, AmiLink] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._unread: frozenset[str] = frozenset()  # list actions that nobody might use when the state was read last
        self._news = asyncio.Event()  # the status of a link has changed
        self._running = False
        self.reconfigure(configuration)

    # --- Which link -------------------------------------------------------------------------------------------------
    @property
    def commands(self) -> AmiLink:
        """Where commands go."""
        return self._others.get(Duty.CONTROL, self.listen)

    @property
    def phones(self) -> AmiLink:
        """Where actions go that need write=system."""
        return self._others.get(Duty.PHONE, self.commands)

    def link_for(self, action: Action) -> AmiLink:
        """By its name."""
        return self.phones if action.name in NEED_SYSTEM else self.commands

    async def send(self, action: Action, deadline: float | None = None) -> Message:
        """As `AmiLink.send`."""
        return await self.link_for(action).send(action, deadline)

    async def originate(self, action: Action, deadline: float | None = None) -> Message:
        """As `AmiLink.originate`."""
        return await self.link_for(action).originate(action, deadline)

    async def collect(self, action: Action, deadline: float | None = None) -> tuple[Message, ...]:
        """As `AmiLink.collect`."""
        return await self.link_for(action).collect(action, deadline)

    async def snapshot(self) -> PbxSnapshot:
        """The whole state, read by the listening link; a list it may not read (ParkedCalls) by another that may."""
        await self._settle()
        snapshot = await load_snapshot(self.listen, *self._others.values())
        self._unread = frozenset(snapshot.missing)
        return snapshot

    async def _settle(self) -> None:
        """At the start all accounts log in at the same time: a moment of patience spares a second reading."""
        with suppress(TimeoutError):
            async with asyncio.timeout(SETTLE):
                while any(_on_its_way(link.status) for link in self._others.values()):
                    self._news.clear()
                    await self._news.wait()

    # --- How they stand ---------------------------------------------------------------------------------------------
    @property
    def missing(self) -> tuple[str, ...]:
        """Codes of the features that do not work with these accounts."""
        every = (self.listen, *self._others.values())
        lacking = {link: set(link.status.missing) for link in every}

        def lacks(code: str) -> bool:
            if code in COMMANDS:
                return code in lacking[self.commands]
            if code in PHONES:
                return code in lacking[self.phones]
            return all(code in codes for codes in lacking.values())

        return tuple(feature.code for feature in FEATURES if lacks(feature.code))

    def trouble(self, duty: Duty) -> Reason:
        """Why the log-in of this duty is not up; NONE if it is, or if there is none."""
        link = self._others.get(duty)
        return Reason.NONE if link is None else link.status.reason

    def status(self) -> dict[str, Any]:
        """For `run_gateway --status`: each further log-in."""
        return {duty: {"state": link.status.state, "reason": link.status.reason} for duty, link in self._others.items()}

    # --- Life -------------------------------------------------------------------------------------------------------
    async def run(self) -> None:
        """Until it is cancelled or closed."""
        self._running = True
        for link in self._others.values():
            self._start(link)
        await self.listen.run()

    async def close(self) -> None:
        """Log everything off."""
        self._running = False
        await asyncio.gather(*(link.close() for link in (self.listen, *self._others.values())))
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def reconfigure(self, configuration: PbxConfiguration) -> None:
        """Other accounts from now on; what has not changed stays connected."""
        if configuration.account != self.listen.account:
            self.listen.reconfigure(configuration.account)
        self._appoint(Duty.CONTROL, configuration.control)
        self._appoint(Duty.PHONE, configuration.phone)

    def retry(self) -> None:
        """Somebody mended something on the PBX: try again now, also after a denied log-in."""
        for link in (self.listen, *self._others.values()):
            link.retry()

    def _appoint(self, duty: Duty, account: AmiAccount | None) -> None:
        link = self._others.get(duty)
        if account is None:
            if link is not None:
                del self._others[duty]
                self._background(link.close())
        elif link is None:
            link = self._others[duty] = AmiLink(
                account, on_event=_nobody_listens, on_status=partial(self._status, duty), wanted=frozenset()
            )
            if self._running:
                self._start(link)
        elif account != link.account:
            link.reconfigure(account)

    def _start(self, link: AmiLink) -> None:
        self._background(link.run())

    def _background(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _status(self, duty: str, status: LinkStatus) -> None:
        log.info("PBX %s: %s link %s %s", self._name, duty, status.state, status.reason)
        self._news.set()
        if status.state is LinkState.UP and any(
            self._unread & link.rights.commands for name, link in self._others.items() if name == duty
        ):  # it may read what was left out before it came
            self.listen.request_resync()
        self._on_changed()


def _on_its_way(status: LinkStatus) -> bool:
    return status.state is LinkState.CONNECTING and not status.reason


def _nobody_listens(message: Message, received: float) -> None:
    """These links read no events."""
