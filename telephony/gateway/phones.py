"""Registered phones, kept in the database as the PBX tells of them; nothing of the live view waits for it."""

import asyncio
import logging
from datetime import datetime
from functools import partial
from typing import Final

from django.utils import timezone

from telephony.ami import actions
from telephony.ami.errors import AmiError
from telephony.ami.wire import Message
from telephony.check.facts import ContactFacts
from telephony.check.phone_rows import keep_contacts, note_contacts
from telephony.check.phones import contacts_of
from telephony.core.enums import LinkState
from telephony.gateway.database import DatabaseAwayError, DatabaseThread
from telephony.gateway.links import Links

log = logging.getLogger(__name__)
CONTACT_EVENT: Final = "ContactStatus"  # read=system: a phone logs in or out, becomes unreachable or comes back
GATHER: Final = 1.0  # seconds: an office that is switched on in the morning is one writing, not fifty
AGAIN: Final = 10.0  # seconds until the next attempt when the PBX or the database did not answer
PATIENCE: Final = 10.0  # seconds for one writing
MOST: Final = 10_000  # phones whose last event is kept while nothing can be written
REMOVED: Final = "Removed"  # Asterisk's word for a phone that logged out or whose registration ran out


class Phones:
    """`observe` each event, `read_all` after each log-in, `run` for ever.

    An event names the phone's number, address and state, not its model; so an account that may ask for the list
    (write=system) asks, and otherwise the event is all there is.
    """

    def __init__(self, pbx_id: int, links: Links, database: DatabaseThread) -> None:
        self._pbx_id = pbx_id
        self._links = links
        self._database = database
        self._told: dict[tuple[str, str], ContactFacts] = {}  # the last event of each phone
        self._up = False  # the link that may ask for the list
        self._due = asyncio.Event()

    def observe(self, message: Message) -> bool:
        """True if the event was about a phone: then nobody else wants it."""
        if message.get("Event") != CONTACT_EVENT:
            return False
        number, uri = message.get("AOR", ""), message.get("URI", "")
        if number and uri and len(self._told) < MOST:
            self._told[number, uri] = ContactFacts(number, uri, "", message.get("ContactStatus", ""))
            self._due.set()
        return True

    def read_all(self) -> None:
        """The link is up, or up again: what happened meanwhile is not known."""
        self._due.set()

    def link_changed(self) -> None:
        """The account that may ask for the list may have logged in after the listening one."""
        up = self._links.phones.status.state is LinkState.UP
        if up and not self._up:
            self.read_all()
        self._up = up

    async def run(self) -> None:
        """Write for ever; cancel it."""
        while True:
            await self._due.wait()
            await asyncio.sleep(GATHER)
            self._due.clear()
            told, self._told = self._told, {}
            try:
                await self._write(told)
            except (AmiError, DatabaseAwayError) as error:
                log.info("PBX %d: phones are not written yet: %s", self._pbx_id, error)
                self._told = told | self._told
                await asyncio.sleep(AGAIN)
                self._due.set()
            except Exception:  # a defect of ours must not stop the gateway
                log.exception("PBX %d: phones could not be written", self._pbx_id)

    async def _write(self, told: dict[tuple[str, str], ContactFacts]) -> None:
        now = timezone.now()
        if "PJSIPShowContacts" in self._links.phones.rights.commands:
            listed = contacts_of(await self._links.collect(actions.pjsip_show_contacts()))
            await self._in_database(partial(keep_contacts, pbx_id=self._pbx_id, contacts=listed, now=now))
        elif told:
            await self._in_database(partial(self._note, list(told.values()), now))

    def _note(self, told: list[ContactFacts], now: datetime) -> None:
        gone = [contact for contact in told if contact.status == REMOVED]
        there = [contact for contact in told if contact.status != REMOVED]
        note_contacts(pbx_id=self._pbx_id, there=there, gone=gone, now=now)

    async def _in_database(self, work: "partial[None]") -> None:
        await self._database.run(work, patience=PATIENCE)
