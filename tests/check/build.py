"""Facts of a sound PBX, to be spoilt one at a time."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from telephony.ami.rights import FEATURES
from telephony.check.facts import (
    AccountFacts,
    ContactFacts,
    DialplanFacts,
    Duty,
    Facts,
    HintFacts,
    LotFacts,
    MemberFacts,
    NumberFacts,
    WebFacts,
)
from telephony.check.finding import Finding
from telephony.check.findings import findings

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
EVERY_ACTION = frozenset(action for feature in FEATURES for action in feature.actions)
CLASSES = frozenset({"call", "originate", "agent", "reporting", "system"})
READS = frozenset({"call", "agent", "user", "system"})
Row = tuple[str, str, dict[str, Any]]


def account(duty: Duty = Duty.ALL, username: str = "astpanel", **changes: Any) -> AccountFacts:
    """Logged in, may do everything."""
    sound = AccountFacts(duty, username, commands=EVERY_ACTION, version="22.10.1", reads=READS, writes=CLASSES)
    return replace(sound, **changes)


def number(name: str, state: str = "NOT_INUSE", **changes: Any) -> NumberFacts:
    """Dialable, with one phone."""
    return replace(NumberFacts(name, dialable=True, devices={f"PJSIP/{name}": state}), **changes)


def hint(name: str, text: str = "") -> HintFacts:
    """As the snippets write it, unless said otherwise."""
    return HintFacts(name, "hints", text or f"PJSIP/{name}&Custom:DND{name}")


WEB = WebFacts(
    url="http://pbx:8088", enabled=True, reachable=True, ajam=True, webenabled=True, ari=True, websocket=True
)
SOUND = Facts(
    accounts=(
        account(Duty.LISTEN, "listen", writes=frozenset({"reporting"})),
        account(Duty.CONTROL, "control", reads=frozenset({"call"})),
        account(Duty.PHONE, "phone", reads=None),
    ),
    at=NOW,
    context_exists=True,
    own_address="192.0.2.10",
    own_number="101",
    clock_ahead=0.2,
    hints=(hint("101"), hint("102")),
    numbers=(number("101"), number("102")),
    contacts=(ContactFacts("101", "sip:101@192.0.2.1", "Yealink SIP-T46U", "Reachable"),),
    contacts_complete=True,
    lots=(LotFacts("default", "801", "820", "60", dialable=True),),
    lot_configured=True,
    queues=("sales",),
    members=(MemberFacts("sales", "User 101", "PJSIP/101", "101"),),
    dialplan=DialplanFacts(frozenset({"internal", "hints"}), ("${UNIQUEID}.wav,b",), frozenset({"hints"})),
    web=WEB,
)
SOUND_ROWS: list[Row] = [
    ("ok", "connected", {"version": "22.10.1", "accounts": ["listen", "control", "phone"]}),
    ("ok", "hints_ok", {"count": 2}),
    ("ok", "own_number_on", {"number": "101"}),
    ("ok", "contacts_ok", {"count": 1, "models": ["Yealink SIP-T46U"]}),
    ("ok", "parking_ok", {"lots": ["default 801–820"]}),
    ("ok", "queues_ok", {"queues": ["sales"]}),
    ("ok", "recording_ok", {"names": ["${UNIQUEID}.wav,b"]}),
    ("ok", "recordings_reachable", {"url": "http://pbx:8088"}),
    ("ok", "ajam_ok", {"url": "http://pbx:8088"}),
    ("ok", "websocket_ok", {"url": "ws://pbx:8088/ws"}),
]


def rows(facts: Facts) -> list[Row]:
    """All findings without their lines."""
    return [row(finding) for finding in findings(facts)]


def row(finding: Finding) -> Row:
    """One finding without its lines."""
    return finding.level.value, finding.code, dict(finding.params)


def lines(facts: Facts, code: str) -> list[str]:
    """The texts of the lines of one finding."""
    (found,) = (finding for finding in findings(facts) if finding.code == code)
    return [line.text for line in found.lines]


def spoilt(**changes: Any) -> tuple[list[Row], list[str]]:
    """What a spoilt PBX shows that a sound one does not, and the codes that it no longer shows."""
    found = rows(replace(SOUND, **changes))
    new = [one for one in found if one not in SOUND_ROWS]
    return new, [code for level, code, params in SOUND_ROWS if (level, code, params) not in found]
