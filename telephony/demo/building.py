"""Builds an office: devices, hints, queue, parking, dialplan, one phone per device."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from telephony.demo.engine.channel import Party
from telephony.demo.engine.clock import Clock
from telephony.demo.engine.device import Device
from telephony.demo.engine.dialplan import Plan
from telephony.demo.engine.parking import ParkingLot
from telephony.demo.engine.pbx import Pbx
from telephony.demo.engine.phone import SipPhone
from telephony.demo.engine.queues import Member, Queue
from telephony.demo.engine.states import Hint
from telephony.demo.people import OFFICE_NUMBER, RING_GROUP, SALES_QUEUE, Employee, direct_line

TRUNK: Final = "trunk"
USER_AGENTS: Final = ("Yealink SIP-T46U 108.86.0.20", "Grandstream GXP2170 1.0.11.79", "snomD785/10.1.148.1")


@dataclass(slots=True)
class Building:
    """The PBX with its phones, by number; the trunk's phone plays everybody outside."""

    pbx: Pbx
    plan: Plan
    phones: dict[str, SipPhone] = field(default_factory=dict)

    @property
    def trunk(self) -> SipPhone:
        """The world outside."""
        return self.phones[TRUNK]

    def add_phone(self, number: str, name: str, *, on: bool = True, user_agent: str = "") -> SipPhone:
        """An extension: endpoint, phone, hint with a do-not-disturb state of its own."""
        device = Device(f"PJSIP/{number}", Party(number, name), user_agent=user_agent)
        self.pbx.states.add_device(device)
        self.pbx.states.add_hint(Hint(number, (device.name, f"Custom:DND{number}")))
        phone = self.phones[number] = SipPhone(self.pbx, device)
        if on:
            phone.register(f"sip:{number}@10.0.0.{int(number) % 250 + 1}:5060")
        return phone

    def add_trunk(self) -> None:
        """The line to the provider."""
        device = Device(f"PJSIP/{TRUNK}", Party(), context="from-trunk", trunk=True)
        self.pbx.states.add_device(device)
        self.phones[TRUNK] = SipPhone(self.pbx, device)
        device.contacts.append("sip:provider.example:5060")
        device.told = device.state()


def empty_building(clock: Clock) -> Building:
    """A PBX with a trunk and a parking lot, and nobody in it."""
    plan = Plan()
    building = Building(Pbx(clock, plan), plan)
    building.add_trunk()
    plan.numbers.lots.append(ParkingLot(building.pbx, timeout=90))
    return building


def office(clock: Clock, employees: Iterable[Employee]) -> Building:
    """The demo office: everybody at the desk, the sales queue, a ring group, lines of the outside number."""
    building = empty_building(clock)
    numbers, staff = building.plan.numbers, list(employees)
    for place, who in enumerate(staff):
        agent = USER_AGENTS[place % len(USER_AGENTS)]
        building.add_phone(who.number, who.name, on=who.state != "off", user_agent=agent)
        numbers.lines[direct_line(who)] = who.number
        set_dnd(building.pbx, who.number, on=who.state == "dnd")
    queue = Queue(building.pbx, "Продажи", timeout=20, retry=2, ring_in_use=False)
    for who in staff:
        if who.sells:
            queue.add(Member(who.device, who.name, who.device))
    numbers.queues[SALES_QUEUE] = queue
    numbers.groups[RING_GROUP] = tuple(who.device for who in staff if not who.state)[-3:]
    numbers.lines[OFFICE_NUMBER] = SALES_QUEUE
    numbers.outside_caller = OFFICE_NUMBER
    numbers.last_resort = next((who.number for who in staff if not who.state), "")
    return building


def set_dnd(pbx: Pbx, number: str, *, on: bool) -> None:
    """Do not disturb: the dialplan refuses calls, the hint shows it."""
    if on:
        pbx.variables[f"DB(DND/{number})"] = "1"
    else:
        pbx.variables.pop(f"DB(DND/{number})", None)
    pbx.states.set_custom(f"Custom:DND{number}", "BUSY" if on else "NOT_INUSE")
