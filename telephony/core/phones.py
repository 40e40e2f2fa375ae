"""What a colleague's tile shows («Состояния»): off, free and ringing from the hint, talking from live channels."""

from typing import Final

from telephony.core.enums import PhoneDetail, PhoneState
from telephony.core.state import RINGING, UP, Channel, Extension

IN_USE: Final = 1
BUSY: Final = 2
UNAVAILABLE: Final = 4
HINT_RINGING: Final = 8
OFFLINE_DEVICE: Final = frozenset({"UNAVAILABLE", "INVALID"})
BUSY_SWITCH: Final = frozenset({"BUSY", "INUSE"})

Shown = tuple[PhoneState, PhoneDetail]

_OFF: Final[Shown] = (PhoneState.OFF, PhoneDetail.NONE)
_FREE: Final[Shown] = (PhoneState.FREE, PhoneDetail.NONE)
_DND: Final[Shown] = (PhoneState.FREE, PhoneDetail.DND)
_RINGING: Final[Shown] = (PhoneState.RINGING, PhoneDetail.NONE)
_TALKING: Final[Shown] = (PhoneState.TALKING, PhoneDetail.NONE)
_DIALING: Final[Shown] = (PhoneState.TALKING, PhoneDetail.DIALING)
_ON_HOLD: Final[Shown] = (PhoneState.TALKING, PhoneDetail.ON_HOLD)


def _of_up_channel(channel: Channel) -> Shown:
    call = channel.call
    if channel.held:
        return _ON_HOLD
    # Click to dial: the own phone is answered, the other one still rings.
    if call.originated and call.answered is None and call.live > 1 and call.first is channel.leg:
        return _DIALING
    return _TALKING


def shown(extension: Extension) -> Shown:
    """State and detail of the tile.

    A live channel beats the hint: a hint says "in use" alike for an outgoing call and for a phone whose switch (DND)
    is on, so "in use" without a channel is not talking. Ringing while talking stays talking.
    """
    if not extension.channels:
        return extension.at_rest
    dialing = ringing = False
    best: Shown | None = None
    for channel in extension.channels.values():
        if channel.state == UP:
            found = _of_up_channel(channel)
            if best is None or found is _TALKING:
                best = found
        elif channel.state == RINGING:
            ringing = True
        elif channel.leg is not None and channel.call.first is channel.leg and not channel.call.originated:
            dialing = True
    if best is not None and not (dialing and best is _ON_HOLD):
        return best
    if dialing:
        return _DIALING
    return _RINGING if ringing else extension.at_rest


def is_offline(extension: Extension) -> bool:
    """No phone of the extension is registered.

    Asterisk joins the states of all devices of a hint: an idle `Custom:` switch beside an unregistered phone makes the
    hint "Idle". So the phones' own states decide where they are known.
    """
    phones = [device.state for device in extension.devices if not device.custom]
    if phones and all(phones):
        return OFFLINE_DEVICE.issuperset(phones)
    return extension.status < 0 or extension.status == UNAVAILABLE


def is_dnd(extension: Extension) -> bool:
    """A `Custom:` switch of the hint is on; if its own state is unknown, the hint tells (no channel explains it)."""
    switches = [device.state for device in extension.devices if device.custom]
    if any(state in BUSY_SWITCH for state in switches):
        return True
    return "" in switches and extension.status > 0 and extension.status & (IN_USE | BUSY) != 0


def at_rest(extension: Extension) -> Shown:
    """The tile as long as no channel is known; to be worked out when the hint or a device changes."""
    if extension.status > 0 and extension.status & HINT_RINGING:
        return _RINGING
    if is_offline(extension):
        return _OFF
    return _DND if is_dnd(extension) else _FREE
