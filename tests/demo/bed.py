"""The office of the scenarios, built in the demo PBX: the same numbers as tests/pbx/templates/extensions.conf."""

from typing import Final

from telephony.demo.building import Building, empty_building, set_dnd
from telephony.demo.engine.clock import HandClock
from telephony.demo.engine.parking import ParkingLot
from telephony.demo.engine.queues import Member, Queue

DESKS: Final = ("101", "102", "103", "104", "105", "106")
NUMBERS: Final = tuple(str(number) for number in range(101, 111))
LINES: Final = {
    "74951112233": "90",
    "74951112244": "101",
    "74951112255": "601",
    "74951112266": "91",
    "74951112277": "95",
}


def bed(clock: HandClock) -> Building:
    """Desks 101–106 registered, the others off."""
    building = empty_building(clock)
    pbx, numbers = building.pbx, building.plan.numbers
    for number in NUMBERS:
        building.add_phone(number, f"User {number}", on=number in DESKS)
        if number in DESKS:
            set_dnd(pbx, number, on=False)
    numbers.lots[0].timeout = 60
    numbers.lots.append(ParkingLot(pbx, "short", 831, 840, timeout=3, context="parkedcalls-short"))
    numbers.park_extension = "800"
    numbers.lines = dict(LINES)
    numbers.queue_seconds = 60
    numbers.phone_pattern = "1[01][0-9]"
    numbers.last_resort = "105"
    numbers.groups = {
        "95": ("PJSIP/101", "PJSIP/102", "PJSIP/103"),
        "96": ("Local/101@phones/n", "Local/102@phones/n"),
    }
    numbers.queues = {
        "90": _queue(Queue(pbx, "sales"), {"101": "PJSIP/101", "102": "PJSIP/102"}),
        "91": _queue(
            Queue(pbx, "support", "rrmemory", timeout=4), {"103": "Local/103@phones/n", "104": "Local/104@phones/n"}
        ),
        "92": Queue(pbx, "empty"),
        "93": _queue(Queue(pbx, "callback"), {"105": "Local/105@phones"}),
    }
    return building


def _queue(queue: Queue, members: dict[str, str]) -> Queue:
    for number, interface in members.items():
        queue.add(Member(interface, f"User {number}", f"PJSIP/{number}"))
    return queue
