"""Reading Asterisk's names: channels, devices, dial strings, hints. Pure text."""

from typing import Final

# Channels Asterisk makes for itself: announcements in bridges, recorders, the shell of a transfer. They are nobody.
HELPERS: Final = frozenset(
    {
        "Announcer",
        "AsyncGoto",
        "Bridge",
        "CBAnn",
        "CBRec",
        "ConfBridgeRecorder",
        "Message",
        "OutgoingSpoolFailed",
        "Recorder",
        "Snoop",
        "Surrogate",
        "Voicemail",
    }
)
SWITCHES: Final = frozenset({"CUSTOM", "QUEUE", "PARK", "CONFBRIDGE", "MEETME", "MWI", "CALENDAR", "STASIS", "HINT"})
NO_EXTENSION: Final = frozenset({"", "s", "h", "i", "t", "failed"})
# Asterisk writes the first; trunks send the others as a name, which would stand on the page above the number.
UNKNOWN: Final = frozenset({"<unknown>", "Unknown", "unknown", "UNKNOWN"})


def device_of(channel: str) -> str:
    """`PJSIP/101` of `PJSIP/101-00000003`: all but the serial number behind the last dash."""
    cut = channel.rfind("-")
    return channel[:cut] if cut > 0 else channel


def pair_of(channel: str) -> str:
    """The name both halves of a Local pair share: without `;1` or `;2`."""
    return channel.partition(";")[0]


def resource_of(device: str) -> str:
    """`101` of `PJSIP/101`, `101` of `Local/101@from-queue/n`."""
    return device.partition("/")[2].partition("@")[0].partition("/")[0]


def dialed_number(dial_string: str) -> str:
    """The number a trunk was given: `74951112233@trunk`, `trunk/74951112233`, `trunk/sip:74951112233@host`."""
    last = dial_string.rpartition("/")[2].partition("@")[0]
    return last.rpartition(":")[2]


def hint_devices(hint: str) -> list[str]:
    """The devices of `PJSIP/101&Custom:DND101,CustomPresence:101`; what follows the comma is presence."""
    return [part for part in hint.partition(",")[0].split("&") if part]


def is_switch(device: str) -> bool:
    """A device that is no phone: `Custom:DND101`, `park:801@parkedcalls`."""
    kind, colon, _ = device.partition(":")
    return bool(colon) and kind.upper() in SWITCHES


def known(text: str | None) -> str:
    """A number or name, empty when the text only says that it is not known."""
    return "" if text is None or text in UNKNOWN else text
