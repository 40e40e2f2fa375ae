"""Commands → AMI actions → outcomes. Rights and state have been checked; here the PBX is asked and understood."""

import asyncio
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from telephony.ami import actions
from telephony.ami.errors import ActionFailed, ActionTimeout, AmiError, LinkDown, LinkLost
from telephony.ami.wire import Message
from telephony.core.commands import Outcome
from telephony.core.enums import OutcomeKind
from telephony.core.reasons import CommandReason
from telephony.core.snapshot import Event
from telephony.gateway.links import Links

log = logging.getLogger(__name__)
RING_OWN_PHONE: Final = 30.0  # seconds
AFTERWARDS: Final = 15.0  # seconds more for the OriginateResponse to come
RINGING_OR_UP: Final = frozenset({"5", "6"})  # ChannelState of Newstate
LONGEST_NAME: Final = 60
NORMAL, REJECTED = 16, 21  # Q.850

# `Reason` of a failed OriginateResponse: the AST_CONTROL frame that ended the ringing.
ORIGINATE_FAILED: Final[Mapping[str, CommandReason]] = {
    "0": CommandReason.OWN_PHONE_UNREACHABLE,
    "1": CommandReason.OWN_PHONE_NO_ANSWER,
    "3": CommandReason.OWN_PHONE_NO_ANSWER,
    "5": CommandReason.OWN_PHONE_BUSY,
    "8": CommandReason.CONGESTION,
}


@dataclass(frozen=True, slots=True)
class Shown:
    """How somebody appears on a display."""

    number: str
    name: str = ""

    @property
    def caller_id(self) -> str:
        """`"Name" <number>`."""
        return actions.caller_id(self.name[:LONGEST_NAME], self.number)


class Acts:
    """Carries out originates and hang-ups. Give it every event, so that it sees own phones ring."""

    def __init__(self, links: Links) -> None:
        self._links = links
        self._ringing: dict[str, asyncio.Future[str]] = {}  # our ChannelId → the channel's name once it rings
        self._later: set[asyncio.Task[Any]] = set()

    def observe(self, event: Event) -> None:
        """An event came from the PBX."""
        if not self._ringing or event.get("Event") != "Newstate" or event.get("ChannelState") not in RINGING_OR_UP:
            return
        waiting = self._ringing.get(event.get("Uniqueid", ""))
        if waiting is not None and not waiting.done():
            waiting.set_result(event.get("Channel", ""))

    async def originate(  # noqa: PLR0913 - all by name
        self, *, channel_id: str, device: str, own: Shown, other: Shown, context: str, seconds: float
    ) -> Outcome:
        """Ring the own phone `device`, which shows `other`; lifted, it dials the other's number in `context`.

        Done as soon as the own phone rings (or is up at once). Asterisk takes the CallerID of an Originate for the
        caller of whatever the dialplan dials then, so that the other phone would show its own number: while the own
        phone rings, the channel's caller id is set to `own` (seen on 16 and 22; the own phone's display stays).
        """
        action = actions.originate(
            channel=device,
            context=context,
            extension=other.number,
            timeout=RING_OWN_PHONE,
            caller=other.caller_id,
            channel_id=channel_id,
        )
        rings: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._ringing[channel_id] = rings
        call = self._background(self._links.originate(action, deadline=RING_OWN_PHONE + AFTERWARDS))
        waiting: set[asyncio.Future[Any]] = {rings, call}
        try:
            await asyncio.wait(waiting, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            del self._ringing[channel_id]
        if rings.done():
            self._background(self._show_caller(rings.result(), own))
            return Outcome(OutcomeKind.DONE, CommandReason.OWN_PHONE_RINGS)
        if not call.done():
            return Outcome(OutcomeKind.TIMED_OUT, CommandReason.PBX_SILENT)
        error = call.exception()
        return Outcome(OutcomeKind.DONE, CommandReason.OWN_PHONE_RINGS) if error is None else outcome_of(error)

    async def hangup(self, channels: Iterable[tuple[str, bool]], seconds: float) -> Outcome:
        """End the channels, given as (name, is ringing): a ringing phone rejects."""
        for channel, ringing in channels:
            action = actions.hangup(channel, REJECTED if ringing else NORMAL)
            try:
                await self._links.send(action, deadline=seconds)
            except AmiError as error:
                return outcome_of(error)
        return Outcome(OutcomeKind.DONE, CommandReason.HUNG_UP)

    async def close(self) -> None:
        """Forget what is still under way; calls that ring go on ringing."""
        for task in self._later:
            task.cancel()
        await asyncio.gather(*self._later, return_exceptions=True)

    async def _show_caller(self, channel: str, own: Shown) -> None:
        await self._links.send(actions.set_variable("CALLERID(all)", own.caller_id, channel))

    def _background(self, work: Any) -> "asyncio.Task[Message]":
        task = asyncio.create_task(work)
        self._later.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: "asyncio.Task[Any]") -> None:
        self._later.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None and not isinstance(error, AmiError):
            log.error("an act on the PBX failed", exc_info=error)


def outcome_of(error: BaseException) -> Outcome:
    """What an error of the link means for the one who clicked."""
    kind, detail = OutcomeKind.REFUSED, str(error)
    match error:
        case ActionFailed(message={"Event": "OriginateResponse"}):
            reason = error.message.get("Reason", "")
            code = ORIGINATE_FAILED.get(reason, CommandReason.OWN_PHONE_UNREACHABLE)
            kind, detail = OutcomeKind.FAILED, f"OriginateResponse Reason: {reason}"
        case ActionFailed():
            code = CommandReason.PBX_NO_RIGHT if error.permission_denied else CommandReason.PBX_REFUSED
        case LinkDown():
            code = CommandReason.LINK_DOWN
        case ActionTimeout():
            kind, code = OutcomeKind.TIMED_OUT, CommandReason.PBX_SILENT
        case LinkLost():
            kind, code = OutcomeKind.TIMED_OUT, CommandReason.LINK_LOST
        case AmiError():
            code = CommandReason.BAD_COMMAND
        case _:
            log.error("a command failed", exc_info=error)
            kind, code, detail = OutcomeKind.FAILED, CommandReason.INTERNAL_ERROR, type(error).__name__
    return Outcome(kind, code, detail)
