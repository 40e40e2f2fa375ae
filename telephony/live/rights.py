"""Losing a right takes effect while the page is open: at once when a change is announced, else within 15 seconds."""

import asyncio
import time
from typing import TYPE_CHECKING, Final

from channels.db import database_sync_to_async

from astpanel.accounts.licensing.access import keeper as licences
from telephony.facts import load_facts
from telephony.live import messages
from telephony.live.member import Member
from telephony.live.messages import CloseCode
from telephony.live.metrics import REVOKED
from telephony.live.reason_texts import text_of
from telephony.live.sessions import living_sessions
from telephony.rules import Refusal, UserFacts, may_join, may_open

if TYPE_CHECKING:
    from telephony.live.hub import Hub

PERIOD: Final = 15.0  # seconds between two looks at everybody


class Rights:
    """Looks again what the browsers of this process may read."""

    def __init__(self, hub: "Hub") -> None:
        self._hub = hub
        self._checked = time.monotonic()
        self._changed: set[int] = set()
        self._everybody = False
        self._working = asyncio.Lock()

    def changed(self, user_id: int | None) -> None:
        """Somebody's rights (None: anybody's) may have changed."""
        if user_id is None:
            self._everybody = True
            licences.forget()  # they may have been what was written, by another process
        else:
            self._changed.add(user_id)
        self._hub.spawn(self._check_changed())

    async def check_if_due(self) -> None:
        """The periodic look at everybody."""
        if time.monotonic() - self._checked >= PERIOD:
            self._everybody = True
            await self._check_changed()

    async def _check_changed(self) -> None:
        async with self._working:  # announcements that come meanwhile are looked at together afterwards
            changed, everybody = self._changed, self._everybody
            self._changed, self._everybody = set(), False
            if everybody:
                self._checked = time.monotonic()
            members = [member for member in self._hub.members if everybody or member.user.id in changed]
            if members:
                await self._check(members)

    async def _check(self, members: list[Member]) -> None:
        keys = {(member.session_key, member.user.id) for member in members}
        facts = await database_sync_to_async(load_facts)({user_id for _, user_id in keys})
        alive = await database_sync_to_async(living_sessions)(keys)
        for member in members:
            if member in self._hub.members:
                await self._apply(member, facts.get(member.user.id), member.session_key in alive)

    async def _apply(self, member: Member, user: UserFacts | None, session_alive: bool) -> None:
        if user is None or not session_alive:
            REVOKED.labels("session").inc()
            await self._hub.close_member(member, CloseCode.NOT_LOGGED_IN)
            return
        verdict = may_open(user)
        if not verdict.allowed:
            REVOKED.labels(verdict.reason).inc()
            await self._hub.close_member(member, close_code(verdict.reason))
            return
        self.update(member, user)

    def update(self, member: Member, user: UserFacts) -> None:
        """Take newly read facts: what may not be read any more is taken away, with the reason; the PBX may change."""
        wanted = tuple(member.audiences)
        moved = user.pbx_id != member.pbx_id
        if moved:
            for audience in wanted:
                self._hub.leave(member, audience)
        member.user, member.pbx_id = user, user.pbx_id
        for audience in wanted:
            verdict = may_join(user, audience)
            if not verdict.allowed:
                self._hub.leave(member, audience)
                REVOKED.labels(verdict.reason).inc()
                refuse(member, audience, verdict.reason)
            elif moved:
                self._hub.join(member, audience)


def close_code(reason: Refusal) -> CloseCode:
    """Of a socket whose user may not open the panel (any more)."""
    return CloseCode.NO_LICENCE if reason in {Refusal.LICENCE_ENDED, Refusal.NO_SEAT} else CloseCode.NO_PANEL


def refuse(member: Member, audience: str, reason: Refusal) -> None:
    """Say why an audience may not be read."""
    member.tell(messages.refused(audience, reason, text_of(reason, member.language)), time.monotonic())
