"""Asks about internal numbers: hints, devices, whether they can be dialled."""

import asyncio
import re
from collections.abc import Sequence
from typing import Final

from telephony.ami import actions, enquiries
from telephony.check.asking import Asking
from telephony.check.facts import HintFacts, NumberFacts

_SAFE: Final = re.compile(r"[0-9A-Za-z*#+._-]{1,80}")  # goes into the argument of a dialplan function
_DEVICE: Final = re.compile(r"[A-Za-z0-9]+/[0-9A-Za-z*#+._@:-]{1,80}")


async def hints(asking: Asking) -> tuple[HintFacts, ...] | None:
    """All hints of the dialplan, or None."""
    events = await asking.collect(actions.extension_state_list())
    if events is None:
        return None
    told = ((event.get("Exten", ""), event.get("Context", ""), event.get("Hint", "")) for event in events)
    return tuple(sorted((HintFacts(*hint) for hint in told), key=lambda hint: (hint.number, hint.context)))


async def exists(asking: Asking, context: str, number: str = "") -> bool | None:
    """Is there such a context, or such a number in it (patterns and includes count)? None: the PBX does not say."""
    if not _SAFE.fullmatch(context) or (number and not _SAFE.fullmatch(number)):
        return None
    said = await asking.value(f"DIALPLAN_EXISTS({context},{number},1)" if number else f"DIALPLAN_EXISTS({context})")
    return {"0": False, "1": True}.get(said)


async def numbers(
    asking: Asking, wanted: Sequence[str], known: tuple[HintFacts, ...] | None, context: str
) -> tuple[NumberFacts, ...]:
    """In the order they were asked for. What is no number of a dialplan is left out."""
    listed = await asking.collect(actions.device_state_list()) or ()
    states = {event.get("Device", ""): event.get("State", "") for event in listed}
    asked = (_number(asking, number, known, context, states) for number in wanted if _SAFE.fullmatch(number))
    return tuple(await asyncio.gather(*asked))


async def _number(
    asking: Asking, number: str, known: tuple[HintFacts, ...] | None, context: str, states: dict[str, str]
) -> NumberFacts:
    own = [hint for hint in known or () if hint.number == number]
    devices = [device for hint in own for device in hint.devices] or [f"PJSIP/{number}", f"SIP/{number}"]
    return NumberFacts(
        number=number,
        dialable=await exists(asking, context, number),
        pattern_hint="" if own or known is None else await _pattern_hint(asking, number, context),
        devices={device: states.get(device) or await _state(asking, device) for device in dict.fromkeys(devices)},
    )


async def _pattern_hint(asking: Asking, number: str, context: str) -> str:
    answer = await asking.send(enquiries.extension_state(number, context))
    return answer.get("Hint", "")


async def _state(asking: Asking, device: str) -> str:
    """INVALID: the PBX has no such device. Empty: not known."""
    return await asking.value(f"DEVICE_STATE({device})") if _DEVICE.fullmatch(device) else ""
