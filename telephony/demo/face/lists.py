"""List actions: the whole truth at one moment."""

from collections.abc import Iterator

from telephony.demo.engine.bridge import Bridge
from telephony.demo.engine.channel import Channel
from telephony.demo.engine.device import EXTENSION_STATUS
from telephony.demo.engine.events import Headers
from telephony.demo.engine.parking import ParkingLot
from telephony.demo.engine.pbx import Pbx
from telephony.demo.face.request import Request
from telephony.demo.face.session import Session
from telephony.demo.face.table import action

Items = list[tuple[str, Headers]]


def _duration(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes // 60:02}:{minutes % 60:02}:{rest:02}"


@action("CoreShowChannels", "List currently active channels.", "system", "reporting")
def core_show_channels(session: Session, request: Request) -> None:
    """With Linkedid and BridgeId."""
    session.listing(request, "Channels will follow", channels(session.pbx), "CoreShowChannelsComplete")


def channels(pbx: Pbx) -> Items:
    """CoreShowChannel of each channel."""
    return [("CoreShowChannel", _channel(channel, pbx.clock.now())) for channel in pbx.channels.values()]


def _channel(channel: Channel, now: float) -> Headers:
    return [
        *channel.headers(),
        ("Application", channel.application),
        ("ApplicationData", channel.data),
        ("Duration", _duration(now - channel.created)),
        ("BridgeId", channel.bridge.unique_id if channel.bridge else ""),
    ]


@action("ExtensionStateList", "List the current known extension states.", "call", "reporting")
def extension_state_list(session: Session, request: Request) -> None:
    """Every hint."""
    session.listing(request, "Extension Statuses will follow", hints(session.pbx), "ExtensionStateListComplete")


def hints(pbx: Pbx) -> Items:
    """ExtensionStatus of each hint."""
    states = pbx.states
    return [("ExtensionStatus", hint.headers(states.hint_state(hint))) for hint in states.hints.values()]


@action("ExtensionState", "Check Extension Status.", "call", "reporting")
def extension_state(session: Session, request: Request) -> None:
    """One hint."""
    hint = session.pbx.states.hints.get(request["Exten"])
    if hint is None:
        session.ok(request, ("Exten", request["Exten"]), ("Context", request["Context"]), ("Hint", ""),
                   ("Status", "-1"), ("StatusText", "Unknown"), message="Extension Status")  # fmt: skip
        return
    status, text = EXTENSION_STATUS[session.pbx.states.hint_state(hint)]
    session.ok(request, ("Exten", hint.exten), ("Context", request["Context"]), ("Hint", "&".join(hint.devices)),
               ("Status", str(status)), ("StatusText", text), message="Extension Status")  # fmt: skip


@action("DeviceStateList", "List the current known device states.", "call", "reporting")
def device_state_list(session: Session, request: Request) -> None:
    """Endpoints and custom states."""
    session.listing(request, "Device State Changes will follow", devices(session.pbx), "DeviceStateListComplete")


def devices(pbx: Pbx) -> Items:
    """DeviceStateChange of each endpoint and custom state."""
    known = {**{name: device.state() for name, device in pbx.states.devices.items()}, **pbx.states.custom}
    return [("DeviceStateChange", [("Device", name), ("State", state)]) for name, state in known.items()]


@action("BridgeList", "Get a list of bridges in the system.")
def bridge_list(session: Session, request: Request) -> None:
    """Bridges in use."""
    session.listing(request, "Bridge listing will follow", bridges(session.pbx), "BridgeListComplete")


def bridges(pbx: Pbx) -> Items:
    """BridgeListItem of each bridge."""
    return [("BridgeListItem", bridge.headers()) for bridge in pbx.bridges()]


@action("BridgeInfo", "Get information about a bridge.")
def bridge_info(session: Session, request: Request) -> None:
    """The members of one bridge."""
    wanted = request["BridgeUniqueid"]
    bridge: Bridge | None = next((b for b in session.pbx.bridges() if b.unique_id == wanted), None)
    if bridge is None:
        session.error(request, "Specified BridgeUniqueid not found")
        return
    items = [("BridgeInfoChannel", channel.headers()) for channel in bridge.channels]
    session.listing(request, "Bridge channel listing will follow", items, "BridgeInfoComplete")


@action("ParkedCalls", "List parked calls.", "call")
def parked_calls(session: Session, request: Request) -> None:
    """All lots, or one."""
    lots = session.server.plan.numbers.lots
    wanted = request["ParkingLot"]
    if wanted and all(lot.name != wanted for lot in lots):
        session.error(request, "Requested parking lot could not be found.")
        return
    session.listing(request, "Parked calls will follow", parked_items(lots, wanted), "ParkedCallsComplete")


def parked_items(lots: list[ParkingLot], wanted: str = "") -> Items:
    """ParkedCall of each who waits, in all lots or one."""
    chosen = [lot for lot in lots if wanted in {"", lot.name}]
    return [("ParkedCall", parked.headers()) for lot in chosen for parked in lot.parked.values()]


@action("Parkinglots", "Get a list of parking lots", "call")
def parking_lots(session: Session, request: Request) -> None:
    """Name, spaces, time-out."""
    items: Items = [
        ("Parkinglot", [("Name", lot.name), ("StartSpace", str(lot.first)), ("StopSpace", str(lot.last)),
                        ("Timeout", str(int(lot.timeout)))])
        for lot in session.server.plan.numbers.lots
    ]  # fmt: skip
    session.listing(request, "Parking lots will follow", items, "ParkinglotsComplete")


@action("PJSIPShowContacts", "Lists PJSIP Contacts.", "system")
def pjsip_show_contacts(session: Session, request: Request) -> None:
    """Every registered address."""
    items = list(_contacts(session))
    if not items:
        session.error(request, "No Contacts found")
        return
    message = "A listing of Contacts follows, presented as ContactList events"
    session.listing(request, message, items, "ContactListComplete")


def _contacts(session: Session) -> Iterator[tuple[str, Headers]]:
    for device in session.pbx.states.devices.values():
        for number, address in enumerate(device.contacts):
            yield (
                "ContactList",
                [
                    ("ObjectType", "contact"),
                    ("ObjectName", f"{device.number}{'@@' if device.trunk else ';@'}{number}"),  # @@: static
                    ("ViaAddr", "127.0.0.1"),
                    ("Endpoint", device.number),
                    ("Uri", address),
                    ("UserAgent", device.user_agent),
                    ("Status", "NonQualified"),
                    ("RoundtripUsec", "N/A"),
                ],
            )


@action("PJSIPShowEndpoints", "Lists PJSIP endpoints.", "system")
def pjsip_show_endpoints(session: Session, request: Request) -> None:
    """Every device."""
    items: Items = [
        ("EndpointList", [("ObjectType", "endpoint"), ("ObjectName", device.number), ("Aor", device.number),
                          ("Contacts", "".join(f"{device.number}/{uri}," for uri in device.contacts)),
                          ("DeviceState", device.state().replace("_", " ").capitalize()),
                          ("ActiveChannels", str(len(device.channels)))])
        for device in session.pbx.states.devices.values()
    ]  # fmt: skip
    message = "A listing of Endpoints follows, presented as EndpointList events"
    session.listing(request, message, items, "EndpointListComplete")
