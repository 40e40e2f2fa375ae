"""From a click to its outcome: rules, the way to the gateway, the deadline, the journal.

Every command gets exactly one outcome. One that a page asked for goes on when the page is closed: the gateway writes
it into the journal; this process writes what never reached a gateway or was not answered.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Final
from uuid import UUID, uuid4

from channels.db import database_sync_to_async

from astpanel.lib.numbering import NumberRules
from crm.selectors import number_rules
from telephony.core.commands import Command, Originate, Outcome
from telephony.core.enums import LinkState, OutcomeKind, PhoneState
from telephony.core.reasons import CommandReason, LinkReason
from telephony.dialling import may_dial
from telephony.facts import aload_facts
from telephony.live import layer_messages
from telephony.live.audiences import OFFICE, extension_audience
from telephony.live.edge_reasons import EdgeReason
from telephony.live.feed import Feed
from telephony.live.limits import COMMANDS, RateLimit
from telephony.live.metrics import COMMANDS as COUNTED
from telephony.live.replica import State
from telephony.rules import Refusal, UserFacts, Verdict, may_hangup
from telephony.services import ActionFact, journal_actions

DEADLINE: Final = 10.0  # seconds a gateway has
GRACE: Final = 0.5  # seconds more for its answer to travel

log = logging.getLogger(__name__)
GroupSend = Callable[[str, dict[str, Any]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Address:
    """Where a command goes and where its answer comes: group_send of the layer, the hub's channel, the PBX's feed."""

    group_send: GroupSend
    reply: str
    feed: Feed


class CommandBus:
    """The commands under way in this process."""

    def __init__(self) -> None:
        self._waiting: dict[str, asyncio.Future[Outcome]] = {}
        self._limits: dict[int, RateLimit] = {}  # per user

    async def carry_out(self, user_id: int, command: Command, address: Address) -> Outcome:
        """Check, send, wait, journal; never raises."""
        began = time.monotonic()
        command_id = str(uuid4())
        outcome, by_gateway = await self._attempt(command_id, user_id, command, address)
        name = layer_messages.command_name(command)
        COUNTED.labels(name, outcome.kind).inc()
        if not by_gateway:
            await _journal(
                address.feed.pbx_id,
                ActionFact(
                    command_id=UUID(command_id),
                    user_id=user_id,
                    name=name,
                    args=layer_messages.command_args(command),
                    outcome=outcome.kind,
                    reason=outcome.reason,
                    detail=outcome.detail,
                    seconds=round(time.monotonic() - began, 3),
                ),
            )
        return outcome

    def within_limit(self, user_id: int) -> bool:
        """Count a command of this user; False: too many in a short time."""
        now = time.monotonic()
        if len(self._limits) > 1000:
            self._limits = {user: limit for user, limit in self._limits.items() if now - limit.last_used < COMMANDS[1]}
        return self._limits.setdefault(user_id, RateLimit(COMMANDS)).take(now)

    def answered(self, command_id: str, outcome: Outcome) -> None:
        """A gateway's answer; late and unknown ones are ignored."""
        waiting = self._waiting.get(command_id)
        if waiting is not None and not waiting.done():
            waiting.set_result(outcome)

    async def _attempt(self, command_id: str, user_id: int, command: Command, address: Address) -> tuple[Outcome, bool]:
        try:
            user = await aload_facts(user_id)
            rules = await database_sync_to_async(number_rules)()
            refusal = refusal_of(user, command, address.feed, rules)
            if refusal:
                return Outcome(OutcomeKind.REFUSED, refusal), False
            return await self._ask_gateway(command_id, user_id, command, address)
        except Exception as error:
            log.exception("command %s of user %s", command_id, user_id)
            return Outcome(OutcomeKind.FAILED, CommandReason.INTERNAL_ERROR, type(error).__name__), False

    async def _ask_gateway(
        self, command_id: str, user_id: int, command: Command, address: Address
    ) -> tuple[Outcome, bool]:
        answer: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._waiting[command_id] = answer
        message = layer_messages.gateway_command(
            command, command_id=command_id, reply=address.reply, user_id=user_id, deadline=time.time() + DEADLINE
        )
        try:
            async with asyncio.timeout(DEADLINE + GRACE):
                await address.group_send(layer_messages.gateway_group(address.feed.pbx_id), message)
                return await answer, True
        except TimeoutError:
            return Outcome(OutcomeKind.TIMED_OUT, EdgeReason.GATEWAY_SILENT), False
        finally:
            del self._waiting[command_id]


def refusal_of(user: UserFacts | None, command: Command, feed: Feed, rules: NumberRules) -> str:
    """Why this process will not even ask the gateway; empty: it will. The gateway checks again with its own state."""
    if user is None:
        return Refusal.USER_OFF
    verdict = _verdict(user, command, feed, rules)
    if not verdict.allowed:
        return verdict.reason
    if feed.lost:
        return LinkReason.GATEWAY_LOST
    return "" if feed.link.get("state", LinkState.UP) == LinkState.UP else CommandReason.LINK_DOWN


def _verdict(user: UserFacts, command: Command, feed: Feed, rules: NumberRules) -> Verdict:
    if user.pbx_id != feed.pbx_id:
        return Verdict(False, Refusal.NO_PBX)
    if isinstance(command, Originate):
        office = feed.replica.state(OFFICE)
        verdict, _ = may_dial(
            user, command.extension, command.number, rules=rules, state_of=partial(_phone_state, office)
        )
        return verdict
    calls = [key.removeprefix("call:") for key in feed.replica.state(extension_audience(command.extension))]
    return may_hangup(user, command.extension, command.call_id, calls=None if feed.replica.stale else calls)


def _phone_state(office: State, number: str) -> PhoneState:
    """As the gateway published it; a word of another version counts as unknown, and the gateway decides."""
    tile = office.get(f"ext:{number}")
    try:
        return PhoneState(tile["state"]) if isinstance(tile, dict) else PhoneState.UNKNOWN
    except (KeyError, ValueError):
        return PhoneState.UNKNOWN


async def _journal(pbx_id: int, action: ActionFact) -> None:
    try:
        await database_sync_to_async(journal_actions)(pbx_id=pbx_id, actions=[action])
    except Exception:
        log.exception("command %s could not be written into the journal", action.command_id)
