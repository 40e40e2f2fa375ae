"""The exact lines to add to the PBX's configuration, by its version and kind.

A password of the database is never among them: accounts that are printed whole carry PLACEHOLDER.
"""

import ipaddress
from collections.abc import Iterable, Sequence
from typing import Final

from telephony.ami.filters import filters_by_name
from telephony.check.facts import Duty
from telephony.check.finding import Snippet

PLACEHOLDER: Final = "CHANGE-ME"
ADDRESS_PLACEHOLDER: Final = "ADDRESS-OF-THE-PORTAL"
FILTERED: Final = ("VarSet", "Newexten", "RTCPSent", "RTCPReceived", "TestEvent", "CEL")

READS: Final = {
    Duty.ALL: ("call", "agent", "user", "system"),
    Duty.LISTEN: ("call", "agent", "user", "system"),
    Duty.CONTROL: ("call",),
    Duty.PHONE: (),
}
WRITES: Final = {
    Duty.ALL: ("call", "originate", "agent", "reporting", "system"),
    Duty.LISTEN: ("reporting",),
    Duty.CONTROL: ("call", "originate", "agent"),
    Duty.PHONE: ("system",),
}
SPLIT_NAMES: Final = {
    Duty.LISTEN: "astpanel-listen",
    Duty.CONTROL: "astpanel-control",
    Duty.PHONE: "astpanel-phone",
}

# FreePBX writes the plain files anew at each "Apply Config": what people add lies in *_custom.conf.
_FILES: Final = {
    "asterisk": {},
    "freepbx": {
        "manager.conf": "manager_custom.conf",
        "extensions.conf": "extensions_custom.conf",
        "res_parking.conf": "res_parking_custom.conf",
        "http.conf": "http_custom.conf",
        "ari.conf": "ari_additional_custom.conf",
        "pjsip.conf": "pjsip.transports_custom.conf",
    },
}
_RELOADS: Final = {
    "manager.conf": "manager reload",
    "extensions.conf": "dialplan reload",
    "http.conf": "module reload http",
    "ari.conf": "module reload res_ari.so",
}


def snippet(kind: str, file: str, lines: Iterable[str], command: str | None = None) -> Snippet:
    """`file` is the plain Asterisk's name of it; another kind of PBX has another."""
    known: dict[str, str] = _FILES.get(kind, {})
    text = "\n".join(lines) + "\n"
    return Snippet(known.get(file, file), text, _RELOADS.get(file, "") if command is None else command, kind)


