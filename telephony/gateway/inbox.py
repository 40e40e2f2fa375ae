"""Commands and requests from the web processes: checked again, carried out once, answered, written into the journal."""

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import asdict, replace
from functools import partial
from typing import Any, Final, Protocol
from uuid import UUID

from astpanel.lib.numbering import Explanation, NumberRules
from crm.selectors import contacts_by_numbers, number_rules
from telephony.core.commands import Hangup, Originate, Outcome
from telephony.core.enums import LinkState, OutcomeKind, PhoneState
from telephony.core.reasons import CommandReason
from telephony.core.state import RINGING, Channel, PbxState
from telephony.dialling import may_dial
from telephony.facts import load_facts
from telephony.gateway.acts import Acts, Shown, outcome_of
from telephony.gateway.database import DatabaseAwayError, DatabaseThread
from telephony.gateway.links import Links
from telephony.gateway.orders import Order, OrderError, read_order
from telephony.gateway.publisher import Layer
from telephony.rules import Refusal, UserFacts, may_hangup
from telephony.services import ActionFact

log = logging.getLogger(__name__)
REMEMBERED: Final = 5_000  # command ids
RIGHTS_PATIENCE: Final = 5.0  # seconds
NAMES_PATIENCE: Final = 1.0


class Office(Protocol):
    """What the inbox needs of the gateway."""

    pbx_id: int
    dial_context: str
    links: Links
    acts: Acts

    @property
    def state(self) -> PbxState:
        """As the reducer sees the PBX now."""


