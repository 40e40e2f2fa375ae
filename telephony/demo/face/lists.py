"""List actions: the whole truth at one moment."""

from collections.abc import Iterator

from telephony.demo.engine.bridge import Bridge
from telephony.demo.engine.channel import Channel
from telephony.demo.engine.device import EXTENSION_STATUS
from telephony.demo.engine.events import Headers
from telephony.demo.face.request import Request
from telephony.demo.face.session import Session
from telephony.demo.face.table import action


def _duration(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes // 60:02}:{minutes % 60:02}:{rest:02}"


@action("CoreShowChannels", "List currently active channels.", "system", "reporting")
def core_show_channels(session: Session, request: Request) -> None:
    """With Linkedid and BridgeId."""
    now = session.pbx.clock.now()

    def headers(channel: Channel) -> Headers:
        return [
            *channel.headers(),
            ("Application", channel.application),
            ("ApplicationData", channel.data),
            ("Duration", _duration(now - channel.created)),
            ("BridgeId", channel.bridge.unique_id if channel.bridge else ""),
        ]

    items = [("CoreShowChannel", headers(channel)) for channel in session.pbx.channels.values()]
    session.listing(request, "Channels will follow", items, "CoreShowChannelsComplete")


@action("ExtensionStateList", "List the current known extension states.", "call", "reporting")
def extension_state_list(session: Session, request: Request) -> None:
    """Every hint."""
    states = session.pbx.states
    items = [("ExtensionStatus", hint.headers(states.hint_state(hint))) for hint in states.hints.values()]
    session.listing(request, "Extension Statuses will follow", items, "ExtensionStateListComplete")


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
    states = session.pbx.states
    known = {**{name: device.state() for name, device in states.devices.items()}, **states.custom}
    items = [("DeviceStateChange", [("Device", name), ("State", state)]) for name, state in known.items()]
    session.listing(request, "Device State Changes will follow", items, "DeviceStateListComplete")


@action("BridgeList", "Get a list of bridges in the system.")
def bridge_list(session: Session, request: Request) -> None:
    """Bridges in use."""
    items = [("BridgeListItem", bridge.headers()) for bridge in session.pbx.bridges()]
    session.listing(request, "Bridge listing will follow", items, "BridgeListComplete")


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
    items = [
        ("ParkedCall", parked.headers())
        for lot in lots
        if wanted in {"", lot.name}
        for parked in lot.parked.values()
    ]  # fmt: skip
    session.listing(request, "Parked calls will follow", items, "ParkedCallsComplete")


@action("Parkinglots", "Get a list of parking lots", "call")
def parking_lots(session: Session, request: Request) -> None:
    """Name, spaces, time-out."""
    items: list[tuple[str, Headers]] = [
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
                    ("ObjectName", f"{device.number};@{number}"),
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
    items: list[tuple[str, Headers]] = [
        ("EndpointList", [("ObjectType", "endpoint"), ("ObjectName", device.number), ("Aor", device.number),
                          ("Contacts", "".join(f"{device.number}/{uri}," for uri in device.contacts)),
                          ("DeviceState", device.state().replace("_", " ").capitalize()),
                          ("ActiveChannels", str(len(device.channels)))])
        for device in session.pbx.states.devices.values()
    ]  # fmt: skip
    message = "A listing of Endpoints follows, presented as EndpointList events"
    session.listing(request, message, items, "EndpointListComplete")
