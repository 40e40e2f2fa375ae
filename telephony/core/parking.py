"""Parking: a call that waits in a numbered space until somebody takes it back."""

from telephony.core import calls, channels, places
from telephony.core.changes import Change, ParkedCallChanged
from telephony.core.names import known, resource_of
from telephony.core.snapshot import Event
from telephony.core.state import ParkedCall, PbxState


def parkedcall(state: PbxState, event: Event, at: float, out: list[Change]) -> None:
    """ParkedCall (and ParkedCallSwap: a Local half gave way to the real channel)."""
    lot, space = event.get("Parkinglot", ""), event.get("ParkingSpace", "")
    channel = channels.find_other(state, event, at, out, "Parkee")
    if not lot or not space or channel is None:
        return
    timeout, parked_for = event.get("ParkingTimeout", ""), event.get("ParkingDuration", "")
    since = at - int(parked_for) if parked_for.isascii() and parked_for.isdigit() else at
    left = int(timeout) if timeout.isascii() and timeout.isdigit() else 0
    state.parked[lot, space] = ParkedCall(
        lot=lot,
        space=space,
        uniqueid=channel.uniqueid,
        linkedid=channel.linkedid,
        number=channel.leg.number if channel.leg is not None else known(event.get("ParkeeCallerIDNum")),
        name=known(event.get("ParkeeCallerIDName")),
        parked_by=_parker(state, event.get("ParkerDialString", "")),
        since=since,
        until=at + left if left else None,
    )
    if channel.parked not in (None, (lot, space)):
        places.leave_space(state, channel.parked, out)
    channel.parked = (lot, space)
    out.append(ParkedCallChanged(lot, space))
    out.append(channel.call.changed)


def _parker(state: PbxState, device: str) -> str:
    watched = state.devices.get(device.upper())
    if watched is not None and watched.extensions:
        return watched.extensions[0].number
    return resource_of(device)


def left(state: PbxState, event: Event, at: float, out: list[Change]) -> None:
    """UnParkedCall, ParkedCallTimeOut, ParkedCallGiveUp. Who takes it back joins the call."""
    places.leave_space(state, (event.get("Parkinglot", ""), event.get("ParkingSpace", "")), out)
    if not event.get("RetrieverUniqueid"):
        return
    retriever = channels.find_other(state, event, at, out, "Retriever")
    parkee = channels.find_other(state, event, at, out, "Parkee")
    if retriever is not None and parkee is not None:
        calls.join(state, parkee.call, retriever.call, at, out)