class Inbox:
    """Carries out orders. `journal` takes one row for each, refused ones too."""

    def __init__(
        self, office: Office, layer: Layer, database: DatabaseThread, journal: Callable[[ActionFact], None]
    ) -> None:
        self._office = office
        self._layer = layer
        self._database = database
        self._journal = journal
        self._outcomes: OrderedDict[UUID, Outcome | None] = OrderedDict()  # None: under way
        self._tasks: set[asyncio.Task[None]] = set()
        self.bad = 0  # messages that were no commands

    def take(self, message: dict[str, Any]) -> None:
        """A `gateway.command` came; the answer follows by itself."""
        try:
            order = read_order(message)
        except OrderError as error:
            self.bad += 1
            log.warning("a message to the gateway is no command: %s", error)
            return
        task = asyncio.create_task(self._deal_with(order))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Whatever is under way is answered: the gateway stops."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _deal_with(self, order: Order) -> None:
        if order.command_id in self._outcomes:
            known = self._outcomes[order.command_id]
            if known is not None:
                await self._answer(order, known)
            return
        self._outcomes[order.command_id] = None
        while len(self._outcomes) > REMEMBERED:
            self._outcomes.popitem(last=False)
        began = time.monotonic()
        try:
            outcome = await self._carry_out(order)
        except asyncio.CancelledError:
            outcome = Outcome(OutcomeKind.TIMED_OUT, CommandReason.GATEWAY_STOPPING)
        except Exception as error:
            outcome = outcome_of(error)
        self._outcomes[order.command_id] = outcome
        self._journal(
            ActionFact(
                command_id=order.command_id,
                user_id=order.user_id,
                name=order.name,
                args=asdict(order.command),
                outcome=outcome.kind,
                reason=outcome.reason,
                detail=outcome.detail,
                seconds=round(time.monotonic() - began, 3),
            )
        )
        await self._answer(order, outcome)

    async def _answer(self, order: Order, outcome: Outcome) -> None:
        message = {"type": "live.outcome", "id": str(order.command_id), **asdict(outcome)}
        try:
            async with asyncio.timeout(RIGHTS_PATIENCE):
                await self._layer.send(order.reply, message)
        except Exception as error:  # the layer is away: the asker sees a time-out, the journal has the truth
            log.warning("an outcome could not be told: %s: %s", type(error).__name__, error)

    async def _carry_out(self, order: Order) -> Outcome:
        if time.time() >= order.deadline:
            return _refused(CommandReason.TOO_LATE)
        if (refusal := self._not_connected()) is not None:
            return refusal
        user = await self._user(order.user_id)
        if not isinstance(user, UserFacts):
            return _refused(user)
        seconds = order.deadline - time.time()
        if seconds <= 0:
            return _refused(CommandReason.TOO_LATE)
        if isinstance(order.command, Originate):
            return await self._originate(order, order.command, user, seconds)
        return await self._hangup(order.command, user, seconds)

    def _not_connected(self) -> Outcome | None:
        """Without events nobody knows what a command would do; without the log-in for commands it cannot be sent."""
        if self._office.links.listen.status.state is not LinkState.UP:
            return _refused(CommandReason.LINK_DOWN)
        commands = self._office.links.commands.status
        if commands.state is not LinkState.UP:
            return Outcome(OutcomeKind.REFUSED, CommandReason.COMMANDS_DOWN, str(commands.reason))
        return None

    async def _user(self, user_id: int) -> UserFacts | CommandReason | Refusal:
        """Read anew for each command: a right may have been withdrawn a moment ago."""
        try:
            facts = await self._database.run(partial(load_facts, [user_id]), patience=RIGHTS_PATIENCE)
        except DatabaseAwayError:
            return CommandReason.RIGHTS_UNKNOWN
        user = facts.get(user_id)
        if user is None:
            return Refusal.USER_OFF
        return user if user.pbx_id == self._office.pbx_id else CommandReason.WRONG_PBX

    async def _originate(self, order: Order, command: Originate, user: UserFacts, seconds: float) -> Outcome:
        rules = await self._rules()
        if rules is None:
            return _refused(CommandReason.RIGHTS_UNKNOWN)
        extensions = self._office.state.extensions

        def state_of(number: str) -> PhoneState | None:
            return extensions[number].state if number in extensions else None

        verdict, number = may_dial(user, command.extension, command.number, rules=rules, state_of=state_of)
        if not verdict.allowed:
            return _refused(verdict.reason)
        device = device_to_ring(self._office.state, command.extension)
        if device is None:
            return _refused(CommandReason.NO_DEVICE)
        names = await self._names((command.extension, number.e164 or number.dialled))
        outcome = await self._office.acts.originate(
            channel_id=new_uniqueid(order.command_id, time.time()),
            device=device,
            own=Shown(command.extension, names.get(command.extension, "")),
            other=Shown(number.dialled, names.get(number.e164 or number.dialled, "")),
            context=self._office.dial_context,
            seconds=seconds,
        )
        return _with_dialled(outcome, command, number)

    async def _rules(self) -> NumberRules | None:
        """The office's number rules, two seconds old at most; None: the database is away."""
        try:
            return await self._database.run(number_rules, patience=RIGHTS_PATIENCE)
        except DatabaseAwayError:
            return None

    async def _names(self, numbers: tuple[str, ...]) -> dict[str, str]:
        """For displays; without the directory the numbers must do."""
        look = partial(contacts_by_numbers, numbers, pbx_id=self._office.pbx_id)
        try:
            found = await self._database.run(look, patience=NAMES_PATIENCE)
        except DatabaseAwayError:
            return {}
        return {number: contact.name for number, contact in found.items()}

    async def _hangup(self, command: Hangup, user: UserFacts, seconds: float) -> Outcome:
        channels = own_channels(self._office.state, command.extension, command.call_id)
        calls = [command.call_id] if channels else []
        verdict = may_hangup(user, command.extension, command.call_id, calls=calls)
        if not verdict.allowed:
            return _refused(verdict.reason)
        return await self._office.acts.hangup([(c.name, c.state == RINGING) for c in channels], seconds)


def _with_dialled(outcome: Outcome, command: Originate, number: Explanation) -> Outcome:
    """The journal and the page tell what was dialled when it was not what was typed."""
    if number.dialled == command.number or outcome.detail:
        return outcome
    return replace(outcome, detail=f"{command.number} → {number.dialled} ({number.rule})")


def _refused(reason: CommandReason | Refusal) -> Outcome:
    return Outcome(OutcomeKind.REFUSED, reason)


def new_uniqueid(command_id: UUID, now: float) -> str:
    """A uniqueid of our own in the form of Asterisk's (seconds.count), which other software at the PBX may rely on."""
    return f"{int(now)}.{9 * 10**14 + command_id.int % 10**14}"


def device_to_ring(state: PbxState, number: str) -> str | None:
    """The first phone of the extension's hint that is registered, else the first one; switches (`Custom:`) are none.

    One device rings, the first in the hint: Originate dials one channel, and the user's main phone stands first there.
    """
    extension = state.extensions.get(number)
    phones = [device for device in extension.devices if not device.custom] if extension else []
    there = [device for device in phones if device.state not in {"UNAVAILABLE", "INVALID"}]
    return next((device.name for device in [*there, *phones]), None)


def own_channels(state: PbxState, number: str, call_id: str) -> list[Channel]:
    """The extension's live channels in the call."""
    call = state.calls.get(call_id)
    channels = call.channels.values() if call else ()
    return [c for c in channels if c.extension is not None and c.extension.number == number]
