"""Actions about the session and the PBX itself."""

import re

from telephony.demo.engine.channel import Party
from telephony.demo.engine.pbx import VERSION
from telephony.demo.face.filters import FilterError
from telephony.demo.face.request import Request
from telephony.demo.face.session import Session
from telephony.demo.face.table import ACTIONS, action

_CUSTOM = re.compile(r"DEVICE_STATE\((.+)\)")
_ENDPOINT = re.compile(r"PJSIP_ENDPOINT\((.+),callerid\)")
_DB = re.compile(r"DB\(.+\)")
_CALLER_ID = re.compile(r'\s*"?([^"<]*?)"?\s*<([^>]*)>\s*')


@action("Ping", "Keepalive command.")
def ping(session: Session, request: Request) -> None:
    """Answered at once."""
    session.ok(request, ("Ping", "Pong"), ("Timestamp", f"{session.pbx.clock.now():.6f}"))


@action("Events", "Control Event Flow.")
def events(session: Session, request: Request) -> None:
    """EventMask: on, off or classes."""
    session.ok(request, ("Events", "On" if session.listen_to(request["EventMask"]) else "Off"))


@action("Filter", "Dynamically add filters for the current manager session.", "system")
def add_filter(session: Session, request: Request) -> None:
    """Both forms; they last as long as the session."""
    if request["Operation"].lower() != "add":
        session.error(request, "Unknown operation")
        return
    try:
        if request["MatchCriteria"]:
            session.filters.add_criteria(request["MatchCriteria"])
        else:
            session.filters.add_expression(request["Filter"])
    except FilterError as error:
        session.error(request, str(error))
        return
    session.ok(request, message="Success")


@action("ListCommands", "List available manager commands.")
def list_commands(session: Session, request: Request) -> None:
    """Only what this account may do."""
    account = session.account
    told = [
        (entry.name, f"{entry.about}  (Priv: {','.join((*entry.classes, 'all')) if entry.classes else '<none>'})")
        for entry in sorted(ACTIONS.values(), key=lambda entry: entry.name)
        if account and account.may(entry.classes)
    ]
    session.ok(request, *told)


for _name, _about in (
    ("Login", "Login Manager."),
    ("Logoff", "Logoff Manager."),
    ("Challenge", "Generate Challenge for MD5 Auth."),
):
    action(_name, _about)(lambda session, request: None)  # the session carries them out itself


@action("CoreSettings", "Show PBX core settings (version etc).", "system", "reporting")
def core_settings(session: Session, request: Request) -> None:
    """The version that the product shows."""
    session.ok(
        request,
        ("AMIversion", "11.0.0"),
        ("AsteriskVersion", VERSION),
        ("SystemName", "demo"),
        ("CoreMaxCalls", "0"),
        ("CoreMaxLoadAvg", "0.000000"),
        ("CoreRunUser", ""),
        ("CoreRunGroup", ""),
        ("CoreMaxFilehandles", "0"),
        ("CoreRealTimeEnabled", "No"),
        ("CoreCDRenabled", "Yes"),
        ("CoreHTTPenabled", "No"),
        ("SoundsSearchCustomDir", "No"),
    )


@action("CoreStatus", "Show PBX core status variables.", "system", "reporting")
def core_status(session: Session, request: Request) -> None:
    """How many calls."""
    session.ok(
        request,
        ("CoreCurrentCalls", str(len({channel.linkedid for channel in session.pbx.channels.values()}))),
        ("CoreProcessedCalls", str(session.pbx.processed_calls)),
    )


@action("Getvar", "Gets a channel variable or function value.", "call", "reporting")
def get_variable(session: Session, request: Request) -> None:
    """Of a channel, or global; DEVICE_STATE(…) and PJSIP_ENDPOINT(…,callerid) are computed."""
    name = request["Variable"]
    if not name:
        session.error(request, "No variable specified")
        return
    channel = session.pbx.find(request["Channel"])
    if request["Channel"] and channel is None:
        session.error(request, "No such channel")
        return
    if found := _CUSTOM.fullmatch(name):
        value = session.pbx.states.state_of(found[1]) or "INVALID"
    elif name == "EPOCH":
        value = str(int(session.pbx.clock.now()))
    elif found := _ENDPOINT.fullmatch(name):
        device = session.pbx.states.devices.get(f"PJSIP/{found[1]}")
        value = f'"{device.party.name}" <{device.party.number}>' if device else ""
    else:
        value = (channel.variables if channel else session.pbx.variables).get(name, "")
    session.ok(request, ("Variable", name), ("Value", value))


@action("Setvar", "Sets a channel variable or function value.", "call")
def set_variable(session: Session, request: Request) -> None:
    """DEVICE_STATE(Custom:…) changes hints; DB(…) is refused, as Asterisk does over AMI."""
    name, value = request["Variable"], request["Value"]
    channel = session.pbx.find(request["Channel"])
    if request["Channel"] and channel is None:
        session.error(request, "No such channel")
    elif not name:
        session.error(request, "No variable specified")
    elif _DB.fullmatch(name):
        session.error(request, "Permission denied")
    else:
        if found := _CUSTOM.fullmatch(name):
            session.pbx.states.set_custom(found[1], value)
        elif channel and name == "CALLERID(all)" and (shown := _CALLER_ID.fullmatch(value)):
            session.pbx.set_caller(channel, Party(shown[2], shown[1]))
        else:
            (channel.variables if channel else session.pbx.variables)[name] = value
        session.ok(request, message="Variable Set")


@action("DBPut", "Put DB entry.", "system")
def db_put(session: Session, request: Request) -> None:
    """AstDB; the dialplan looks at CF/<ext> and DND/<ext>."""
    session.pbx.variables[f"DB({request['Family']}/{request['Key']})"] = request["Val"]
    session.ok(request, message="Updated database successfully")


@action("DBDel", "Delete DB entry.", "system")
def db_delete(session: Session, request: Request) -> None:
    """Of AstDB."""
    if session.pbx.variables.pop(f"DB({request['Family']}/{request['Key']})", None) is None:
        session.error(request, "Database entry not found")
    else:
        session.ok(request, message="Key deleted successfully")


@action("DBDelTree", "Delete DB entries.", "system")
def db_delete_tree(session: Session, request: Request) -> None:
    """A whole family of AstDB."""
    family = [name for name in session.pbx.variables if name.startswith(f"DB({request['Family']}/")]
    if not family:
        session.error(request, "Database entry not found")
        return
    for name in family:
        del session.pbx.variables[name]
    session.ok(request, message="Key tree deleted successfully")
