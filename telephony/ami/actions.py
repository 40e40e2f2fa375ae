"""Commands → bytes. Every action the product sends is made here, and nothing else writes to the wire.

An AMI action is lines of `Key: value` ended by an empty line, so a line break inside a value would start a header, or
a whole action, of the attacker's choice: control characters are refused. Asterisk answers a line of more than 1,016
bytes with an error, and more than about 125 headers with an error that lacks the ActionID, so that one would wait for
the deadline: both are refused here, with the name of the field.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from telephony.ami.errors import UnsafeValue

MAX_LINE: Final = 1000  # bytes of "Key: value"; manager.c: inbuf[1025]
MAX_HEADERS: Final = 120  # manager.h: AST_MAX_MANHEADERS is 128
MAX_FORM: Final = 20_000  # bytes of one action over HTTP; Asterisk 16 and 22 take these, and answer 413 somewhere above
_CONTROL: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_SPLITS: Final = re.compile(r'([\\",])')
_ESCAPED: Final = r"\\\1"
_ENDS_A_NAME: Final = re.compile(r'["<>\\]')
_NOT_A_NUMBER: Final = re.compile(r"[^0-9A-Za-z*#+]")

Fields = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, repr=False)
class Action:
    """An action without its ActionID. Made by the functions below; values are checked when it is made."""

    name: str
    fields: Fields = ()
    empty_answers: frozenset[str] = frozenset()  # error messages that only mean "the list is empty"

    def __post_init__(self) -> None:
        if len(self.fields) > MAX_HEADERS:
            raise UnsafeValue(self.name, f"more than {MAX_HEADERS} headers")
        for key, value in (("Action", self.name), *self.fields):
            _check(key, value)

    def __repr__(self) -> str:
        return f"<Action {self.name}>"  # fields may hold a secret


def encode(action: Action, action_id: str) -> bytes:
    """The bytes of one action. `action_id` comes back in its response and in the events of its list."""
    return ("".join(f"{key}: {value}\r\n" for key, value in _headers(action, action_id)) + "\r\n").encode()


def encode_form(action: Action, action_id: str) -> bytes:
    """The same action as the form that AJAM takes: `Action=Ping&ActionID=…`, UTF-8, everything else %-encoded."""
    form = "&".join(f"{quote(key, safe='')}={quote(value, safe='')}" for key, value in _headers(action, action_id))
    if len(form) > MAX_FORM:
        raise UnsafeValue(action.name, f"longer than {MAX_FORM} bytes")
    return form.encode()


def _headers(action: Action, action_id: str) -> Fields:
    _check("ActionID", action_id)
    return ("Action", action.name), ("ActionID", action_id), *action.fields


def _check(key: str, value: str) -> None:
    if _CONTROL.search(value):
        raise UnsafeValue(key, "control characters are not allowed")
    try:
        length = len(f"{key}: {value}".encode())
    except UnicodeEncodeError:
        raise UnsafeValue(key, "not valid Unicode text") from None
    if length > MAX_LINE:
        raise UnsafeValue(key, f"longer than {MAX_LINE} bytes")


def _variables(variables: Mapping[str, str]) -> Fields:
    r"""`Variable: NAME=value` lines. Asterisk splits each at commas and drops quotes: `,`, `"` and `\` are escaped."""
    return tuple(("Variable", f"{name}={_SPLITS.sub(_ESCAPED, value)}") for name, value in variables.items())


def caller_id(name: str, number: str) -> str:
    """`"Name" <number>` without the characters that would end either part."""
    return f'"{_ENDS_A_NAME.sub("", name)}" <{_NOT_A_NUMBER.sub("", number)}>'


# --- The session ----------------------------------------------------------------------------------------------------
def challenge() -> Action:
    """Ask for the text to hash; the answer carries `Challenge`."""
    return Action("Challenge", (("AuthType", "MD5"),))


def login(username: str, secret: str, *, events: str = "on") -> Action:
    """Log in with the secret in clear: use TLS, the loopback, or `login_md5`."""
    return Action("Login", (("Username", username), ("Secret", secret), ("Events", events)))


def login_md5(username: str, secret: str, challenge_text: str, *, events: str = "on") -> Action:
    """Log in by MD5(challenge + secret), hexadecimal."""
    key = hashlib.md5((challenge_text + secret).encode(), usedforsecurity=False).hexdigest()
    return Action("Login", (("AuthType", "MD5"), ("Username", username), ("Key", key), ("Events", events)))


def logoff() -> Action:
    """End the session; Asterisk answers `Response: Goodbye` and closes."""
    return Action("Logoff")


def ping() -> Action:
    """Any class; answered at once with `Ping: Pong`."""
    return Action("Ping")


def filter_legacy(expression: str) -> Action:
    """Add a filter of this session: a POSIX regular expression over the event, `!` in front excludes. write=system."""
    return Action("Filter", (("Operation", "Add"), ("Filter", expression)))


def filter_exclude(event: str) -> Action:
    """Exclude one event by name, without a regular expression. Asterisk ≥ 18.26, 20.11, 21.6, 22.1. write=system."""
    return Action("Filter", (("Operation", "Add"), ("MatchCriteria", f"action(exclude),name({event})")))


def wait_event(seconds: int) -> Action:
    """AJAM: wait for events, at most so long (the PBX cuts it to 10 s under its `httptimeout`). Any class."""
    return Action("WaitEvent", (("Timeout", str(seconds)),))


def list_commands() -> Action:
    """One header per action this account may use: `Hangup: Hangup channel.  (Priv: system,call,all)`."""
    return Action("ListCommands")


def core_settings() -> Action:
    """`AsteriskVersion`, `AMIversion`, limits. write=system or reporting."""
    return Action("CoreSettings")


# --- Lists ----------------------------------------------------------------------------------------------------------
def core_show_channels() -> Action:
    """CoreShowChannel events with Linkedid and BridgeId. write=system or reporting."""
    return Action("CoreShowChannels")


def extension_state_list() -> Action:
    """ExtensionStatus events, one per hint. write=call or reporting."""
    return Action("ExtensionStateList")


def device_state_list() -> Action:
    """DeviceStateChange events. write=call or reporting."""
    return Action("DeviceStateList")


def bridge_list() -> Action:
    """BridgeListItem events. Any class."""
    return Action("BridgeList")


def bridge_info(unique_id: str) -> Action:
    """BridgeInfoChannel events: the members of one bridge. Any class."""
    return Action("BridgeInfo", (("BridgeUniqueid", unique_id),))


def queue_status(queue: str = "") -> Action:
    """QueueParams, QueueMember, QueueEntry events of one queue or all. Any class."""
    return Action("QueueStatus", (("Queue", queue),) if queue else ())


def parked_calls(lot: str = "") -> Action:
    """ParkedCall events of one lot or all. write=call."""
    return Action("ParkedCalls", (("ParkingLot", lot),) if lot else ())


def parking_lots() -> Action:
    """Parkinglot events: Name, StartSpace, StopSpace, Timeout. write=call."""
    return Action("Parkinglots")


def pjsip_show_contacts() -> Action:
    """ContactList events: URI, Status, UserAgent. write=system. No contact at all is answered as an error."""
    return Action("PJSIPShowContacts", empty_answers=frozenset({"No Contacts found"}))


def pjsip_show_endpoints() -> Action:
    """EndpointList events: ObjectName, DeviceState. write=system. None at all is answered as an error."""
    return Action("PJSIPShowEndpoints", empty_answers=frozenset({"No endpoints found"}))


# --- Calls ----------------------------------------------------------------------------------------------------------
def originate(  # noqa: PLR0913 - all by name; they are Asterisk's own
    *,
    channel: str,
    context: str = "",
    extension: str = "",
    priority: int = 1,
    application: str = "",
    data: str = "",
    timeout: float = 30.0,
    caller: str = "",
    channel_id: str = "",
    other_channel_id: str = "",
    variables: Mapping[str, str] | None = None,
) -> Action:
    """Ring `channel` for `timeout` seconds; when it answers, send it to `extension@context` or run `application(data)`.

    Always Async: the response only says "queued"; OriginateResponse tells the rest (see `AmiLink.originate`). With
    an own `channel_id` the call is ours from its first event; `other_channel_id` names the second half of a Local/
    channel. `caller` = what that phone shows, made by `caller_id`. write=originate.
    """
    to: Fields = (
        (("Application", application), ("Data", data))
        if application
        else (("Context", context), ("Exten", extension), ("Priority", str(priority)))
    )
    optional = (("CallerID", caller), ("ChannelId", channel_id), ("OtherChannelId", other_channel_id))
    given = tuple((key, value) for key, value in optional if value)
    timeout_ms = str(round(timeout * 1000))
    return Action(
        "Originate",
        (("Channel", channel), *to, ("Timeout", timeout_ms), ("Async", "true"), *given, *_variables(variables or {})),
    )


def hangup(channel: str, cause: int = 16) -> Action:
    """End one channel with a Q.850 cause (16 normal, 17 busy, 21 rejected). write=system or call."""
    return Action("Hangup", (("Channel", channel), ("Cause", str(cause))))


def redirect(channel: str, context: str, extension: str, priority: int = 1) -> Action:
    """Send one channel to another place in the dialplan; its peer is left alone. write=call."""
    return Action(
        "Redirect", (("Channel", channel), ("Context", context), ("Exten", extension), ("Priority", str(priority)))
    )


def set_variable(variable: str, value: str, channel: str = "") -> Action:
    """Setvar on a channel, else global; `variable` may be a function, DEVICE_STATE(Custom:DND101). write=call."""
    on = (("Channel", channel),) if channel else ()
    return Action("Setvar", (*on, ("Variable", variable), ("Value", value)))


def get_variable(variable: str, channel: str = "") -> Action:
    """Getvar: the answer carries `Value`. write=call or reporting."""
    on = (("Channel", channel),) if channel else ()
    return Action("Getvar", (*on, ("Variable", variable)))
