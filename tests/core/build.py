"""Events as Asterisk writes them, short enough to read in a test."""

from telephony.core import views
from telephony.core.changes import CallEnded
from telephony.core.reducer import Reducer
from telephony.core.snapshot import Event, PbxSnapshot
from telephony.core.summary import CallSummary


def hint(number: str, devices: str = "", status: int = 0) -> Event:
    return {
        "Event": "ExtensionStatus",
        "Exten": number,
        "Context": "hints",
        "Hint": devices or f"PJSIP/{number}",
        "Status": str(status),
    }


def device(name: str, state: str) -> Event:
    return {"Event": "DeviceStateChange", "Device": name, "State": state}


def channel(event: str, name: str, uniqueid: str, linkedid: str = "", **fields: str) -> Event:
    """A channel event; `linkedid` empty = the first channel of its call."""
    return {"Event": event, "Channel": name, "Uniqueid": uniqueid, "Linkedid": linkedid or uniqueid, **fields}


class Pbx:
    """A reducer with a clock that goes a second an event."""

    def __init__(self, *hints: Event, devices: tuple[Event, ...] = ()) -> None:
        self.reducer, self.now = Reducer(), 100.0
        self.ended: list[CallSummary] = []
        self.reducer.load(PbxSnapshot(hints=hints, devices=devices), self.now)

    def tell(self, *events: Event) -> "Pbx":
        for event in events:
            self.now += 1.0
            changes = self.reducer.apply(event, self.now)
            self.ended += [change.summary for change in changes if isinstance(change, CallEnded)]
        return self

    def tile(self, number: str) -> tuple[str, str]:
        value = views.extension(self.reducer.state, number)
        assert value is not None
        return str(value["state"]), str(value["detail"])

    def why(self, number: str) -> list[tuple[str, str, str]]:
        value = views.extension(self.reducer.state, number)
        assert value is not None
        return [(fact["source"], fact["name"], fact["value"]) for fact in value["why"]]
