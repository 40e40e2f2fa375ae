"""Facts → findings, as a table: what a spoilt PBX shows that a sound one does not, and what it no longer shows."""

from dataclasses import replace
from typing import Any

import pytest

from telephony.ami.reasons import Reason
from telephony.check.facts import ContactFacts, DialplanFacts, Duty, Facts, LotFacts, MemberFacts, WebFacts
from tests.check.build import (
    EVERY_ACTION,
    NOW,
    SOUND,
    SOUND_ROWS,
    WEB,
    account,
    hint,
    number,
    rows,
    spoilt,
)

SPLIT = SOUND.accounts
OFF = "UNAVAILABLE"
PARKING = {"ParkedCalls", "Parkinglots", "Park"}
MANY = tuple(f"1{n:02}" for n in range(40))


def test_a_sound_pbx() -> None:
    assert rows(SOUND) == SOUND_ROWS


def test_a_closed_door_says_nothing_else() -> None:
    closed = replace(SOUND, accounts=(account(Duty.LISTEN, "listen", reason=Reason.DENIED), *SPLIT[1:]))
    assert rows(closed) == [("error", "login_failed", {"account": "listen", "duty": "listen", "reason": "denied"})]


def test_nothing_known_nothing_said() -> None:
    """An account that may do nothing: its rights are said, and no guess is made about the rest."""
    few = frozenset({"Ping", "QueueStatus", "BridgeList"})
    bare = Facts(accounts=(account(commands=few, writes=None, reads=None),), at=NOW)
    features = ["channels", "version", "hints", "devices", "parking", "originate", "hangup", "transfer", "park"]
    missing = {
        "account": "astpanel",
        "classes": ["reporting", "call", "originate", "agent"],
        "features": [*features, "variables", "queue_members"],
    }
    assert rows(bare) == [
        ("error", "right_missing", missing),
        ("info", "one_account", {"account": "astpanel"}),
        ("info", "contacts_unknown", {}),
        ("ok", "connected", {"version": "22.10.1", "accounts": ["astpanel"]}),
    ]


ACCESS: list[tuple[dict[str, Any], list[Any], list[str]]] = [
    (
        {"accounts": (account(),)},
        [
            ("info", "one_account", {"account": "astpanel"}),
            ("ok", "connected", {"version": "22.10.1", "accounts": ["astpanel"]}),
        ],
        ["connected"],
    ),
    (
        {"accounts": (SPLIT[0], replace(SPLIT[1], reason=Reason.DENIED, commands=frozenset()), SPLIT[2])},
        [
            ("error", "login_failed", {"account": "control", "duty": "control", "reason": "denied"}),
            ("ok", "connected", {"version": "22.10.1", "accounts": ["listen", "phone"]}),
        ],
        ["connected"],
    ),
    (
        {"accounts": tuple(replace(one, version="18.9.0") for one in SPLIT)},
        [
            ("warning", "version_dangerous", {"version": "18.9.0"}),
            ("warning", "version_ended", {"version": "18.9.0", "day": "2025-10-20"}),
            ("ok", "connected", {"version": "18.9.0", "accounts": ["listen", "control", "phone"]}),
        ],
        ["connected"],
    ),
    (
        {"accounts": (replace(SPLIT[0], reads=frozenset({"agent", "user", "system"})), *SPLIT[1:])},
        [("error", "read_missing", {"account": "listen", "classes": ["call"]})],
        [],
    ),
    (
        {"accounts": (replace(SPLIT[0], reads=frozenset({"call", "agent"})), *SPLIT[1:])},
        [("warning", "read_missing", {"account": "listen", "classes": ["user", "system"]})],
        [],
    ),
    (
        {"accounts": (replace(SPLIT[0], reads=frozenset({"all"}), commands=EVERY_ACTION - {"Filter"}), *SPLIT[1:])},
        [("info", "reads_too_much", {"account": "listen", "classes": ["all"]})],
        [],
    ),
    (
        {"accounts": (replace(SPLIT[0], filters=("!Event: VarSet", "!Event: Hangup")), *SPLIT[1:])},
        [
            (
                "error",
                "filters_hide",
                {
                    "account": "listen",
                    "filters": ["!Event: VarSet", "!Event: Hangup"],
                    "events": ["Hangup", "HangupRequest"],
                },
            )
        ],
        [],
    ),
    (
        {"accounts": tuple(replace(one, commands=EVERY_ACTION - {"QueueStatus"}) for one in SPLIT), "queues": None},
        [("warning", "module_missing", {"features": ["queues"], "actions": ["QueueStatus"]})],
        ["queues_ok"],
    ),
    (
        {"context_exists": False, "dial_context": "office"},
        [("error", "context_missing", {"context": "office", "contexts": ["hints", "internal"]})],
        [],
    ),
    ({"clock_ahead": -61.4}, [("warning", "clock_differs", {"seconds": -61})], []),
    ({"channelvars": "FOO,BAR"}, [("info", "channelvars", {"value": "FOO,BAR"})], []),
]

