"""Values of docs/live-protocol.md, as a gateway would publish them: what tests and screenshots show."""

import time
from typing import Any

Value = dict[str, Any]
ROMASHKA: Value = {
    "kind": "person",
    "id": 1,
    "name": "Пётр Лугов",
    "company": "ООО «Ромашка»",
    "reason": "exact",
    "manager": None,
    "others": [],
}
PETR: Value = ROMASHKA | {  # of the seed, as the gateway names somebody whose number others have too
    "reason": "last10",
    "manager": 2,
    "others": [
        {"kind": "counterparty", "id": 2, "name": "ООО «Луч»", "company": ""},
        {"kind": "person", "id": 2, "name": "Вера Лесная", "company": "ООО «Луч»"},
    ],
}
STATES = ("free", "free", "talking", "off", "free", "ringing", "talking", "free", "free", "off")


def extension(number: str, state: str, *, detail: str = "", ago: float = 0.0) -> Value:
    """ext:<number> with the reasons a PBX would give."""
    hint = {"off": "Unavailable", "free": "Idle", "ringing": "Ringing", "talking": "InUse"}.get(state, "")
    why = [{"source": "hint", "name": f"PJSIP/{number}", "value": hint}] if hint else []
    if state == "talking":
        why.append({"source": "channel", "name": f"PJSIP/{number}-0000001a", "value": "Up"})
    return {"number": number, "state": state, "detail": detail, "since": time.time() - ago, "why": why}


def party(number: str, name: str = "", contact: Value | None = None) -> Value:
    """One side of a call."""
    return {"number": number, "name": name, "contact": contact}


def leg(number: str, state: str, *, is_extension: bool = True, name: str = "", ago: float = 0.0) -> Value:
    """One channel of a call."""
    return {
        "number": number,
        "name": name,
        "is_extension": is_extension,
        "state": state,
        "since": time.time() - ago,
        "contact": None,
    }


def inbound(
    call_id: str,
    caller: Value,
    *,
    state: str = "ringing",
    extension: str = "101",
    others: tuple[str, ...] = (),
    queue: str = "sales",
    ago: float = 7.0,
) -> Value:
    """A call from outside that rings at, or is talked by, the extension."""
    talking = state != "ringing"
    own = {"ringing": "ringing", "talking": "up", "on_hold": "on_hold"}[state]
    return {
        "id": call_id,
        "direction": "inbound",
        "state": state,
        "started": time.time() - ago - 5,
        "answered": time.time() - ago if talking else None,
        "caller": caller,
        "called": party("90"),
        "line": "74951112233",
        "queue": queue,
        "legs": [
            leg(caller["number"], "up", is_extension=False, ago=ago),
            leg(extension, own, ago=ago),
            *(leg(number, "ringing", ago=ago) for number in others),
        ],
    }


def parked(space: str, who: Value, by: str, left: float) -> Value:
    """park:default:<space>."""
    now = time.time()
    place = {"lot": "default", "space": space, "call": f"p{space}", "by": by, "since": now - 20, "until": now + left}
    return place | who


def office(people: int, own: str = "free") -> dict[str, Value]:
    """ext:… of everybody: a working morning."""
    values = {
        f"ext:{200 + i}": extension(str(200 + i), STATES[i % len(STATES)], ago=17 + 31 * (i % 9)) for i in range(people)
    }
    values["ext:101"] = extension("101", own, ago=3)
    values["ext:102"] = extension("102", "free", ago=300)
    return values


def busy_office(people: int, own: str = "free") -> dict[str, dict[str, Value]]:
    """The office, two parked calls, and for supervisors who talks to whom."""
    talkers = [200 + i for i in range(people) if STATES[i % len(STATES)] == "talking"]
    peers = (party("+79161234567", contact=ROMASHKA), party("+74957654321", "Склад «Север»"), party("84952223344"))
    talks = {
        f"talk:{number}": {"peers": [peers[i % len(peers)]], "call": f"c{number}", "since": time.time() - 40}
        for i, number in enumerate(talkers)
    }
    vera = party("+79161112233", contact={**ROMASHKA, "name": "Вера Лесная"})
    slots = {
        "park:default:801": parked("801", vera, "200", 41),
        "park:default:802": parked("802", party("+74955556677"), "102", 12),
    }
    return {"office": office(people, own) | slots, "board": talks}
