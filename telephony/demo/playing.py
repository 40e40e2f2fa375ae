"""A recorded session told again over AMI: list actions answer from its snapshot, then its events come in order."""

import asyncio

from telephony.core.recording import EventStep, LinkDownStep, LoginStep, ReconcileStep, Recording
from telephony.core.snapshot import Event as Fields
from telephony.core.snapshot import PbxSnapshot
from telephony.demo.building import Building, empty_building
from telephony.demo.engine.clock import LoopClock
from telephony.demo.engine.events import Headers
from telephony.demo.face.request import Request
from telephony.demo.face.server import AmiServer
from telephony.demo.face.session import Session

FRAME = {"Event", "Privilege", "ActionID", "EventList"}
LISTS = {
    "extensionstatelist": ("hints", "ExtensionStateListComplete"),
    "coreshowchannels": ("channels", "CoreShowChannelsComplete"),
    "bridgelist": ("bridges", "BridgeListComplete"),
    "queuestatus": ("queues", "QueueStatusComplete"),
    "parkedcalls": ("parked", "ParkedCallsComplete"),
    "devicestatelist": ("devices", "DeviceStateListComplete"),
}


class Player:
    """Stands in for the engine. `speed` 2 = twice as fast; 0 = without pauses."""

    def __init__(self, recording: Recording, *, speed: float = 1.0) -> None:
        self.recording, self.speed = recording, speed
        self.snapshot: PbxSnapshot = recording.header.snapshot
        self.building: Building = empty_building(LoopClock())
        self.asked = asyncio.Event()  # somebody has logged in and reads the lists

    def answer(self, session: Session, request: Request) -> bool:
        """A list action is answered from the recording; True if this was one."""
        found = LISTS.get(request.action.lower())
        if found is None:
            return False
        self.asked.set()
        items = [(fields["Event"], _headers(fields)) for fields in getattr(self.snapshot, found[0])]
        session.listing(request, "will follow", items, found[1])
        return True

    async def play(self, server: AmiServer) -> None:
        """Tell all steps to whoever is connected, with the pauses of the recording."""
        last = self.recording.header.at
        for step in self.recording.steps:
            if self.speed > 0 and step.at > last:
                await asyncio.sleep((step.at - last) / self.speed)
            last = max(last, step.at)
            match step:
                case EventStep(_, fields):
                    self.building.pbx.emit(fields["Event"], _headers(fields), _privilege(fields))
                case LinkDownStep():
                    server.drop_all()
                case LoginStep(_, snapshot) | ReconcileStep(_, snapshot):
                    self.snapshot = snapshot


def _headers(fields: Fields) -> Headers:
    return [(key, value) for key, value in fields.items() if key not in FRAME]


def _privilege(fields: Fields) -> str:
    return fields.get("Privilege", "call").partition(",")[0]
