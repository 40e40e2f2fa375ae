"""Actions on calls."""

import re
from typing import Any

from telephony.demo.engine.channel import Channel, Party
from telephony.demo.engine.consultation import begin
from telephony.demo.engine.events import RINGING, UNKNOWN, UP, Headers
from telephony.demo.engine.originate import Origination, originate
from telephony.demo.engine.parking import ParkingLot
from telephony.demo.engine.pbx import Dialplan
from telephony.demo.engine.transfer import blind_transfer, redirect, spy
from telephony.demo.face.request import Request
from telephony.demo.face.session import Session
from telephony.demo.face.table import action

_CALLER_ID = re.compile(r'\s*"?([^"<]*?)"?\s*<([^>]*)>\s*')


def _channel(session: Session, request: Request, header: str = "Channel") -> Channel | None:
    """The named channel; None after the client was told what is wrong."""
    if not request[header]:
        session.error(request, "No channel specified")
        return None
    channel = session.pbx.find(request[header])
    if channel is None or channel.ending:
        session.error(request, "No such channel")
        return None
    return channel


@action("Hangup", "Hangup channel.", "system", "call")
def hang_up(session: Session, request: Request) -> None:
    """One channel, with a cause; `/regex/` would be several and is refused here."""
    if channel := _channel(session, request):
        session.ok(request, message="Channel Hungup")
        cause = request["Cause"]
        session.pbx.command_hangup(channel, int(cause) if cause.isdigit() else 16)


@action("Redirect", "Redirect (transfer) a call.", "call")
def redirect_channel(session: Session, request: Request) -> None:
    """One channel goes elsewhere."""
    if not (request["Exten"] and request["Context"]):
        session.error(request, "Exten or Context missing")
    elif channel := _channel(session, request):
        redirect(session.pbx, channel, request["Context"], request["Exten"])
        session.ok(request, message="Redirect successful")


@action("BlindTransfer", "Blind transfer channel(s) to the given destination", "call")
def blind(session: Session, request: Request) -> None:
    """Only while bridged."""
    if not request["Exten"]:
        session.error(request, "No extension specified")
    elif channel := _channel(session, request):
        context = request["Context"] or channel.context
        if blind_transfer(session.pbx, channel, context, request["Exten"], external=True):
            session.ok(request, message="Transfer succeeded")
        else:
            session.error(request, "Transfer invalid")


@action("Atxfer", "Attended transfer.", "call")
def attended(session: Session, request: Request) -> None:
    """The PBX calls the third party; the transferer completes by hanging up."""
    if not request["Exten"]:
        session.error(request, "No extension specified")
    elif channel := _channel(session, request):
        if begin(session.pbx, channel, request["Context"] or channel.context, request["Exten"]):
            session.ok(request, message="Atxfer successfully queued")
        else:
            session.error(request, "Atxfer unsuccessful, is the channel bridged?")


@action("Park", "Park a channel.", "call")
def park(session: Session, request: Request) -> None:
    """The parker is TimeoutChannel; he is rung when the time is over."""
    channel = _channel(session, request)
    if channel is None:
        return
    name = request["Parkinglot"]
    lots = [lot for lot in session.server.plan.numbers.lots if name in {"", lot.name}]
    if not lots:
        session.error(request, "Could not find parking lot")
        return
    by = session.pbx.find(request["TimeoutChannel"])
    parker = by.name.rpartition("-")[0] if by else channel.name.rpartition("-")[0]
    timeout = request["Timeout"]
    if lots[0].park(channel, parker, int(timeout) / 1000 if timeout.isdigit() else 0):
        session.ok(request, message="Park successful")
    else:
        session.error(request, "Park action failed")


@action("Status", "List channel status.", "system", "call", "reporting")
def status(session: Session, request: Request) -> None:
    """Of one channel or all."""
    channels = list(session.pbx.channels.values())
    if request["Channel"]:
        channel = _channel(session, request)
        if channel is None:
            return
        channels = [channel]
    items = [("Status", channel.headers()) for channel in channels]
    session.listing(request, "Channel status will follow", items, "StatusComplete")