NUMBERS: list[tuple[dict[str, Any], list[Any], list[str]]] = [
    ({"hints": (hint("101"),)}, [("error", "hint_missing", {"numbers": ["102"]})], ["hints_ok"]),
    (
        {"hints": (hint("101"),), "numbers": (number("101"), number("102", pattern_hint="PJSIP/102"))},
        [("warning", "hint_pattern", {"numbers": ["102"]})],
        ["hints_ok"],
    ),
    (
        {"hints": (hint("101"), hint("102", "Custom:DND102"))},
        [("error", "hint_without_device", {"numbers": ["102"]})],
        ["hints_ok"],
    ),
    (
        {"hints": (hint("101"), hint("102", "PJSIP/102"))},
        [("warning", "hint_without_dnd", {"numbers": ["102"]})],
        ["hints_ok"],
    ),
    (
        {"numbers": (number("101"), number("102", "INVALID"))},
        [("error", "hint_device_unknown", {"numbers": ["102"], "devices": ["PJSIP/102"]})],
        ["hints_ok"],
    ),
    (
        {"hints": (hint("101"),), "numbers": (number("101"), number("102", "INVALID", dialable=False))},
        [("error", "number_unknown", {"numbers": ["102"]})],
        ["hints_ok"],
    ),
    (
        {"numbers": (number("101"), number("102", dialable=False))},
        [("warning", "number_not_dialable", {"numbers": ["102"], "context": "internal"})],
        [],
    ),
    (
        {"numbers": (number("101", OFF), number("102", OFF))},
        [
            ("warning", "own_number_off", {"number": "101"}),
            ("info", "phones_off", {"numbers": ["102"]}),
        ],
        ["own_number_on"],
    ),
    ({"contacts": ()}, [("info", "contacts_none", {})], ["contacts_ok"]),
    (
        {"contacts": (ContactFacts("101", "sip:1", "A", "Reachable"), ContactFacts("102", "sip:2", "", "Unreachable"))},
        [
            ("warning", "contacts_unreachable", {"phones": ["102"]}),
            ("ok", "contacts_ok", {"count": 2, "models": ["A", "?"]}),
        ],
        ["contacts_ok"],
    ),
]

FEATURES: list[tuple[dict[str, Any], list[Any], list[str]]] = [
    (
        {"accounts": tuple(replace(one, commands=EVERY_ACTION - PARKING) for one in SPLIT), "lots": None},
        [("warning", "parking_missing", {})],
        ["parking_ok"],
    ),
    ({"lots": ()}, [("warning", "parking_no_lots", {})], ["parking_ok"]),
    (
        {"lots": (LotFacts("default", "801", "820", "60", dialable=False),)},
        [("info", "parking_not_dialable", {"lots": ["default"], "context": "internal"})],
        [],
    ),
    ({"queues": (), "members": ()}, [("info", "queues_none", {})], ["queues_ok"]),
    ({"members": ()}, [("info", "queue_empty", {"queues": ["sales"]})], []),
    (
        {"members": (*SOUND.members, MemberFacts("sales", "<b>", "Agent/7", ""))},
        [("warning", "queue_strangers", {"members": ["sales: <b> (Agent/7)"]})],
        [],
    ),
    ({"dialplan": DialplanFacts(frozenset({"internal"}))}, [("warning", "recording_none", {})], ["recording_ok"]),
    (
        {"dialplan": DialplanFacts(frozenset({"internal"}), ("${CALLERID(num)}.wav",))},
        [("warning", "recording_name", {"names": ["${CALLERID(num)}.wav"]})],
        ["recording_ok"],
    ),
    (
        {"web": WebFacts(enabled=False)},
        [("warning", "http_off", {})],
        ["recordings_reachable", "ajam_ok", "websocket_ok"],
    ),
    (
        {"web": WebFacts(url="http://pbx:8088", enabled=True, reachable=False)},
        [("warning", "http_unreachable", {"url": "http://pbx:8088"})],
        ["recordings_reachable", "ajam_ok", "websocket_ok"],
    ),
    (
        {"web": replace(WEB, ari=False, ajam=False, websocket=False)},
        [
            ("warning", "ari_off", {"url": "http://pbx:8088"}),
            ("info", "ajam_off", {"url": "http://pbx:8088"}),
            ("info", "websocket_off", {"url": "ws://pbx:8088/ws"}),
        ],
        ["recordings_reachable", "ajam_ok", "websocket_ok"],
    ),
]


@pytest.mark.parametrize(("changes", "shows", "no_longer"), [*ACCESS, *NUMBERS, *FEATURES])
def test_a_spoilt_pbx(changes: dict[str, Any], shows: list[Any], no_longer: list[str]) -> None:
    assert spoilt(**changes) == (shows, no_longer)


def test_without_an_account_for_phones_their_models_are_not_known() -> None:
    system = {"PJSIPShowContacts", "PJSIPNotify", "Filter"}
    accounts = tuple(replace(one, commands=EVERY_ACTION - system) for one in SPLIT[:2])
    new, gone = spoilt(accounts=accounts, contacts=None)
    connected = {"version": "22.10.1", "accounts": ["listen", "control"]}
    assert new == [("info", "contacts_unknown", {}), ("ok", "connected", connected)]
    assert gone == ["connected", "contacts_ok"]


def test_the_worst_comes_first() -> None:
    order = [level for level, _code, _params in rows(replace(SOUND, hints=(), lots=(), clock_ahead=99.0, contacts=()))]
    assert order == sorted(order, key=["error", "warning", "info", "ok"].index)


def test_kinds_that_name_recordings_by_a_rule_of_their_own() -> None:
    plan = DialplanFacts(frozenset({"internal"}), ("${MIXMON_DIR}${YEAR}/${CALLFILE}.wav",))
    assert spoilt(kind="freepbx", dialplan=plan)[0] == [("ok", "recording_ok", {"names": list(plan.recordings)})]


def test_the_day_of_the_check_decides_about_versions() -> None:
    early = NOW.replace(year=2025, month=1)
    accounts = tuple(replace(one, version="18.26.0") for one in SPLIT)
    assert [code for _level, code, _params in spoilt(accounts=accounts, at=early)[0]] == ["connected"]
    assert "version_ended" in [code for _level, code, _params in spoilt(accounts=accounts)[0]]