# --- manager.conf ---------------------------------------------------------------------------------------------------
def permit(address: str) -> list[str]:
    """Only from the portal."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return ["deny = 0.0.0.0/0.0.0.0", f"permit = {ADDRESS_PLACEHOLDER}/255.255.255.255"]
    if found.version == 6:
        return ["deny = 0.0.0.0/0.0.0.0", "deny = ::/0", f"permit = {found}/128"]
    return ["deny = 0.0.0.0/0.0.0.0", f"permit = {found}/255.255.255.255"]


def eventfilters(version: str, names: Sequence[str] = FILTERED) -> list[str]:
    """What the portal never reads is not sent: by name where this Asterisk can, else by a regular expression."""
    if filters_by_name(version):
        return [f"eventfilter(action(exclude),name({name})) =" for name in names]
    return [f"eventfilter = !Event: {name}" for name in names]


def account_lines(duty: Duty, username: str, *, address: str, version: str) -> list[str]:
    """One account, whole."""
    lines = [f"[{username}]", f"secret = {PLACEHOLDER}", *permit(address)]
    lines += [f"read = {','.join(READS[duty])}", f"write = {','.join(WRITES[duty])}", "writetimeout = 5000"]
    if duty in (Duty.ALL, Duty.LISTEN):
        lines += eventfilters(version)
    elif duty is Duty.CONTROL:
        by_name = filters_by_name(version)
        lines += ["; answers to its own actions only"]
        lines += ["eventfilter(name(OriginateResponse)) =" if by_name else "eventfilter = Event: OriginateResponse"]
    return lines


def account(kind: str, duty: Duty, username: str, *, address: str, version: str) -> Snippet:
    """A new account, or what an existing one should look like."""
    return snippet(kind, "manager.conf", account_lines(duty, username, address=address, version=version))


def split_accounts(kind: str, *, address: str, version: str) -> Snippet:
    """The account that is always connected cannot place a call; the one that can reads nothing."""
    parts = [
        "\n".join(account_lines(duty, name, address=address, version=version)) for duty, name in SPLIT_NAMES.items()
    ]
    return snippet(kind, "manager.conf", ["\n\n".join(parts)])


def classes(kind: str, username: str, *, read: Sequence[str] = (), write: Sequence[str] = ()) -> Snippet:
    """Changes an account that is there: a section with (+) adds to it, and the last `read` and `write` count."""
    lines = [f"[{username}](+)"]
    lines += [f"read = {','.join(read)}"] if read else []
    lines += [f"write = {','.join(write)}"] if write else []
    return snippet(kind, "manager.conf", lines)


def manager_on(kind: str) -> Snippet:
    """The manager interface itself."""
    return snippet(kind, "manager.conf", ["[general]", "enabled = yes", "port = 5038", "bindaddr = 0.0.0.0"])


def ajam_on(kind: str) -> Snippet:
    """AJAM: the manager interface through the web server."""
    return snippet(kind, "manager.conf", ["[general](+)", "webenabled = yes"])


# --- The dialplan ---------------------------------------------------------------------------------------------------
def hints(kind: str, context: str, devices: Sequence[tuple[str, str]]) -> Snippet:
    """One hint per number: its phone, and the switch that shows "do not disturb". (number, PJSIP/number) pairs."""
    lines = [f"exten => {number},hint,{device}&Custom:DND{number}" for number, device in devices]
    return snippet(kind, "extensions.conf", [f"[{context}]", *lines])


def recording(kind: str) -> Snippet:
    """A subroutine that records, and how a call passes through it."""
    lines = [
        "[astpanel-record]",
        "exten => s,1,MixMonitor(/var/spool/asterisk/recording/${UNIQUEID}.wav,b)",
        " same => n,Return()",
        "; in front of each Dial() and Queue() that is to be recorded:",
        ";  same => n,Gosub(astpanel-record,s,1)",
    ]
    return snippet(kind, "extensions.conf", lines)


def parked_calls(kind: str, context: str, lot_context: str = "parkedcalls") -> Snippet:
    """Lets phones dial a parking slot."""
    return snippet(kind, "extensions.conf", [f"[{context}]", f"include => {lot_context}"])


# --- Modules --------------------------------------------------------------------------------------------------------
def parking(kind: str, *, configured: bool) -> tuple[Snippet, ...]:
    """One lot, unless there is one already: 800 parks, 801–820 are the slots. And the module itself."""
    lines = ["[general]", "", "[default]", "parkext => 800", "parkpos => 801-820", "context => parkedcalls"]
    lot = snippet(kind, "res_parking.conf", [*lines, "parkingtime => 60", "comebacktoorigin = yes"], "")
    return (*(() if configured else (lot,)), module(kind, "res_parking.so"))


def module(kind: str, name: str) -> Snippet:
    """Loads a module now and at each start."""
    return snippet(kind, "modules.conf", [f"load = {name}"], f"module load {name}")


def http_on(kind: str, *, section: bool, address_set: bool = False, port_set: bool = False) -> Snippet:
    """The PBX's web server: AJAM, recordings over ARI, the WebSocket. `section`: the file has a [general] already."""
    lines = [_general(section), "enabled = yes"]
    lines += [] if address_set else ["bindaddr = 0.0.0.0"]
    lines += [] if port_set else ["bindport = 8088"]
    return snippet(kind, "http.conf", lines)


def ari_on(kind: str, *, section: bool) -> tuple[Snippet, ...]:
    """ARI with an account that may only read: recordings are fetched by it."""
    user = ["[astpanel-recordings]", "type = user", f"password = {PLACEHOLDER}", "read_only = yes"]
    lines = (
        user if kind == "freepbx" else [_general(section), "enabled = yes", "", *user]
    )  # there the GUI has the switch
    return snippet(kind, "ari.conf", lines), module(kind, "res_ari_recordings.so")


def websocket_on(kind: str) -> tuple[Snippet, ...]:
    """SIP over WebSocket for the softphone in the browser."""
    lines = ["[transport-ws]", "type = transport", "protocol = ws", "bind = 0.0.0.0"]
    modules = ("res_http_websocket.so", "res_pjsip_transport_websocket.so")
    return *(module(kind, name) for name in modules), snippet(kind, "pjsip.conf", lines, "")


def _general(there: bool) -> str:
    """A second [general] would not be read; (+) adds to the first, and is an error where there is none."""
    return "[general](+)" if there else "[general]"