@action("PJSIPNotify", "Send a NOTIFY to either an endpoint, an arbitrary URI, or inside a SIP dialog.", "system")
def pjsip_notify(session: Session, request: Request) -> None:
    """`Event=talk` inside a ringing dialog lifts the phone."""
    channel = session.pbx.find(request["Channel"])
    if channel is None:
        session.error(request, "PJSIPNotify requires a channel that exists")
        return
    session.ok(request, message="NOTIFY sent")
    wanted = {part.strip() for line in request.variables for part in line.split(",")}
    if "Event=talk" in wanted and channel.state == RINGING and channel.outcome:
        session.pbx.set_state(channel, UP)
        channel.outcome.fire("answer")


# --- Originate ------------------------------------------------------------------------------------------------------
@action("Originate", "Originate a call.", "originate")
def originate_call(session: Session, request: Request) -> None:
    """Rings the channel, then runs the dialplan or an application on it."""
    wrong = _wrong(session, request)
    if wrong:
        session.error(request, wrong)
        return
    pbx, asynchronous = session.pbx, request["Async"].lower() in {"true", "yes", "1"}
    found = _CALLER_ID.fullmatch(request["CallerID"])
    caller = Party(found[2], found[1]) if found else Party(request["CallerID"]) if request["CallerID"] else None
    what = Origination(
        channel=request["Channel"],
        then=_then(session, request),
        timeout=int(request["Timeout"] or 30_000) / 1000,
        caller=caller,
        channel_id=request["ChannelId"],
        context=request["Context"],
        exten=request["Exten"] or "s",
    )
    if asynchronous:
        session.ok(request, message="Originate successfully queued")
    result = originate(pbx, what)
    result.then(lambda value: _answer(session, request, value, asynchronous))


def _wrong(session: Session, request: Request) -> str:
    if not request["Channel"]:
        return "Channel not specified"
    if "/" not in request["Channel"]:
        return "Invalid channel"
    if not request["Application"] and not (request["Exten"] and request["Context"] and request["Priority"]):
        return "Originate with 'Exten' requires 'Context' and 'Priority'"
    if request["Timeout"] and not request["Timeout"].isdigit():
        return "Invalid timeout"
    if request["ChannelId"] in session.pbx.by_uniqueid:
        return "Channel id already in use"
    return ""


def _then(session: Session, request: Request) -> Dialplan:
    application, _, data = request["Application"], "", request["Data"]
    if not application:
        return session.pbx.dialplan
    if application.lower() == "parkedcall":
        lot_name, _, space = data.partition(",")
        return lambda _, channel: _retrieve(session, channel, lot_name, space)
    if application.lower() == "chanspy":
        return lambda pbx, channel: spy(pbx, channel, data.partition(",")[0])
    return lambda pbx, channel: iter_gone(channel)


def iter_gone(channel: Channel) -> Any:
    """An application that plays until the channel is hung up."""
    yield channel.gone


def _retrieve(session: Session, channel: Channel, lot_name: str, space: str) -> Any:
    lot: ParkingLot | None = next((lot for lot in session.server.plan.numbers.lots if lot.name == lot_name), None)
    if lot and space.isdigit():
        yield from lot.retrieve(channel, int(space))


def _answer(session: Session, request: Request, value: tuple[str, Channel | None], asynchronous: bool) -> None:
    reason, channel = value
    success = reason == "4"
    if not asynchronous:
        (session.ok if success else session.error)(
            request, message="Originate successfully queued" if success else "Originate failed"
        )
        return
    to: Headers = (
        [("Application", request["Application"]), ("Data", request["Data"])]
        if request["Application"]
        else [("Context", request["Context"]), ("Exten", request["Exten"])]
    )
    headers: Headers = [
        ("Response", "Success" if success else "Failure"),
        ("Channel", channel.name if channel and success else request["Channel"]),
        *to,
        ("Reason", reason),
        ("Uniqueid", channel.uniqueid if channel and success else UNKNOWN),
        ("CallerIDNum", (channel.caller.number if channel else "") or UNKNOWN),
        ("CallerIDName", (channel.caller.name if channel else "") or UNKNOWN),
    ]
    session.pbx.emit("OriginateResponse", [*request.echo(), *headers])
